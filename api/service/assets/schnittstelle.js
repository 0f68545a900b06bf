// Starts swagger-ui on the page of the interface: without what the page says itself, with German
// words, and with names for what screen readers could not tell apart.
"use strict";

(() => {
  const target = document.getElementById("swagger");
  const nothing = () => null;

  const words = new Map(Object.entries({
    "Try it out": "Ausprobieren",
    "Try it out ": "Ausprobieren",
    "Cancel": "Schließen",
    "Execute": "Abfragen",
    "Clear": "Leeren",
    "Reset": "Zurücksetzen",
    "Download": "Herunterladen",
    "Parameters": "Parameter",
    "No parameters": "Keine Parameter",
    "Responses": "Antworten",
    "Response": "Antwort",
    "Responses ": "Antworten",
    "Server response": "Antwort des Dienstes",
    "Response body": "Inhalt",
    "Response headers": "Kopfzeilen",
    "Request URL": "Adresse der Abfrage",
    "Code": "Status",
    "Details": "Einzelheiten",
    "Description": "Beschreibung",
    "Name": "Name",
    "Links": "Verweise",
    "No links": "keine",
    "Media type": "Format",
    "Response content type": "Format der Antwort",
    "Example Value": "Beispiel",
    "Examples": "Beispiele",
    "Example": "Beispiel",
    "Schema": "Aufbau",
    "Model": "Aufbau",
    "Default value": "Vorgabe",
    "Undocumented": "nicht beschrieben",
    "Loading": "Wird geladen",
    "Loading...": "Wird geladen …",
    "required": "nötig",
    "Available values": "Mögliche Werte",
    "Send empty value": "Leer senden",
    "Add string item": "Wert hinzufügen",
    "Add number item": "Zahl hinzufügen",
    "Add integer item": "Zahl hinzufügen",
    "(path)": "(im Pfad)",
    "(query)": "(in der Abfrage)",
    "(header)": "(im Kopf)",
    "Headers:": "Kopfzeilen:",
    "Type": "Art",
    "Curl": "Als Befehl (curl)",
    "Controls Accept header.": "Bestimmt die Kopfzeile Accept.",
    "Controls ": "Bestimmt die Kopfzeile ",
    " header.": ".",
    "Unrecognized response type; displaying content as text.": "Die Antwort steht hier als Text.",
  }));
  const beginnings = [
    [/^Available values\s*:/, "Mögliche Werte:"],
    [/^Default value\s*:/, "Vorgabe:"],
    [/^Example\s*:/, "Beispiel:"],
  ];

  function german(text) {
    const known = words.get(text) ?? words.get(text.trim());
    if (known !== undefined) return known;
    for (const [pattern, word] of beginnings) {
      if (pattern.test(text)) return text.replace(pattern, word);
    }
    return text;
  }

  function set(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  function names(root) {
    for (const field of root.querySelectorAll("select:not([aria-label])")) {
      const row = field.closest("tr");
      const name = row?.dataset.paramName ?? row?.querySelector(".parameter__name")?.textContent;
      set(field, "aria-label", name ? `Wert für ${name}` : "Format der Antwort");
    }
    for (const field of root.querySelectorAll("input:not([aria-label]), textarea:not([aria-label])")) {
      const name = field.closest("tr")?.dataset.paramName;
      if (name) set(field, "aria-label", `Wert für ${name}`);
    }
    for (const area of root.querySelectorAll("pre, .highlight-code > div, .microlight, .table-container")) {
      if (area.scrollWidth > area.clientWidth || area.scrollHeight > area.clientHeight) {
        set(area, "tabindex", "0");
      }
    }
    for (const button of root.querySelectorAll(".expand-operation, .opblock-control-arrow, button[aria-label]")) {
      const label = button.getAttribute("aria-label");
      const opened = button.getAttribute("aria-expanded");
      if (button.classList.contains("opblock-control-arrow")) {
        set(button, "aria-hidden", "true");
      } else if (button.classList.contains("expand-operation")) {
        const section = button.closest(".opblock-tag-section")?.querySelector(".opblock-tag")?.dataset.tag;
        set(button, "aria-label", `Abschnitt ${section ?? ""} ${opened === "true" ? "schließen" : "öffnen"}`);
        set(button, "title", opened === "true" ? "Schließen" : "Öffnen");
      } else if (label && /^get /.test(label)) {
        // "get /pfad" is what the button does and shows; swagger-ui joins them with signs
        // that are read out as noise.
        button.removeAttribute("aria-label");
      }
    }
  }

  function translate(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement?.closest("pre, code, textarea, option, .renderedMarkdown")) continue;
      const text = german(node.data);
      if (text !== node.data) node.data = text;
    }
  }

  let waiting = false;
  function mend() {
    waiting = false;
    translate(target);
    names(target);
    watch();
  }
  const observer = new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    observer.disconnect();
    requestAnimationFrame(mend);
  });
  function watch() {
    observer.observe(target, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["aria-expanded"] });
  }
  watch();

  // The page itself says what the service is, and has its own <main>: only the list of
  // operations is wanted, not the layout around it.
  const listOnly = ({ React }) => ({
    components: {
      Abfragen: ({ getComponent, specSelectors }) => {
        const part = (name, connected) => React.createElement(getComponent(name, connected));
        const state = specSelectors.loadingStatus();
        if (state === "loading" || !specSelectors.specStr()) return null;
        return React.createElement("div", { className: "swagger-ui" }, part("SvgAssets"), part("operations", true));
      },
    },
    wrapComponents: {
      // A button within a button cannot be reached with the keyboard.
      CopyToClipboardBtn: () => nothing,
      JumpToPath: () => nothing,
      curl: () => nothing,
    },
  });

  window.SwaggerUIBundle({
    url: target.dataset.adresse,
    domNode: target,
    docExpansion: "none",
    deepLinking: false,
    syntaxHighlight: false,
    defaultModelsExpandDepth: -1,
    displayRequestDuration: false,
    supportedSubmitMethods: ["get"],
    validatorUrl: null,
    onComplete: () => { document.documentElement.dataset.bereit = "ja"; },
    layout: "Abfragen",
    plugins: [listOnly],
  });
})();
