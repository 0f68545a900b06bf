// The list of places: the same content as the map, in words. It drives the map and follows it.
import { byId, el, outside, replace } from "./dom";
import { isWithin, matching, title, type Listed } from "./filter";
import { categoryIcon } from "./icons";
import { hasWays, type Model, type Place } from "./model";
import { sameThing, type Key, type Order, type Store, type Thing, type View } from "./view";
import { surenessSign } from "./signs";
import { hasTwo, surenessOf } from "./ways";
import {
  places as placesInWords, shortMinutes, surenessInWords, wheelchairInWords,
} from "./words";

/** How many entries are made at once; a button brings more. */
const CHUNK = 60;
const LIST_KEYS: Key[] = [
  "origin", "profile", "hidden", "within", "wheelchair", "partners", "sure", "query", "order",
];

export function startList(model: Model, store: Store): void {
  const list = new List(model, store);
  replace(byId("filter"), filters(model, store));
  list.fill();
  store.watch((view, changed) => {
    if (LIST_KEYS.some((key) => changed.has(key))) list.fill();
    if (changed.has("selected") || changed.has("pointed")) list.mark(view);
  });
  list.mark(store.view);
  window.addEventListener("beforeprint", () => list.complete());
}

class List {
  private readonly element = byId<HTMLOListElement>("orte");
  private readonly entries = new Map<number, HTMLButtonElement>();
  private items: Listed[] = [];
  private far = 0;

  constructor(private readonly model: Model, private readonly store: Store) {}

  fill(): void {
    const { view } = this.store;
    const all = matching(this.model, view);
    this.items = all.filter((item) => isWithin(item, view.within));
    this.far = all.length - this.items.length;
    this.entries.clear();
    this.element.replaceChildren();
    this.more(CHUNK);
    byId("anzahl").textContent = this.summary(view);
    this.mark(view);
  }

  /** Shows at which entries pointer, keyboard and selection are. */
  mark(view: View): void {
    const selected = placeIndex(view.selected);
    if (selected !== null) this.reveal(selected);
    for (const [index, entry] of this.entries) {
      entry.classList.toggle("pointed", sameThing(view.pointed, { type: "place", index }));
      if (index === selected) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
    const entry = selected === null ? undefined : this.entries.get(selected);
    if (entry && document.activeElement !== entry) entry.scrollIntoView({ block: "nearest" });
  }

  /** Makes all entries, for paper. */
  complete(): void {
    this.more(this.items.length);
  }

  private reveal(index: number): void {
    if (this.entries.has(index)) return;
    const position = this.items.findIndex(({ place }) => place.index === index);
    if (position >= 0) this.more(position + 1 - this.entries.size);
  }

  private more(count: number): void {
    const from = this.entries.size;
    const chunk = this.items.slice(from, from + Math.max(count, CHUNK));
    this.element.append(...chunk.map((item) => this.entry(item)));
    const left = this.items.length - this.entries.size;
    replace(
      byId("mehr"),
      left > 0 && el("button", {
        class: "button wide", attr: { type: "button" },
        on: {
          click: () => {
            const next = this.items[this.entries.size]!.place.index;
            this.more(CHUNK);
            this.entries.get(next)?.focus();
          },
        },
      }, `Weitere ${Math.min(left, CHUNK)} von ${left} Orten zeigen`),
      left === 0 && this.far > 0 && this.store.view.within !== null && el("button", {
        class: "button wide", attr: { type: "button" },
        on: { click: () => this.store.set({ within: null }) },
      }, `Auch ${this.far === 1 ? "einen Ort" : `${this.far} Orte`} zeigen, zu ${this.far === 1 ? "dem" : "denen"} es länger dauert`),
    );
  }

  private entry(item: Listed): HTMLLIElement {
    const { place, seconds } = item;
    const thing: Thing = { type: "place", index: place.index };
    const category = this.model.study.categories[place.category]!;
    const known = surenessOf(this.model, this.store.view, place);
    // With only sure ones all are sure, in the very time that stands there.
    const sureness: typeof known = known && this.store.view.sure ? { ...known, state: "sure" } : known;
    const button = el(
      "button",
      {
        class: "place", attr: { type: "button" },
        on: {
          click: () => this.store.set({ selected: thing, pointed: thing }),
          pointerenter: () => this.store.set({ pointed: thing }),
          pointerleave: () => this.store.set({ pointed: null }),
          focus: () => this.store.set({ pointed: thing }),
          blur: () => this.store.set({ pointed: null }),
        },
      },
      categoryIcon(this.model.study, category),
      el(
        "span", { class: "place-text" },
        el("span", { class: "place-name" }, outside(title(place))),
        el("span", { class: "place-kind" }, place.name ? outside(place.kind) : "ohne Namen erfasst",
          place.campus >= 0 && el("span", { class: "tag" }, "auf dem Gelände")),
        el("span", { class: "place-more" }, ...details(place)),
        sureness && el(
          "span", { class: "place-sure" }, surenessSign(sureness.state), surenessInWords(sureness),
        ),
      ),
      hasWays(this.model.study) && (seconds === null
        ? el("span", { class: "place-time none" }, "außer Reichweite")
        : el("span", { class: "place-time" }, shortMinutes(seconds))),
    );
    this.entries.set(place.index, button);
    return el("li", {}, button);
  }

  private summary(view: View): string {
    const count = this.items.length;
    const limit = view.within === null ? "" : ` in ${view.within} Minuten`;
    const order = { time: "die nächsten zuerst", name: "nach Namen", category: "nach Art" }[view.order];
    if (count === 0) return `Nach Datenlage keine Orte${limit}, auf die Suche und Auswahl passen.`;
    const sure = view.sure && hasTwo(this.model.study, view) ? " gesichert" : "";
    return `${placesInWords(count)}${sure}${limit}${count > 1 ? `, ${order}` : ""}`;
  }
}

/** Wheelchair and opening hours; what is not recorded is said once for both. */
function details(place: Place): (Node | string)[] {
  if (place.wheelchair === "unknown" && !place.hours) {
    return ["Rollstuhl und Öffnungszeiten: nicht erfasst"];
  }
  return [
    wheelchairInWords(place.wheelchair), " · ",
    place.hours ? outside(place.hours) : "Öffnungszeiten: nicht erfasst",
  ];
}

function placeIndex(thing: Thing | null): number | null {
  return thing?.type === "place" ? thing.index : null;
}

function filters(model: Model, store: Store): HTMLElement {
  const search = el("input", {
    class: "search",
    attr: {
      type: "search", id: "suche", placeholder: "Name, Art oder Straße", autocomplete: "off",
      spellcheck: "false", maxlength: 200,
    },
    on: {
      input: () => store.set({ query: search.value }),
      keydown: (event) => {
        if ((event as KeyboardEvent).key !== "ArrowDown") return;
        event.preventDefault();
        byId("orte").querySelector("button")?.focus();
      },
    },
  });
  const order = el(
    "select", { class: "select small", attr: { id: "ordnung" }, on: { change: () => store.set({ order: order.value as Order }) } },
    hasWays(model.study) && el("option", { attr: { value: "time" } }, "Zeit"),
    el("option", { attr: { value: "category" } }, "Art"),
    el("option", { attr: { value: "name" } }, "Name"),
  );
  const wheelchair = box("Rollstuhl möglich", (wheelchair) => store.set({ wheelchair }));
  const partners = box("mögliche Partner", (partners) => store.set({ partners }));
  const sure = box("nur gesichert erreichbar", (sure) => store.set({ sure }));
  const show = (view: View): void => {
    sure.input.checked = view.sure;
    sure.element.hidden = !hasTwo(model.study, view);
    if (search.value !== view.query) search.value = view.query;
    order.value = view.order;
    wheelchair.input.checked = view.wheelchair;
    partners.input.checked = view.partners;
  };
  show(store.view);
  store.watch(show);
  byId("orte").addEventListener("keydown", (event) => walk(event));
  const hasPartners = model.places.some(({ partner }) => partner);
  return el(
    "div", { class: "filters" },
    el("label", { attr: { for: search.id } }, "Suchen"), search,
    el(
      "div", { class: "filter-row" },
      sure.element, wheelchair.element, hasPartners && partners.element,
      el("span", { class: "order" }, el("label", { attr: { for: order.id } }, "Ordnen nach"), el("span", { class: "select-box" }, order)),
    ),
  );
}

function box(text: string, change: (checked: boolean) => void): { element: HTMLElement; input: HTMLInputElement } {
  const input = el("input", { attr: { type: "checkbox" }, on: { change: () => change(input.checked) } });
  return { element: el("label", { class: "check" }, input, el("span", {}, text)), input };
}

/** Arrow keys go from entry to entry. */
function walk(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const item = (event.target as HTMLElement).closest("li");
  const next = event.key === "ArrowDown" ? item?.nextElementSibling : item?.previousElementSibling;
  event.preventDefault();
  if (next) next.querySelector("button")?.focus();
  else if (event.key === "ArrowUp") byId("suche").focus();
}
