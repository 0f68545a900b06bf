// What is known about the selected place, gate or house.
import { candidateContent, pinContent } from "./candidatecard";
import { byId, el, outside, replace, svg } from "./dom";
import { closed, opened } from "./escape";
import { title } from "./filter";
import { categoryIcon, gateIcon, houseIcon } from "./icons";
import { hasWays, widest, type Gate, type Model, type Origin, type Place } from "./model";
import { originInSentence } from "./panel";
import { surenessSign } from "./signs";
import type { Key, Store, Thing, View } from "./view";
import { surenessOf, type Sureness } from "./ways";
import {
  completenessInWords, detourInWords, gateInWords, metresInWords, minutesInWords, stepFreeInWords,
  wheelchairInWords,
} from "./words";
import { metresPerUnit } from "./world";

type Row = [string, Node | string];

/** Under this straight-line distance a detour says nothing. */
const SHORTEST_STRAIGHT_M = 50;

const AGAIN: Key[] = ["origin", "profile", "weights", "compared", "pin"];

export function startCard(model: Model, store: Store): void {
  const card = byId("blatt");
  const close = (): void => store.set({ selected: null, pointed: null });
  let shownBefore: Thing | null = null;
  let backTo: HTMLElement | null = null;

  const show = (view: View, opens: boolean): void => {
    const thing = view.selected;
    if (!thing) {
      closed("card");
      const hadFocus = card.contains(document.activeElement);
      card.hidden = true;
      // The keyboard returns to where it was when the card was opened.
      if (hadFocus) (backTo?.isConnected ? backTo : madeAnew(backTo))?.focus();
      backTo = null;
      shownBefore = null;
      return;
    }
    if (opens && !shownBefore) backTo = document.activeElement as HTMLElement | null;
    shownBefore = thing;
    const { scrollTop } = card;
    const key = card.contains(document.activeElement) && (document.activeElement as HTMLElement).dataset["key"];
    replace(card, closeButton(close), ...content(model, store, view, thing));
    card.hidden = false;
    if (opens) opened("card", close);
    card.scrollTop = opens ? 0 : scrollTop;
    if (key) card.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    if (opens) card.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  };
  store.watch((view, changed) => {
    if (changed.has("selected")) show(view, true);
    else if (view.selected && AGAIN.some((key) => changed.has(key))) show(view, false);
  });
  show(store.view, false);
  if (store.view.selected) opened("card", close);
}

/** The button of the same meaning, where a list was made again meanwhile. */
function madeAnew(before: HTMLElement | null): HTMLElement | null {
  const key = before?.dataset["key"];
  return key ? document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) : null;
}

function content(model: Model, store: Store, view: View, thing: Thing): HTMLElement[] {
  if (thing.type === "place") return placeContent(model, view, model.places[thing.index]!);
  if (thing.type === "candidate") return candidateContent(model, store, view, thing.index, heading);
  if (thing.type === "pin") return pinContent(model, store, view, heading);
  if (thing.type === "gate") return gateContent(model, model.study.gates[thing.index]!);
  return houseContent(model, store, view, thing.index);
}

function placeContent(model: Model, view: View, place: Place): HTMLElement[] {
  const category = model.study.categories[place.category]!;
  const rows: Row[] = [
    ["Rollstuhl", wheelchairInWords(place.wheelchair).replace("Rollstuhl: ", "")],
    ["Öffnungszeiten", place.hours ? outside(place.hours) : "nicht erfasst"],
    ["Adresse", place.address ? outside(place.address) : "nicht erfasst"],
  ];
  if (place.operator) rows.push(["Betreiber", outside(place.operator)]);
  if (place.website) rows.push(["Internet", website(place.website)]);
  if (place.campus >= 0) rows.push(["Lage", "auf dem Gelände"]);
  if (place.partner) rows.push(["Zusammenarbeit", "möglicher Partner"]);
  rows.push(["OpenStreetMap", outside(place.osmIds.join(", "))]);
  const hint = completenessInWords(category.completeness);
  return [
    heading(categoryIcon(model.study, category, 36), title(place), place.name ? place.kind : "ohne Namen erfasst"),
    ...(hasWays(model.study) ? [el("div", { class: "card-way" }, ...wayTo(model, view, place))] : []),
    table(rows),
    el("p", { class: "card-note" }, hint || "Angaben nach Datenlage in OpenStreetMap."),
  ];
}

function wayTo(model: Model, view: View, place: Place): HTMLElement[] {
  const { times, study } = model;
  const origin = study.origins[view.origin];
  if (!origin) return [];
  const profile = study.profiles[view.profile]!;
  const variant = widest(study, view.profile);
  const seconds = times.secondsTo(variant, view.origin, place.index);
  const from = originInSentence(origin);
  if (seconds === null) {
    return [el("p", { class: "way-none" }, outside(capital(profile.way)), " außer Reichweite ", outside(from), ".")];
  }
  const metres = times.metresTo(variant, view.origin, place.index);
  const sureness = surenessOf(model, view, place);
  const notes: string[] = [];
  const detour = detourOf(model, view, origin, place, metres);
  if (detour !== null) notes.push(detourInWords(detour));
  if (times.isEstimated(variant, view.origin, place.index)) {
    notes.push("Die Zeit ist geschätzt: Ein Stück des Weges ist nicht erfasst.");
  }
  if (times.isPrivate(variant, view.origin, place.index)) {
    notes.push("Der Weg führt über private Wege des eigenen Geländes.");
  }
  if (times.isByHours(variant, view.origin, place.index)) {
    notes.push("Der Weg führt durch ein Tor, das nur zu bestimmten Zeiten offen ist.");
  }
  return [
    el("p", { class: "way-time" }, minutesInWords(seconds), el("span", {}, " ", outside(profile.way))),
    el("p", { class: "way-from" }, `${metresInWords(metres)} `, outside(from)),
    ...(sureness ? sureWay(model, view, place, sureness) : []),
    ...notes.map((text) => el("p", { class: "way-note" }, text)),
  ];
}

/** How sure the way is, how long the sure one is, and how much of it is not known. */
function sureWay(model: Model, view: View, place: Place, { state, seconds }: Sureness): HTMLElement[] {
  const { times, study } = model;
  const { confirmed, possible } = study.profiles[view.profile]!;
  const line = (sign: Sureness["state"], text: string): HTMLElement =>
    el("p", { class: "way-sure" }, surenessSign(sign), el("span", {}, text));
  if (state === "sure") return [line("sure", "gesichert: Der Zustand des ganzen Weges ist bekannt.")];
  const unknown = times.unknownTo(possible ?? confirmed, view.origin, place.index);
  const parts = [line("possible", unknown
    ? `möglich – auf ${metresInWords(unknown)} ist der Wegezustand nicht bekannt`
    : "möglich – Wegezustand nicht bekannt")];
  if (seconds === null) {
    parts.push(el("p", { class: "way-note" }, "Einen gesicherten Weg gibt es nach Datenlage nicht."));
  } else {
    const metres = times.metresTo(confirmed, view.origin, place.index);
    parts.push(line("sure", `gesichert in ${minutesInWords(seconds)} (${metresInWords(metres)})`));
  }
  return parts;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Metres along the way over metres as the crow flies; null where it would say nothing. */
function detourOf(
  model: Model, view: View, origin: Origin, place: Place, metres: number,
): number | null {
  const access = model.access.of(widest(model.study, view.profile), view.origin, place.category);
  if (access?.nearest === place.index) return access.detour;
  if (place.area || !origin.points.length) return null;
  const unit = metresPerUnit(place.y);
  const straight = Math.min(
    ...origin.points.map(([x, y]) => Math.hypot(x - place.x, y - place.y) * unit),
  );
  const factor = metres / straight;
  return straight < SHORTEST_STRAIGHT_M || factor < 1 ? null : factor;
}

function gateContent({ study }: Model, gate: Gate): HTMLElement[] {
  const site = study.origins.find(({ kind, site }) => kind === "site" && site === gate.site);
  const rows: Row[] = [
    ["Zustand", gateInWords(gate.status)],
    ...(gate.status === "open" || gate.status === "locked" ? [] : [["Zeiten", outside(gate.status)] as Row]),
    ["Barrieren", stepFreeInWords(gate.stepFree)],
  ];
  if (site) rows.push(["Gelände", outside(site.name)]);
  return [
    heading(gateIcon(study, gate, 36), gate.name || "Tor", "Tor des Geländes"),
    table(rows),
    el("p", { class: "card-note" }, gate.derived
      ? "Dieses Tor wurde aus der Karte abgeleitet: Hier kreuzt ein Fußweg die Grenze des Geländes."
      : "Dieses Tor ist in den Angaben zum Gelände eingetragen."),
  ];
}

function houseContent(model: Model, store: Store, view: View, index: number): HTMLElement[] {
  const { study } = model;
  const house = study.origins[index]!;
  const site = study.origins.find(({ kind, site }) => kind === "site" && site === house.site);
  return [
    heading(houseIcon(study, house, 36), house.name, site ? "Haus auf dem Gelände" : "Haus außerhalb der Gelände"),
    table(site ? [["Gelände", outside(site.name)]] : []),
    index === view.origin
      ? el("p", { class: "card-note" }, "Die Karte zeigt die Wege von diesem Haus.")
      : el("button", {
        class: "button wide", attr: { type: "button" }, on: { click: () => store.set({ origin: index }) },
      }, "Wege von hier zeigen"),
  ];
}

function heading(icon: Node, name: string, kind: string): HTMLElement {
  return el(
    "div", { class: "card-head" }, icon,
    el("div", {},
      el("h2", { attr: { tabindex: -1 } }, outside(name)),
      el("p", { class: "card-kind" }, outside(kind))),
  );
}

function table(rows: Row[]): HTMLElement {
  return el("dl", { class: "facts" }, ...rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** A link only where the address is one of the web; anything else is shown as text. */
export function website(address: string): HTMLElement {
  const url = webAddress(address);
  if (!url) return outside(address);
  return el("a", { attr: { href: url, rel: "noopener noreferrer external", target: "_blank" } }, outside(address));
}

export function webAddress(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

export function closeButton(close: () => void): HTMLElement {
  return el(
    "button", { class: "close", attr: { type: "button", "aria-label": "Schließen" }, on: { click: close } },
    svg(
      "svg", { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true" },
      svg("path", { d: "M5 5l14 14M19 5L5 19", stroke: "currentColor", "stroke-width": 2.6, "stroke-linecap": "round" }),
    ),
  );
}
