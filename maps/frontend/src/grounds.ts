// Grounds, houses and gates as a list: what the map shows of them, in words.
import { byId, el, outside, replace } from "./dom";
import { gateIcon, houseIcon } from "./icons";
import type { Gate, Model, Origin } from "./model";
import { sameThing, type Store, type Thing, type View } from "./view";
import { gateInWords, stepFreeInWords } from "./words";

export function startGrounds(model: Model, store: Store): void {
  const { study } = model;
  const entries = new Map<HTMLButtonElement, Thing>();
  const entry = (thing: Thing, icon: Node, name: string, note: Node | string): HTMLElement => {
    const button = el(
      "button",
      {
        class: "place", attr: { type: "button" },
        on: {
          click: () => store.set({ selected: thing, pointed: thing }),
          pointerenter: () => store.set({ pointed: thing }),
          pointerleave: () => store.set({ pointed: null }),
          focus: () => store.set({ pointed: thing }),
          blur: () => store.set({ pointed: null }),
        },
      },
      icon,
      el("span", { class: "place-text" },
        el("span", { class: "place-name" }, outside(name)), el("span", { class: "place-kind" }, note)),
    );
    entries.set(button, thing);
    return el("li", {}, button);
  };
  const house = (origin: Origin, note: string): HTMLElement =>
    entry({ type: "house", index: study.origins.indexOf(origin) }, houseIcon(study, origin), origin.name, note);
  const gate = (gate: Gate): HTMLElement =>
    entry({ type: "gate", index: study.gates.indexOf(gate) }, gateIcon(study, gate), gate.name || "Tor", gateNote(gate));

  const sites = study.origins.filter(({ kind }) => kind === "site");
  const houses = study.origins.filter(({ kind }) => kind === "house");
  const known = new Set(sites.map(({ site }) => site));
  const others = houses.filter(({ site }) => !known.has(site));
  const parts = sites.map((site) => el(
    "div", {},
    el("h3", {}, outside(site.name)),
    el("ul", { class: "places" },
      ...houses.filter((h) => h.site === site.site).map((h) => house(h, "Haus auf dem Gelände")),
      ...study.gates.filter((g) => g.site === site.site).sort(byName).map(gate)),
  ));
  if (others.length) {
    parts.push(el("div", {}, sites.length > 0 && el("h3", {}, "Außerhalb der Gelände"),
      el("ul", { class: "places" }, ...others.map((h) => house(h, "Haus außerhalb der Gelände")))));
  }
  const count = [
    sites.length > 0 && `${sites.length} Gelände`,
    houses.length > 0 && (houses.length === 1 ? "1 Haus" : `${houses.length} Häuser`),
    study.gates.length > 0 && (study.gates.length === 1 ? "1 Tor" : `${study.gates.length} Tore`),
  ].filter(Boolean).join(", ");
  if (!count) {
    byId("gelaende").closest("section")!.hidden = true;
    return;
  }
  replace(byId("gelaende"), el("details", { class: "more" }, el("summary", {}, `${count} zeigen`), ...parts));

  const mark = (view: View): void => {
    for (const [button, thing] of entries) {
      button.classList.toggle("pointed", sameThing(view.pointed, thing));
      if (sameThing(view.selected, thing)) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  };
  mark(store.view);
  store.watch((view, changed) => {
    if (changed.has("selected") || changed.has("pointed")) mark(view);
  });
}

const GERMAN = new Intl.Collator("de", { numeric: true });

function byName(a: Gate, b: Gate): number {
  return GERMAN.compare(a.name, b.name);
}

function gateNote(gate: Gate): HTMLElement {
  const hours = gate.status === "open" || gate.status === "locked" ? null : outside(gate.status);
  return el("span", {}, gateInWords(gate.status), hours && ": ", hours, ", ", stepFreeInWords(gate.stepFree));
}
