// The order of the candidates that is shown, computed once for each project and weighting.
import type { Model } from "./model";
import type { Ranking } from "./placement";
import { firmness, weigh, weightsOf, type Firmness, type Standing } from "./scoring";
import type { View } from "./view";

export interface Shown {
  ranking: Ranking;
  standing: Standing;
  /** Computed when first asked for. */
  firm: () => Firmness;
}

let last: { ranking: Ranking; weights: View["weights"]; shown: Shown } | null = null;

/** The ranking of the chosen project under the chosen weights; null if none is chosen. */
export function shownRanking({ placement }: Model, { project, weights }: View): Shown | null {
  const ranking = placement?.rankings[project];
  if (!placement || !ranking) return null;
  if (last?.ranking === ranking && last.weights === weights) return last.shown;
  const standing = weigh(ranking, weightsOf(ranking, weights));
  let firm: Firmness | null = null;
  const shown: Shown = {
    ranking, standing,
    firm: () => (firm ??= firmness(placement, ranking, standing.weights)),
  };
  last = { ranking, weights, shown };
  return shown;
}

/** The candidates in the list and on the map, in their order; the selected one is among them. */
export function listedCandidates({ standing: { order, rank } }: Shown, view: View): number[] {
  const asked = [...view.compared];
  if (view.selected?.type === "candidate") asked.push(view.selected.index);
  const first = order.slice(0, view.listed);
  const more = asked.filter((index, i) => rank[index]! > view.listed && asked.indexOf(index) === i);
  return [...first, ...more.sort((a, b) => rank[a]! - rank[b]!)];
}
