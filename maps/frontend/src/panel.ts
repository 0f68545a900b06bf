// The upper part of the panel: who looks from where, how far, and the answer in words.
import { coverageContent } from "./coverage";
import { byId, el, outside, replace } from "./dom";
import { hasHouses, hasWays, type Model, type Origin } from "./model";
import type { Key, Store, View } from "./view";

export function startPanel(model: Model, store: Store): void {
  const { study } = model;
  document.title = `${study.name} – Sozialraumkarte`;
  replace(byId("name"), outside(study.name));
  byId("fiktiv").hidden = !study.fictional;
  byId("stand").textContent = study.date
    ? `Stand der Daten: ${study.date}`
    : "Stand der Daten: nicht bekannt";
  if (!hasWays(study)) {
    withoutWays(model);
    return;
  }
  const origins = originChoice(model, store);
  const profiles = profileChoice(model, store);
  const limits = limitChoice(model, store);
  replace(byId("von"), origins.element, profiles.element, limits.element);

  const show = (view: View): void => {
    origins.show(view);
    profiles.show(view);
    limits.show(view);
  };
  show(store.view);
  answer(model, store.view);
  const shown: Key[] = ["origin", "profile", "within"];
  store.watch((view, changed) => {
    if (shown.some((key) => changed.has(key))) show(view);
    if (changed.has("origin") || changed.has("profile")) answer(model, view);
  });
}

/** Places can be shown without anything that ways start from. */
function withoutWays({ base }: Model): void {
  byId("ueber-von").textContent = "Ohne Wegzeiten";
  replace(byId("von"), el("p", {}, "Diese Karte zeigt, was es hier gibt, aber nicht, wie weit es ist: "
    + "Wegzeiten gelten ab den Toren eines Geländes, und für diese Karte ist kein Gelände angegeben."
    + (base.groups.length ? "" : " Auch Straßen und Gebäude sind darum nicht gezeichnet.")));
  byId("antwort").closest("section")!.hidden = true;
}

interface Part {
  element: HTMLElement;
  show: (view: View) => void;
}

function originChoice({ study }: Model, store: Store): Part {
  const only = study.origins.length === 1 ? study.origins[0]! : null;
  if (only) {
    const name = hasHouses(study) ? originName(only) : gatesOf(only);
    return { element: el("p", { class: "only-start" }, outside(name)), show: () => undefined };
  }
  const select = el("select", {
    class: "select", attr: { id: "wahl-von", "aria-labelledby": "ueber-von" },
    on: { change: () => store.set({ origin: Number(select.value) }) },
  });
  const option = (origin: Origin): HTMLOptionElement =>
    el("option", { attr: { value: study.origins.indexOf(origin) } }, originName(origin));
  if (!hasHouses(study)) {
    const starts = study.origins.map((origin, i) => el("option", { attr: { value: i } }, gatesOf(origin)));
    select.append(...starts);
    return { element: el("div", { class: "select-box" }, select), show: (view) => { select.value = `${view.origin}`; } };
  }
  const sites = study.origins.filter(({ kind }) => kind === "site");
  for (const site of sites) {
    const houses = study.origins.filter((o) => o.kind === "house" && o.site === site.site);
    const group = el("optgroup", { attr: { label: site.name } }, option(site), ...houses.map(option));
    select.append(group);
  }
  const known = new Set(sites.map(({ site }) => site));
  const others = study.origins.filter((o) => o.kind === "house" && !known.has(o.site));
  if (others.length && sites.length) {
    select.append(el("optgroup", { attr: { label: "Häuser außerhalb der Gelände" } }, ...others.map(option)));
  } else {
    select.append(...others.map(option));
  }
  return { element: el("div", { class: "select-box" }, select), show: (view) => { select.value = `${view.origin}`; } };
}

/** How an origin is called in lists. */
export function originName(origin: Origin): string {
  if (origin.kind === "site") return `${origin.name} (ab Tor)`;
  return origin.name.endsWith(origin.mark) ? origin.name : `${origin.name} (${origin.mark})`;
}

/** How grounds are called where there is nothing else to start from. */
function gatesOf({ name, points }: Origin): string {
  return points.length === 1 ? `ab dem Tor von ${name}` : `ab den Toren von ${name}`;
}

/** How an origin is called in a sentence: "240 m von Haus Linde". */
export function originInSentence(origin: Origin): string {
  return origin.kind === "site" ? `vom Tor von „${origin.name}“` : `von „${origin.name}“`;
}

/** Who is on the way: a list to choose from, and beneath it speed and rules of the chosen one. */
function profileChoice(model: Model, store: Store): Part {
  const { study } = model;
  const rules = el("p", { class: "who", attr: { id: "wahl-wer-regeln" } });
  const known = el("div", { class: "coverage", attr: { "aria-live": "polite" } });
  const show = ({ profile }: View): void => {
    rules.textContent = study.profiles[profile]?.rules.join(" · ") ?? "";
    replace(known, ...coverageContent(model, store.view));
    known.hidden = !known.childElementCount;
  };
  if (study.profiles.length < 2) {
    const label = outside(study.profiles[0]?.label ?? "");
    return { element: el("div", { class: "who-box" }, el("p", { class: "who-label" }, label), rules, known), show };
  }
  const select = el(
    "select",
    {
      class: "select", attr: { id: "wahl-wer", "aria-describedby": rules.id },
      on: { change: () => store.set({ profile: Number(select.value) }) },
    },
    ...study.profiles.map(({ label }, i) => el("option", { attr: { value: i } }, label)),
  );
  const element = el(
    "div", { class: "who-box" },
    el("label", { class: "who-label", attr: { for: select.id } }, "Wer ist unterwegs?"),
    el("div", { class: "select-box" }, select), rules, known,
  );
  return {
    element,
    show: (view) => {
      select.value = `${view.profile}`;
      show(view);
    },
  };
}

/** "5, 10, 15 Minuten, alle": radio buttons that look like one switch. */
function limitChoice({ study }: Model, store: Store): Part {
  const inputs: { input: HTMLInputElement; value: number | null }[] = [];
  const choice = (value: number | null, text: string, label: string): HTMLElement => {
    const input = el("input", {
      attr: { type: "radio", name: "bis", "aria-label": label },
      on: { change: () => store.set({ within: value }) },
    });
    inputs.push({ input, value });
    return el("label", { class: "segment" }, input, el("span", {}, text));
  };
  const element = el(
    "fieldset", { class: "segments" },
    el("legend", {}, "Unterwegs bis zu"),
    el(
      "div", { class: "segment-row" },
      ...study.minutes.map((m) => choice(m, `${m}\u00a0Min.`, `bis ${m} Minuten`)),
      choice(null, "alle", "ohne Grenze, alle Orte"),
    ),
  );
  return {
    element,
    show: (view) => inputs.forEach(({ input, value }) => { input.checked = value === view.within; }),
  };
}

const FIRST_SENTENCES = 2;

function answer({ study }: Model, view: View): void {
  const origin = study.origins[view.origin];
  const sentences = (origin?.summary[view.profile] ?? []).map((index) => study.sentences[index]!);
  const box = byId("antwort");
  if (!origin || !sentences.length) {
    replace(box, el("p", {}, "Für diesen Ausgangspunkt gibt es kein Ergebnis. Der Bericht der Berechnung nennt den Grund."));
    return;
  }
  replace(
    byId("ausdruck"),
    el("h2", {}, outside(origin.name), ": alles, was ", outside(study.profiles[view.profile]!.way), " erreichbar ist"),
    el("div", { class: "columns" }, ...sentences.map((text) => el("p", {}, text))),
  );
  const [first, ...more] = sentences;
  const rest = more.slice(FIRST_SENTENCES - 1);
  replace(
    box,
    el("p", { class: "first" }, first),
    ...more.slice(0, FIRST_SENTENCES - 1).map((text) => el("p", {}, text)),
    rest.length > 0 && el(
      "details", { class: "more" },
      el("summary", {}, "Weiterlesen"),
      ...rest.map((text) => el("p", {}, text)),
    ),
  );
}

