// "Quellen und Lizenzen": where the data come from, what to know about them, what is inside.
import { byId, el, replace } from "./dom";
import { hasHouses, hasWays, type Model, type Study } from "./model";

export function startSources({ study }: Model, notices: string): void {
  const dialog = byId<HTMLDialogElement>("quellen");
  replace(
    dialog,
    el("h2", { attr: { id: "ueber-quellen", tabindex: -1 } }, "Quellen und Lizenzen"),
    el(
      "div", { class: "dialog-body", attr: { tabindex: 0, role: "region", "aria-labelledby": "ueber-quellen" } },
      el("p", {}, `Kartendaten: ${study.attribution}.`),
      !study.fictional && el("p", {}, "Die Daten stehen unter der Open Data Commons Open Database License, opendatacommons.org/licenses/odbl."),
      study.origins.length > 0 && el("p", {}, `Gelände und Tore, die die Studie angibt: ${study.own}.`),
      study.fictional && el("p", {}, el("strong", {}, "Der gezeigte Ort ist erfunden."), ` ${shownThings(study)} gibt es so nicht.`),
      el("h3", {}, study.release === "public" ? "Öffentliche Fassung" : "Interne Fassung"),
      el("p", {}, study.release === "public"
        ? `Diese Karte ist für alle bestimmt. Sie zeigt ${hasWays(study) ? "Orte, Gelände und die Wege ab den Toren der Gelände" : "Orte"}.`
        : "Diese Karte ist für die Arbeit im Haus bestimmt und enthält Angaben, die nicht öffentlich sind. Zum Weitergeben gibt es die öffentliche Fassung."),
      el("h3", {}, "Wie die Karte zu lesen ist"),
      el("p", {}, "Alle Angaben gelten nach Datenlage: Was in OpenStreetMap nicht erfasst ist, kann es trotzdem geben. „Nicht erfasst“ heißt also nicht „gibt es nicht“."),
      hasWays(study) && el("p", {}, "Gezählt werden Orte außerhalb der Gelände. Die Zeiten folgen den Wegen, die man so benutzen darf, und den Toren des Geländes. Eine angefangene Minute zählt ganz."),
      hasWays(study) && el("p", {}, "Die Flächen zeigen, wie weit man in einer Zeit kommt. Sie sagen nicht, welche Orte jemandem vertraut sind."),
      study.warnings.length > 0 && el("h3", {}, "Hinweise zu diesen Daten"),
      study.warnings.length > 0 && el("ul", {}, ...study.warnings.map((text) => el("li", {}, text))),
      el("h3", {}, "Herkunft"),
      el("dl", { class: "facts" },
        fact("Auszug", study.source), fact("Stand", study.date || "nicht bekannt"), fact("Kennung", study.snapshot)),
      el("h3", {}, "Software und Schrift"),
      el("pre", { class: "notices" }, notices),
    ),
    el("button", { class: "button", attr: { type: "button" }, on: { click: () => dialog.close() } }, "Schließen"),
  );
}

function shownThings(study: Study): string {
  if (hasHouses(study)) return "Gelände, Häuser und Orte";
  return hasWays(study) ? "Gelände und Orte" : "Die Orte";
}

function fact(name: string, value: string): HTMLElement {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}
