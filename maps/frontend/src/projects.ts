// "Wo hilft ein Projekt am meisten?": choose a kind of project, see the ranked candidates and
// why, move the weights. List and map are in step.
import { bars } from "./bars";
import { compareButton } from "./candidatecard";
import { el, outside, replace, svg } from "./dom";
import { pinIcon } from "./icons";
import type { Model } from "./model";
import { ownPoint } from "./ownpoint";
import type { Candidate, Ranking } from "./placement";
import { percentText, pointsText, whyBefore } from "./rankwords";
import { listedCandidates, shownRanking, type Shown } from "./standing";
import { sameThing, type Key, type Store, type Thing, type View } from "./view";
import { sliders, type Sliders } from "./weights";
import type * as L from "leaflet";

export const LISTED_FIRST = 5;
const LISTED_MORE = 10;
/** Candidates of this rank and better show their criteria at once. */
const UNFOLDED = 1;
const LIST_KEYS: Key[] = ["project", "weights", "listed", "compared", "selected"];

export function startProjects(model: Model, store: Store, map: L.Map, before: HTMLElement): void {
  if (!model.placement) return;
  new Projects(model, store, map).putAfter(before);
}

class Projects {
  private readonly select: HTMLSelectElement;
  private readonly intro = el("div", {});
  private readonly best = el("p", { class: "deciding", attr: { "aria-live": "polite" } });
  private readonly weightBox = el("div", {});
  private readonly list = el("ol", { class: "candidates", attr: { id: "standorte" } });
  private readonly more = el("div", {});
  private readonly entries = new Map<number, HTMLButtonElement>();
  private readonly unfolded = new Map<number, boolean>();
  private readonly element: HTMLElement;
  private sliders: Sliders | null = null;
  private ranking: Ranking | null = null;
  /** Whether the sliders are unfolded: they stay so with another project. */
  private weighing = false;

  constructor(private readonly model: Model, private readonly store: Store, map: L.Map) {
    const { rankings } = model.placement!;
    this.select = el(
      "select",
      {
        class: "select", attr: { id: "wahl-projekt" },
        on: { change: () => store.set(chosen(Number(this.select.value), store.view)) },
      },
      el("option", { attr: { value: -1 } }, "Bitte wählen …"),
      ...rankings.map(({ label }, i) => el("option", { attr: { value: i } }, label)),
    );
    this.element = el(
      "section", { class: "block", attr: { id: "projekte", "aria-labelledby": "ueber-projekte" } },
      el("h2", { attr: { id: "ueber-projekte" } }, "Wo hilft ein Projekt am meisten?"),
      ...(rankings.length
        ? [
          el("label", { class: "who-label", attr: { for: this.select.id } }, "Was soll entstehen?"),
          el("div", { class: "select-box" }, this.select),
          this.intro, this.best, this.weightBox, this.list, this.more,
        ]
        : []),
      ownPoint(model, store, map),
    );
    this.show(store.view);
    store.watch((view, changed) => {
      if (LIST_KEYS.some((key) => changed.has(key))) this.show(view);
      if (changed.has("pointed") || changed.has("selected")) this.mark(view);
      const { selected } = view;
      if (changed.has("selected") && selected?.type === "candidate") {
        this.entries.get(selected.index)?.scrollIntoView({ block: "nearest" });
      }
    });
    window.addEventListener("beforeprint", () => this.unfoldAll());
  }

  putAfter(before: HTMLElement): void {
    before.after(this.element);
  }

  private show(view: View): void {
    const shown = shownRanking(this.model, view);
    this.select.value = `${view.project}`;
    if (shown?.ranking !== this.ranking) this.change(shown?.ranking ?? null);
    this.sliders?.show(view);
    const focused = (document.activeElement as HTMLElement | null)?.dataset["key"];
    const within = this.element.contains(document.activeElement);
    this.entries.clear();
    const listed = shown ? listedCandidates(shown, view) : [];
    replace(this.list, ...listed.map((index) => this.entry(shown!, index, view)));
    replace(this.best, ...(shown ? this.decides(shown) : []));
    replace(this.more, ...(shown ? [this.moreButton(shown, view)] : []));
    this.list.hidden = this.best.hidden = !shown;
    this.mark(view);
    // What had the keyboard has it again, though it was made anew.
    if (within && focused) this.element.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Another project: what is said of it, its sliders. */
  private change(ranking: Ranking | null): void {
    this.ranking = ranking;
    this.unfolded.clear();
    this.sliders = ranking && sliders(ranking, this.store);
    this.weighing = this.weightBox.querySelector("details")?.open ?? this.weighing;
    replace(this.weightBox, this.sliders?.element);
    if (this.sliders) this.sliders.element.open = this.weighing;
    if (!ranking) {
      replace(this.intro, el("p", { class: "card-note" },
        "Für jede Art von Projekt sind mögliche Standorte verglichen: für Bewohnerinnen und Bewohner und für die Nachbarschaft."));
      return;
    }
    const { candidates, total, none, cautions } = ranking;
    const profile = this.model.study.profiles[ranking.profile]!;
    const all = candidates.length === total
      ? `Verglichen sind ${total === 1 ? "ein möglicher Standort" : `${total} mögliche Standorte`}`
      : `Verglichen sind ${total} mögliche Standorte; die ${candidates.length} aussichtsreichsten davon enthält diese Karte`;
    replace(
      this.intro,
      none ? el("div", { class: "no-advice", attr: { role: "note" } },
        el("p", {}, el("strong", {}, "Keine Empfehlung")), el("p", {}, outside(none))) : null,
      el("p", { class: "card-note" }, total ? `${all}. Unterwegs: ` : "Es gibt keinen möglichen Standort.", total > 0 && outside(profile.label), total > 0 && "."),
      cautions.length > 0 && el("details", { class: "more" }, el("summary", {}, "Was zu bedenken ist"),
        ...cautions.map((text) => el("p", {}, outside(text)))),
    );
  }

  /** Why the first stands before the second. */
  private decides({ ranking, standing }: Shown): (Node | string)[] {
    const [first, second] = standing.order.map((index) => ranking.candidates[index]!);
    if (!first || !second) return [];
    return [outside(whyBefore(ranking, first, second, standing))];
  }

  private entry(shown: Shown, index: number, view: View): HTMLElement {
    const { ranking, standing } = shown;
    const candidate = ranking.candidates[index]!;
    const thing: Thing = { type: "candidate", index };
    const rank = standing.rank[index]!;
    const { store } = this;
    const button = el(
      "button",
      {
        class: "place", attr: { type: "button", "data-key": `candidate-${index}` },
        on: {
          click: () => store.set({ selected: thing, pointed: thing }),
          pointerenter: () => store.set({ pointed: thing }),
          pointerleave: () => store.set({ pointed: null }),
          focus: () => store.set({ pointed: thing }),
          blur: () => store.set({ pointed: null }),
        },
      },
      pinIcon(this.model.study, rank, 36),
      el(
        "span", { class: "place-text" },
        el("span", { class: "place-name" }, outside(candidate.name)),
        el("span", { class: "place-kind" }, outside(candidate.kind),
          candidate.campus >= 0 && el("span", { class: "tag" }, "auf dem Gelände")),
        el("span", { class: "firm" }, firmText(shown, candidate)),
      ),
      el("span", { class: "place-time" }, pointsText(standing.score[index]!), el("span", { class: "unit" }, " Punkte")),
    );
    this.entries.set(index, button);
    const open = this.unfolded.get(index) ?? rank <= UNFOLDED;
    const why = el("div", { class: "why", attr: { hidden: !open } }, bars(shown, candidate));
    const unfold = el(
      "button",
      {
        class: "link unfold-why", attr: { type: "button", "aria-expanded": `${open}`, "data-key": `why-${index}` },
        on: {
          click: () => {
            why.hidden = !why.hidden;
            unfold.setAttribute("aria-expanded", `${!why.hidden}`);
            this.unfolded.set(index, !why.hidden);
          },
        },
      },
      "Was zählt", chevron(), el("span", { class: "spoken" }, `bei Platz ${rank}`),
    );
    return el(
      "li", {}, button,
      el("div", { class: "candidate-more" }, unfold, compareButton(store, view, index)),
      why,
    );
  }

  private moreButton({ ranking }: Shown, view: View): HTMLElement {
    const left = ranking.candidates.length - view.listed;
    const one = view.compared.length === 1
      && el("p", { class: "card-note", attr: { role: "status" } }, "Wählen Sie einen zweiten Standort zum Vergleichen.");
    return el("div", {}, one, left > 0 && el("button", {
      class: "button wide", attr: { type: "button", "data-key": "more-candidates" },
      on: { click: () => this.store.set({ listed: view.listed + LISTED_MORE }) },
    }, `Weitere ${Math.min(left, LISTED_MORE)} von ${left} Standorten zeigen`));
  }

  /** Shows at which entries pointer, keyboard and selection are. */
  private mark(view: View): void {
    for (const [index, entry] of this.entries) {
      const thing: Thing = { type: "candidate", index };
      entry.classList.toggle("pointed", sameThing(view.pointed, thing));
      if (sameThing(view.selected, thing)) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
  }

  private unfoldAll(): void {
    for (const why of this.list.querySelectorAll<HTMLElement>(".why")) why.hidden = false;
  }
}

/** Another project: nothing of the one before is kept. */
function chosen(project: number, view: View): Partial<View> {
  const selected = view.selected?.type === "candidate" ? null : view.selected;
  return { project, weights: null, compared: [], listed: LISTED_FIRST, selected, pointed: null };
}

/** How firm the rank is: "Platz 1 in 87 % der Gewichtungen, meist Platz 1 bis 2". */
function firmText({ standing, firm }: Shown, { index }: Candidate): string {
  const found = firm();
  const { low, high } = found.span(index);
  const span = low === high ? `Platz ${low}` : `Platz ${low} bis ${high}`;
  const first = found.first[index]!;
  if (standing.rank[index] === 1 || first > 0) {
    return `Platz 1 in ${percentText(first)} der Gewichtungen, meist ${span}`;
  }
  return `bei anderen Gewichten meist ${span}`;
}

function chevron(): SVGElement {
  return svg(
    "svg", { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true", class: "chevron" },
    svg("path", { d: "M6 9l6 6 6-6", fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
}
