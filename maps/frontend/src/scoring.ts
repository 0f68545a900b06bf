// Weighs candidates with the very sums of layers/ranking.py, in the same order and with the
// same rounding, so that page and report agree to the last digit.
import type { Placement, Ranking } from "./placement";

const SCORE_STEPS = 1e9;
const PERCENT_STEPS = 1e6;
/** Share of the varied weightings left aside at either end of the range of ranks. */
const OUTER = 0.05;

/** The order of the candidates of a ranking under some weights. */
export interface Standing {
  /** They add up to 1. */
  weights: readonly number[];
  /** 0 to 1 by candidate. */
  score: Float64Array;
  /** From 1, by candidate. */
  rank: Int32Array;
  /** Candidates, the first rank first. */
  order: number[];
}

/** How the order holds when the weights move by up to half. */
export interface Firmness {
  /** Percent of the varied weightings in which each candidate comes first. */
  first: Float64Array;
  /** Best and worst rank in the middle nine tenths, of a candidate that is asked for. */
  span: (candidate: number) => { low: number; high: number };
}

function rounded(value: number, steps: number): number {
  return Math.floor(value * steps + 0.5) / steps;
}

/** Divides weights by their sum, taken from left to right. */
export function normalised(weights: readonly number[]): number[] {
  let total = 0;
  for (const weight of weights) total += weight;
  return weights.map((weight) => weight / (total > 0 ? total : 1));
}

/** Whole percents chosen in the page, or the weights that the ranking brings. */
export function weightsOf(ranking: Ranking, percents: readonly number[] | null): readonly number[] {
  return percents === null ? ranking.weights : normalised(percents);
}

export function weigh(ranking: Ranking, weights: readonly number[]): Standing {
  const score = scoresOf(ranking, weights, new Float64Array(ranking.candidates.length));
  const order = ranking.candidates.map(({ index }) => index);
  order.sort((a, b) => score[b]! - score[a]! || a - b);
  const rank = new Int32Array(order.length);
  order.forEach((candidate, place) => { rank[candidate] = place + 1; });
  return { weights, score, rank, order };
}

function scoresOf(
  { candidates }: Ranking, weights: ArrayLike<number>, score: Float64Array,
): Float64Array {
  for (let i = 0; i < candidates.length; i++) {
    const { scaled } = candidates[i]!;
    let total = 0;
    for (let k = 0; k < scaled.length; k++) total += weights[k]! * scaled[k]!;
    score[i] = rounded(total, SCORE_STEPS);
  }
  return score;
}

export function firmness(
  { draws, factors }: Placement, ranking: Ranking, weights: readonly number[],
): Firmness {
  const { length } = ranking.candidates;
  const first = new Float64Array(length);
  const scores = new Float64Array(draws * length);
  for (let draw = 0; draw < draws; draw++) {
    const varied = normalised(weights.map((weight, k) => factors[draw * weights.length + k]! * weight));
    const score = scoresOf(ranking, varied, scores.subarray(draw * length, (draw + 1) * length));
    let best = -1, sharing = 0;
    for (const value of score) {
      if (value > best) {
        best = value;
        sharing = 1;
      } else if (value === best) sharing++;
    }
    for (let i = 0; i < length; i++) if (score[i] === best) first[i]! += 1 / sharing;
  }
  const ranksOf = (candidate: number): Int32Array => {
    const ranks = new Int32Array(draws);
    for (let draw = 0; draw < draws; draw++) {
      const from = draw * length, own = scores[from + candidate]!;
      let before = 0;
      for (let i = from; i < from + length; i++) if (scores[i]! > own) before++;
      ranks[draw] = before + 1;
    }
    return ranks.sort();
  };
  const outer = Math.floor(OUTER * draws);
  return {
    first: first.map((count) => rounded((100 * count) / draws, PERCENT_STEPS)),
    span: (candidate) => {
      const ranks = ranksOf(candidate);
      return { low: ranks[outer]!, high: ranks[draws - 1 - outer]! };
    },
  };
}

/**
 * Whole percents after one weight was moved; the others keep their proportions and make the
 * sum 100. Where they were all nought, they share as the ranking has it.
 */
export function moved(
  before: readonly number[], index: number, percent: number, usual: readonly number[],
): number[] {
  if (before.length === 1) return [100];
  const own = Math.min(100, Math.max(0, Math.round(percent)));
  const others = (values: readonly number[]): number[] => values.map((v, k) => (k === index ? 0 : v));
  const shape = [before, usual, usual.map(() => 1)].map(others)
    .find((values) => values.some((value) => value > 0))!;
  const result = wholePercents(shape, 100 - own);
  result[index] = own;
  return result;
}

/** Shares a whole sum out in proportion; what is left goes to the greatest remainders. */
export function wholePercents(shape: readonly number[], sum = 100): number[] {
  const exact = normalised(shape).map((share) => share * sum);
  const whole = exact.map(Math.floor);
  const left = sum - whole.reduce((a, b) => a + b, 0);
  exact
    .map((value, k) => ({ k, rest: value - whole[k]! }))
    .sort((a, b) => b.rest - a.rest || a.k - b.k)
    .slice(0, left)
    .forEach(({ k }) => { whole[k]! += 1; });
  return whole;
}
