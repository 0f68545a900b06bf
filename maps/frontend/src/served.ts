// The page of the service: its data are fetched first, then the same calls run as in the file.
import { hold } from "./data";
import { byId, el, replace } from "./dom";
import { Fetching, Outdated, type Part } from "./fetching";

export interface Plan {
  /** Name of the state that all data together show. */
  stand: string;
  parts: Part[];
}

/** Whoever waits longer is told how far it is. */
const PATIENCE_MS = 2000;

/** Fetches the data, then starts the map. */
export function serve({ parts }: Plan, start: () => void): void {
  const bar = el("progress", { attr: { max: 100, value: 0, "aria-labelledby": "laden-text" } });
  const box = byId("laden");
  const fetching = new Fetching(parts, (address, init) => fetch(address, init), (share) => {
    bar.value = Math.floor(100 * share);
  });
  const load = (): void => {
    byId("stoerung").hidden = true;
    const timer = setTimeout(() => {
      replace(box, el("p", { attr: { id: "laden-text" } }, "Die Karte wird geladen."), bar);
    }, PATIENCE_MS);
    fetching.run().then((texts) => {
      hold(texts);
      byId("seite").classList.remove("loading");
      start();
    }).catch((error: unknown) => {
      if (error instanceof Outdated) renewed("Es gibt einen neuen Stand der Karte, bitte neu laden.");
      else {
        trouble("Die Daten der Karte konnten nicht geladen werden. Bitte prüfen Sie die Verbindung zum Dienst.",
          "Noch einmal versuchen", load);
      }
    }).finally(() => {
      clearTimeout(timer);
      box.replaceChildren();
    });
  };
  load();
}

/** The script that would start the page may be gone, too, where there is a newer state. */
export function watchScripts(): void {
  window.addEventListener("error", ({ target }) => {
    if (target instanceof HTMLScriptElement) {
      renewed("Die Karte konnte nicht geladen werden. Vielleicht gibt es einen neuen Stand, bitte neu laden.");
    }
  }, true);
}

function renewed(text: string): void {
  trouble(text, "Neu laden", () => location.reload());
}

function trouble(text: string, label: string, press: () => void): void {
  const box = byId("stoerung");
  box.hidden = false;
  replace(box, el("span", {}, text),
    el("button", { class: "button", attr: { type: "button" }, on: { click: press } }, label));
}
