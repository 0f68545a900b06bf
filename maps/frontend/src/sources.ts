// "Quellen und Lizenzen": where the data come from, what to know about them, what is inside.
import { byId, el, replace } from "./dom";
import type { Model } from "./model";

export function startSources({ study }: Model, notices: string): void {
  const dialog = byId<HTMLDialogElement>("quellen");
  replace(
    dialog,
    el("h2", { attr: { id: "ueber-quellen", tabindex: -1 } }, "Quellen und Lizenzen"),
    el(
      "div", { class: "dialog-body", attr: { tabindex: 0, role: "region", "aria-labelledby": "ueber-quellen" } },
      el("p", {}, `Kartendaten: ${study.attribution}.`),
      !study.fictional && el("p", {}, "Die Daten stehen unter der Open Data Commons Open Database License, opendatacommons.org/licenses/odbl."),
      study.fictional && el("p", {}, el("strong", {}, "Der gezeigte Ort ist erfunden."), " Gelände, Häuser und Orte gibt es so nicht."),
      el("h3", {}, "Wie die Karte zu lesen ist"),
      el("p", {}, "Alle Angaben gelten nach Datenlage: Was in OpenStreetMap nicht erfasst ist, kann es trotzdem geben. „Nicht erfasst“ heißt also nicht „gibt es nicht“."),
      el("p", {}, "Gezählt werden Orte außerhalb der Gelände. Die Zeiten folgen den Wegen, die man so benutzen darf, und den Toren des Geländes. Eine angefangene Minute zählt ganz."),
      el("p", {}, "Die Flächen zeigen, wie weit man in einer Zeit kommt. Sie sagen nicht, wo sich jemand zu Hause fühlt."),
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

function fact(name: string, value: string): HTMLElement {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}
