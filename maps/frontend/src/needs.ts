// "Nachbarschaft und Bedarf": how many neighbours reach the gate of the chosen origin, and what
// a house lacks or has, in sentences. Told apart by words and signs, gaps first; what nobody has
// recorded stands last and is none.
import { commonWords } from "./common";
import { el, outside, replace, spoken, svg } from "./dom";
import type { Model, Origin } from "./model";
import { widest } from "./model";
import type { GateCount, Needs, NeedState, Neighbourhood } from "./neighbourhood";
import { peopleText } from "./rankwords";
import type { Key, Store, View } from "./view";
import { counted } from "./words";

const HEADINGS: Record<NeedState, string> = {
  not_met: "nicht im Richtwert",
  only_on_campus: "nur auf dem Gelände",
  met: "gedeckt",
  not_recorded: "nicht erfasst – vor Ort prüfen",
};
const KEYS: Key[] = ["origin", "profile", "within", "common"];

export function startNeeds(model: Model, store: Store, before: HTMLElement): void {
  const { neighbourhood } = model;
  if (!neighbourhood) return;
  const reached = el("div", { attr: { "aria-live": "polite" } });
  const list = el("div", {});
  const details = el(
    "details", { class: "needs", attr: { id: "bedarf" } },
    el("summary", {}, "Was fehlt, was ist gedeckt?"), list,
  );
  // The legend says it, too, but it may be folded up.
  const common = el("p", { class: "common-said" });
  const hint = el("p", { class: "card-note" });
  const element = el(
    "section", { class: "block", attr: { id: "nachbarschaft", "aria-labelledby": "ueber-nachbarschaft" } },
    el("h2", { attr: { id: "ueber-nachbarschaft" } }, "Nachbarschaft und Bedarf"),
    reached, common, details, hint,
  );
  const show = (view: View): void => {
    const origin = model.study.origins[view.origin];
    const needs = neighbourhood.needs[view.origin] ?? null;
    replace(reached, ...(origin ? gateContent(model, neighbourhood, origin, view) : []));
    const { text, found } = commonWords(model, view);
    common.textContent = found ? `Gemeinsamer Raum: ${text}.` : text;
    common.hidden = !view.common;
    details.hidden = !needs;
    replace(list, ...(needs ? needContent(model, neighbourhood, needs, view) : []));
    hint.textContent = houseHint(model, neighbourhood, origin);
    hint.hidden = needs !== null || !hint.textContent;
    element.hidden = !reached.childElementCount && !needs && hint.hidden && common.hidden;
  };
  show(store.view);
  store.watch((view, changed) => {
    if (KEYS.some((key) => changed.has(key))) show(view);
  });
  before.after(element);

  // On paper nothing can be unfolded.
  let wasOpen = false;
  window.addEventListener("beforeprint", () => {
    wasOpen = details.open;
    details.open = true;
  });
  window.addEventListener("afterprint", () => { details.open = wasOpen; });
}

/** Needs are those of houses: a site is told where to find them. */
function houseHint({ study }: Model, { needs }: Neighbourhood, origin: Origin | undefined): string {
  if (origin?.kind !== "site") return "";
  const houses = study.origins.some(({ kind, site }, i) => kind === "house" && site === origin.site && needs[i]);
  return houses ? "Was fehlt und was gedeckt ist, steht bei jedem Haus. Wählen Sie dafür oben ein Haus." : "";
}

function gateContent(model: Model, told: Neighbourhood, origin: Origin, view: View): HTMLElement[] {
  const { study } = model;
  const { confirmed, possible, way } = study.profiles[view.profile]!;
  const onGrounds = study.origins.some(({ kind, id }) => kind === "site" && id === origin.site);
  const count = told.gate(widest(study, view.profile), view.origin);
  if (count === "none") return [];
  const sure = possible === null ? null : told.gate(confirmed, view.origin);
  const parts = [el("p", {}, ...gateSentence(told, count, way, onGrounds, possible !== null))];
  if (typeof count === "number" && count > 0 && sure !== null && sure !== count) {
    parts.push(el("p", { class: "card-note" }, sureSentence(sure)));
  }
  if (typeof count === "number") parts.push(el("p", { class: "card-note" }, outside(told.note)));
  return parts;
}

/** "In 10 Minuten zu Fuß erreichen 51 Menschen aus der Nachbarschaft (geschätzt) ein Tor des Geländes." */
function gateSentence(
  told: Neighbourhood, count: GateCount, way: string, onGrounds: boolean, doubtful: boolean,
): (Node | string)[] {
  const goal = onGrounds ? "ein Tor des Geländes" : "dieses Haus";
  if (count === "closed") {
    return ["Kein Tor des Geländes ist ", outside(way), " zu passieren: Aus der Nachbarschaft kommt niemand hinein."];
  }
  if (typeof count !== "number") {
    return [`Wie viele Menschen aus der Nachbarschaft ${goal} erreichen, ist nicht bekannt: Hierher ist kein Weg erfasst.`];
  }
  const time = told.minutes === 1 ? "einer Minute" : `${told.minutes}\u00a0Minuten`;
  const about = told.estimated ? " (geschätzt)" : "";
  return [
    `In ${time} `, outside(way), `${doubtful ? " nach Datenlage" : ""} ${count === 0 ? "erreicht" : "erreichen"} `,
    el("strong", {}, peopleText(count)), ` aus der Nachbarschaft${about} ${goal}.`,
  ];
}

/** The same over confirmed ways only. */
function sureSentence(sure: GateCount): string {
  if (sure === "closed") return "Gesichert ist das nicht: Von keinem Tor ist bekannt, dass es sich so passieren lässt.";
  return `Gesichert, auf Wegen mit bekanntem Zustand: ${typeof sure === "number" ? peopleText(sure) : "nicht bekannt"}.`;
}

function needContent({ study }: Model, { profile }: Neighbourhood, needs: Needs, view: View): HTMLElement[] {
  const other = profile !== view.profile;
  return [
    ...(other
      ? [el("p", { class: "need-note", attr: { role: "note" } }, "Der Bedarf ist für „", outside(study.profiles[profile]!.label),
        "“ gerechnet, nicht für „", outside(study.profiles[view.profile]!.label), "“.")]
      : []),
    ...needs.intro.map((text) => el("p", {}, outside(text))),
    ...needs.groups.filter(({ kinds }) => kinds > 0).map(({ state, kinds, sentences }) => el(
      "div", { class: `need ${state}` },
      el("h3", {}, needSign(state), el("span", {}, HEADINGS[state]),
        el("span", { class: "need-count" }, `${kinds}`, spoken(` ${counted(kinds, "Art", "Arten").replace(/^\S+\s/, "")} von Orten`))),
      el("ul", {}, ...sentences.map((text) => el("li", {}, outside(text)))),
    )),
  ];
}

/** A cross in a ring; a half-filled disc; a filled disc with a tick; a dashed ring with a question mark. */
export function needSign(state: NeedState, size = 22): SVGElement {
  const line = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
  const ring = (more: Record<string, string | number> = {}): SVGElement =>
    svg("circle", { cx: 10, cy: 10, r: 8.6, fill: "none", stroke: "currentColor", "stroke-width": 1.8, ...more });
  const parts: Record<NeedState, () => SVGElement[]> = {
    not_met: () => [ring(), svg("path", { d: "M6.8 6.8l6.4 6.4M13.2 6.8l-6.4 6.4", ...line })],
    only_on_campus: () => [ring(), svg("path", { d: "M10 1.4a8.6 8.6 0 0 0 0 17.2z", fill: "currentColor" })],
    met: () => [
      svg("circle", { cx: 10, cy: 10, r: 9.5, fill: "currentColor" }),
      svg("path", { d: "M5.8 10.4l2.9 2.9 5.6-6.2", ...line, stroke: "#fff" }),
    ],
    not_recorded: () => [
      ring({ "stroke-dasharray": "3.4 2" }),
      svg("path", { d: "M7.3 7.8a2.7 2.7 0 1 1 3.9 2.4c-.8.4-1.2.9-1.2 1.8v.3", ...line }),
      svg("circle", { cx: 10, cy: 15, r: 1.25, fill: "currentColor" }),
    ],
  };
  return svg("svg", { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true", class: "need-sign" }, ...parts[state]());
}
