// Who reaches a candidate or a point of one's own: minutes from each house, neighbours.
import { el, outside } from "./dom";
import type { Model } from "./model";
import type { Placement, Starts } from "./placement";
import { peopleText } from "./rankwords";
import { counted } from "./words";

const HARD_SPACE = "\u00a0";

/** What minutes are told from, in words. */
function startName({ study }: Model, start: number): Node | string {
  const origin = study.origins[start];
  if (!origin) return "nächstes Haus";
  return outside(origin.kind === "site" ? `${origin.name} (nächstes Haus)` : origin.name);
}

export interface Column {
  head: string;
  /** By start; 0 beyond the limit. */
  minutes: number[];
}

/** A table: from where, how many minutes. */
export function minutesTable(model: Model, { starts }: Starts, columns: Column[], limit: number): HTMLElement {
  const order = starts.map((_, i) => i).sort((a, b) => far(columns[0]!, a) - far(columns[0]!, b) || a - b);
  return el(
    "table", { class: "minutes" },
    el("thead", {}, el("tr", {}, el("th", { attr: { scope: "col" } }, "von"),
      ...columns.map(({ head }) => el("th", { class: "number", attr: { scope: "col" } }, head)))),
    el("tbody", {}, ...order.map((start) => el(
      "tr", {},
      el("th", { attr: { scope: "row" } }, startName(model, starts[start]!)),
      ...columns.map(({ minutes }) => el("td", { class: "number" }, minutes[start]
        ? `${minutes[start]}${HARD_SPACE}Min.`
        : `über ${limit}${HARD_SPACE}Min.`)),
    ))),
  );
}

function far({ minutes }: Column, start: number): number {
  return minutes[start] || Infinity;
}

/** From how many houses a spot is reached within some minutes. */
export function reachedText({ by, starts }: Starts, minutes: number[], within: number, way: string): string {
  const count = minutes.filter((value) => value > 0 && value <= within).length;
  const time = `${way} in höchstens ${within === 1 ? "einer Minute" : `${within} Minuten`}`;
  if (by === "all") {
    return count ? `Vom nächsten Haus ist der Ort ${time} erreichbar.` : `Von keinem Haus ist der Ort ${time} erreichbar.`;
  }
  const what = by === "house" ? counted(starts.length, "Haus", "Häusern") : `${starts.length} Geländen und Häusern`;
  if (starts.length === 1) return `Der Ort ist ${time} ${count ? "" : "nicht "}erreichbar.`;
  if (count === starts.length) return `Von allen ${what} ist der Ort ${time} erreichbar.`;
  return `Von ${count || "keinem"} von ${what} ist der Ort ${time} erreichbar.`;
}

/** Neighbours within each threshold, and whose numbers these are. */
export function neighboursTable({ study }: Model, placement: Placement, counts: number[]): HTMLElement {
  return el(
    "div", {},
    el("table", { class: "minutes" }, el("tbody", {}, ...counts.map((count, step) => el(
      "tr", {},
      el("th", { attr: { scope: "row" } }, `in ${study.minutes[step]} Minuten`),
      el("td", { class: "number" }, peopleText(count)),
    )))),
    el("p", { class: "card-note" }, outside(placement.neighbours)),
  );
}
