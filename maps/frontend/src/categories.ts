// The categories by layer and group: how many are within reach, how far the nearest one is,
// and whether they are shown. This is the control of the map's layers, too.
import { byId, el, replace, spoken, svg } from "./dom";
import { countWithin, nearestOf } from "./filter";
import { categoryIcon, symbolIcon } from "./icons";
import { widest, type Category, type Layer, type Model } from "./model";
import type { Key, Store, View } from "./view";
import { completenessInWords, minutesInWords, places, shortMinutes, statusInWords } from "./words";

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
  replace(
    byId("arten"), ...parts.map(({ element }) => element),
    el("p", { class: "counting" }, "Gezählt werden Orte außerhalb der Gelände. „Nicht erfasst“ heißt nicht, dass es solche Orte nicht gibt."),
  );
  const show = (view: View): void => parts.forEach((part) => part.show(view));
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
  const table = el("table", { class: "category-table" }, tableHead(), ...bodies(model, rows));
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
    let sum = 0;
    for (const row of rows) sum += showRow(model, store, row, view);
    total.textContent = places(sum);
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

function tableHead(): HTMLElement {
  return el(
    "thead", {},
    el(
      "tr", {},
      el("th", { attr: { scope: "col" } }, "Art"),
      el("th", { class: "number", attr: { scope: "col" } }, "Anzahl"),
      el("th", { class: "nearest", attr: { scope: "col" } }, "am nächsten"),
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
      el("tr", { class: "group" }, el("th", { attr: { colspan: 3, scope: "rowgroup" } }, group)),
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
          count, nearest,
        ),
      ),
    ),
  );
}

/** Fills the numbers of a row; returns how many places are within the limit. */
function showRow(model: Model, store: Store, row: Row, view: View): number {
  const { category, index, input, count, nearest } = row;
  const { study } = model;
  input.checked = !view.hidden.has(category.id);
  const access = model.access.of(widest(model.study, view.profile), view.origin, index);
  const step = view.within === null ? -1 : study.minutes.indexOf(view.within);
  const known = access && step >= 0 ? access.counts[step]! : countWithin(model, view, index, view.within);
  count.textContent = known === null ? "–" : `${known}`;

  const found = access
    ? access.nearest >= 0 ? model.places[access.nearest]! : null
    : nearestOf(model, view, index)?.place ?? null;
  if (found) {
    const seconds = model.times.secondsTo(widest(model.study, view.profile), view.origin, found.index) ?? 0;
    replace(nearest, el(
      "button",
      {
        class: "jump",
        attr: {
          type: "button",
          "aria-label": `${shortMinutes(seconds)}: ${category.label} in ${minutesInWords(seconds)} zeigen`,
        },
        on: { click: () => store.set({ selected: { type: "place", index: found.index } }) },
      },
      shortMinutes(seconds),
    ));
  } else {
    const hint = completenessInWords(category.completeness);
    const status = access ? statusInWords(access.status) : "keine in Reichweite";
    const title = access?.status === "not_recorded" ? hint : "";
    replace(nearest, el("span", { class: "status", attr: { title: title || null } }, status || "–"));
  }
  return known ?? 0;
}

function chevron(): SVGElement {
  return svg(
    "svg", { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", class: "chevron" },
    svg("path", { d: "M6 9l6 6 6-6", fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
}
