// Two candidates side by side: all criteria of both, and why one stands before the other.
import { el, outside, replace, spoken } from "./dom";
import { closed, opened } from "./escape";
import { closeButton } from "./card";
import { pinIcon } from "./icons";
import type { Model } from "./model";
import type { Candidate } from "./placement";
import { peopleText, pointsText, shareOf, valueText, whyBefore } from "./rankwords";
import { shownRanking } from "./standing";
import type { Key, Store, View } from "./view";

const SHOWN: Key[] = ["project", "weights", "compared", "selected"];

export function startCompare(model: Model, store: Store, area: HTMLElement): void {
  if (!model.placement) return;
  const card = el("div", { class: "card wide", attr: { id: "vergleich", hidden: true } });
  area.append(card);
  const close = (): void => store.set({ compared: [] });
  const show = (view: View, opens: boolean): void => {
    const content = compared(model, view);
    // The card of a single candidate lies above.
    card.hidden = !content || view.selected !== null;
    if (!content) {
      closed("compare");
      replace(card);
      return;
    }
    replace(card, closeButton(close), ...content);
    if (opens) {
      opened("compare", close);
      card.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    }
  };
  store.watch((view, changed) => {
    if (SHOWN.some((key) => changed.has(key))) show(view, changed.has("compared") && view.compared.length === 2);
  });
  show(store.view, false);
  if (store.view.compared.length === 2) opened("compare", close);
}

function compared(model: Model, view: View): HTMLElement[] | null {
  const shown = shownRanking(model, view);
  if (!shown || view.compared.length < 2) return null;
  const { ranking, standing } = shown;
  const pair = [...view.compared].sort((a, b) => standing.rank[a]! - standing.rank[b]!)
    .map((index) => ranking.candidates[index]!);
  const [first, second] = pair as [Candidate, Candidate];
  const row = (name: string, cells: (Node | string)[][], better = -1): HTMLElement => el(
    "tr", {}, el("th", { attr: { scope: "row" } }, name),
    ...cells.map((cell, i) => el("td", i === better ? { class: "better" } : {},
      ...cell)),
  );
  const minutes = model.study.minutes;
  return [
    el("div", { class: "card-head" }, el("h2", { attr: { tabindex: -1 } }, "Zwei Standorte im Vergleich")),
    el("p", { class: "card-why" }, outside(whyBefore(ranking, first, second, standing))),
    el(
      "table", { class: "compare" },
      el("thead", {}, el("tr", {}, el("td", {}), ...pair.map((candidate) => el(
        "th", { attr: { scope: "col" } },
        pinIcon(model.study, standing.rank[candidate.index]!, 28), outside(candidate.name))))),
      el(
        "tbody", {},
        row("Art", pair.map(({ kind }) => [outside(kind)])),
        ...ranking.criteria.map((criterion, k) => {
          const shares = pair.map((candidate) => shareOf(candidate, standing, k));
          const better = shares[0] === shares[1] ? -1 : shares[0]! > shares[1]! ? 0 : 1;
          return row(criterion.label, pair.map((candidate, i) => [
            valueText(criterion, candidate.raw[k]!),
            el("span", { class: "compare-points" }, `${pointsText(shares[i]!)} Punkte`, i === better && sign()),
          ]), better);
        }),
        row("Zusammen", pair.map(({ index }) => [el("strong", {}, `${pointsText(standing.score[index]!)} Punkte`)])),
        ...minutes.map((limit, step) => row(
          `Nachbarschaft bis ${limit}\u00a0Min.`, pair.map(({ neighbours }) => [peopleText(neighbours[step]!)]),
        )),
      ),
    ),
    el("p", { class: "card-note" }, "▲ steht, wo ein Standort mehr Punkte bekommt."),
  ];
}

/** Stands where a candidate gets more points: not by weight of type alone. */
function sign(): HTMLElement {
  return el("span", { class: "better-sign" },
    el("span", { attr: { "aria-hidden": "true" } }, " ▲"), spoken(" mehr Punkte"));
}
