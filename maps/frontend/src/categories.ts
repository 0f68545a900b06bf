// The categories by layer and group: how many are within reach, how far the nearest one is,
// and whether they are shown. This is the control of the map's layers, too.
import { byId, el, replace, spoken, svg } from "./dom";
import { countWithin, nearestOf } from "./filter";
import { categoryIcon, symbolIcon } from "./icons";
import { hasWays, widest, type Category, type Layer, type Model, type Study } from "./model";
import type { Key, Store, View } from "./view";
import { surenessSign } from "./signs";
import { hasTwo, surenessOf } from "./ways";
import {
  completenessInWords, minutesInWords, places, rangeInWords, rangeSpoken, shortMinutes,
  statusInWords, surenessInWords,
} from "./words";

interface Row {
  category: Category;
  index: number;
  input: HTMLInputElement;
  count: HTMLElement;
  nearest: HTMLElement;
}

export function startCategories(model: Model, store: Store): void {
  const parts = model.study.layers
    .map((layer) => layerPart(model, store, layer))
    .filter((part) => part !== null);
  const two = el("p", { class: "counting" }, "„0–5“ heißt: Auf gesicherten Wegen ist keiner erreichbar, nach Datenlage sind es möglicherweise 5.");
  replace(
    byId("arten"), ...parts.map(({ element }) => element),
    two,
    el("p", { class: "counting" }, hasWays(model.study)
      ? "Gezählt werden Orte außerhalb der Gelände. „Nicht erfasst“ heißt nicht, dass es solche Orte nicht gibt."
      : "Gezählt werden alle Orte auf der Karte. Null heißt: nicht erfasst, nicht: gibt es nicht."),
  );
  const show = (view: View): void => {
    two.hidden = !hasTwo(model.study, view);
    parts.forEach((part) => part.show(view));
  };
  show(store.view);
  const keys: Key[] = ["origin", "profile", "within", "hidden"];
  store.watch((view, changed) => {
    if (keys.some((key) => changed.has(key))) show(view);
  });
}

function layerPart(
  model: Model, store: Store, layer: Layer,
): { element: HTMLElement; show: (view: View) => void } | null {
  const { study } = model;
  const present = new Set(model.places.map(({ category }) => category));
  const rows: Row[] = study.categories
    .map((category, index) => ({ category, index }))
    // Categories that nothing is counted for and that do not occur say nothing.
    .filter(({ category, index }) => category.layer === layer.id && (category.indicator || present.has(index)))
    .map((entry) => makeRow(store, entry.category, entry.index));
  if (!rows.length) return null;

  const all = el("input", {
    attr: { type: "checkbox", id: `ebene-${layer.id}` },
    on: { change: () => store.set({ hidden: toggled(store.view.hidden, rows, all.checked) }) },
  });
  const total = el("span", { class: "layer-count" });
  const table = el("table", { class: "category-table" }, tableHead(study), ...bodies(model, rows));
  const content = el("div", { attr: { id: `arten-${layer.id}`, hidden: true } }, table);
  const button = el(
    "button",
    {
      class: "unfold",
      attr: { type: "button", "aria-expanded": "false", "aria-controls": content.id },
      on: {
        click: () => {
          content.hidden = !content.hidden;
          button.setAttribute("aria-expanded", `${!content.hidden}`);
        },
      },
    },
    spoken(`${layer.label}: Arten`), chevron(),
  );
  const element = el(
    "section", { class: "layer", attr: { "aria-label": layer.label } },
    el(
      "div", { class: "layer-head" },
      el(
        "label", { class: "check", attr: { for: all.id } },
        all, symbolIcon(study, layer, null, 26), el("span", { class: "layer-name" }, layer.label), total,
      ),
      button,
    ),
    content,
  );
  const show = (view: View): void => {
    const shown = rows.filter(({ category }) => !view.hidden.has(category.id));
    all.checked = shown.length === rows.length;
    all.indeterminate = shown.length > 0 && shown.length < rows.length;
    let sure = 0, possible = 0;
    for (const row of rows) {
      const counted = showRow(model, store, row, view);
      sure += counted.sure;
      possible += counted.possible;
    }
    total.textContent = sure < possible ? `${rangeInWords(sure, possible)}\u00a0Orte` : places(possible);
  };
  return { element, show };
}

function makeRow(store: Store, category: Category, index: number): Row {
  const input = el("input", {
    attr: { type: "checkbox", id: `art-${category.id}` },
    on: {
      change: () => {
        const hidden = new Set(store.view.hidden);
        if (input.checked) hidden.delete(category.id);
        else hidden.add(category.id);
        store.set({ hidden });
      },
    },
  });
  return { category, index, input, count: el("td", { class: "number" }), nearest: el("td", { class: "nearest" }) };
}

function toggled(hidden: ReadonlySet<string>, rows: Row[], shown: boolean): Set<string> {
  const result = new Set(hidden);
  for (const { category } of rows) {
    if (shown) result.delete(category.id);
    else result.add(category.id);
  }
  return result;
}

function tableHead(study: Study): HTMLElement {
  return el(
    "thead", {},
    el(
      "tr", {},
      el("th", { attr: { scope: "col" } }, "Art"),
      el("th", { class: "number", attr: { scope: "col" } }, "Anzahl"),
      hasWays(study) && el("th", { class: "nearest", attr: { scope: "col" } }, "am nächsten"),
    ),
  );
}

function bodies({ study }: Model, rows: Row[]): HTMLElement[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const list = groups.get(row.category.group);
    if (list) list.push(row);
    else groups.set(row.category.group, [row]);
  }
  return [...groups].map(([group, members]) =>
    el(
      "tbody", {},
      el("tr", { class: "group" }, el("th", { attr: { colspan: hasWays(study) ? 3 : 2, scope: "rowgroup" } }, group)),
      ...members.map(({ category, input, count, nearest }) =>
        el(
          "tr", {},
          el(
            "th", { attr: { scope: "row" } },
            el(
              "label", { class: "check", attr: { for: input.id } },
              input, categoryIcon(study, category, 26), el("span", {}, category.plural),
            ),
          ),
          count, hasWays(study) && nearest,
        ),
      ),
    ),
  );
}

/** How many places of a category are within the limit, by one table; null: not known. */
function countOf(model: Model, view: View, category: number, variant: number): number | null {
  const access = model.access.of(variant, view.origin, category);
  const step = view.within === null ? -1 : model.study.minutes.indexOf(view.within);
  return access && step >= 0
    ? access.counts[step]!
    : countWithin(model, view, category, view.within, variant);
}

/** Fills the numbers of a row; returns how many places are within the limit. */
function showRow(
  model: Model, store: Store, row: Row, view: View,
): { sure: number; possible: number } {
  const { category, index, input, count, nearest } = row;
  const { study } = model;
  input.checked = !view.hidden.has(category.id);
  const variant = widest(study, view.profile);
  const possible = countOf(model, view, index, variant);
  const sure = hasTwo(study, view)
    ? countOf(model, view, index, study.profiles[view.profile]!.confirmed) ?? 0
    : possible;
  if (possible === null || sure === null) count.textContent = "–";
  else if (!hasTwo(study, view)) count.textContent = `${possible}`;
  else {
    replace(
      count, el("span", { attr: { "aria-hidden": "true" } }, rangeInWords(sure, possible)),
      spoken(rangeSpoken(sure, possible)),
    );
  }
  replace(nearest, nearestContent(model, store, view, category, index));
  return { sure: sure ?? 0, possible: possible ?? 0 };
}

/** How far the nearest place is, as a button that shows it; else why there is none. */
function nearestContent(
  model: Model, store: Store, view: View, category: Category, index: number,
): HTMLElement {
  const variant = widest(model.study, view.profile);
  const access = model.access.of(variant, view.origin, index);
  const found = access
    ? access.nearest >= 0 ? model.places[access.nearest]! : null
    : nearestOf(model, view, index, variant)?.place ?? null;
  if (!found) {
    const hint = completenessInWords(category.completeness);
    const status = access ? statusInWords(access.status) : "keine in Reichweite";
    const title = access?.status === "not_recorded" ? hint : "";
    return el("span", { class: "status", attr: { title: title || null } }, status || "–");
  }
  const seconds = model.times.secondsTo(variant, view.origin, found.index) ?? 0;
  const sureness = surenessOf(model, view, found);
  const how = sureness ? `, ${surenessInWords(sureness)}` : "";
  return el(
    "button",
    {
      class: "jump",
      attr: {
        type: "button",
        "aria-label": `${shortMinutes(seconds)}: ${category.label} in ${minutesInWords(seconds)}${how} zeigen`,
      },
      on: { click: () => store.set({ selected: { type: "place", index: found.index } }) },
    },
    sureness && surenessSign(sureness.state, 16), el("span", {}, shortMinutes(seconds)),
  );
}

function chevron(): SVGElement {
  return svg(
    "svg", { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", class: "chevron" },
    svg("path", { d: "M6 9l6 6 6-6", fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
}
