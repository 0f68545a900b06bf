// What a ranking says in German; the templates of layers/ranking_words.py, made again here
// when somebody moves the weights.
import type { Candidate, Criterion, Ranking } from "./placement";
import type { Firmness, Standing } from "./scoring";

const HARD_SPACE = "\u00a0";
const MOST_DECIDING = 2;
const WEAK_BELOW = 0.1;
const PEOPLE = "Menschen";

export const NOT_KNOWN = 0;
export const FEWER = 1;

/** "a", "a und b", "a, b und c". */
export function joined(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} und ${parts.at(-1)}`;
}

/** A name in quotation marks; those that it holds itself become single ones. */
export function inQuotes(name: string): string {
  return `»${name.replaceAll("»", "›").replaceAll("«", "‹")}«`;
}

function quoted({ label }: Criterion): string {
  return `»${label}«`;
}

function thousands(count: number): string {
  return `${count}`.replace(/\B(?=(\d{3})+$)/g, ".");
}

/** A raw value without its unit. */
export function numberText({ unit, digits }: Criterion, written: number): string {
  if (written === FEWER && unit === PEOPLE) return "unter 5";
  const zigzag = written - 2;
  const value = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  if (unit === PEOPLE) return thousands(value);
  const figures = `${Math.abs(value)}`.padStart(digits + 1, "0");
  const sign = value < 0 ? "-" : "";
  if (digits === 0) return sign + figures;
  return `${sign}${figures.slice(0, -digits)},${figures.slice(-digits)}`;
}

/** A raw value with its unit: "4,7 Minuten", "412 Menschen", "nicht erfasst". */
export function valueText(criterion: Criterion, written: number): string {
  if (written === NOT_KNOWN) return "nicht erfasst";
  if (criterion.unit !== PEOPLE) return `${numberText(criterion, written)} ${criterion.unit}`.trimEnd();
  if (written === FEWER) return "weniger als 5 Menschen";
  return written === 2 ? "niemand" : `${numberText(criterion, written)} Menschen`;
}

/** People as they may be shown: 0 nobody, 1 fewer than five, else how many. */
export function peopleText(count: number): string {
  if (count === 0) return "niemand";
  return count === 1 ? "weniger als 5 Menschen" : `${thousands(count)} Menschen`;
}

/** A share: "87 %"; 100 and 0 only where it is exactly so. */
export function percentText(percent: number): string {
  if (percent > 0 && percent < 1) return "weniger als 1 %";
  return `${percent < 100 ? Math.min(Math.floor(percent + 0.5), 99) : 100} %`;
}

/** A weight in percent, with a decimal where it has one. */
export function weightText(weight: number): string {
  const tenths = Math.round(weight * 1000);
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1).replace(".", ",")}${HARD_SPACE}%`;
}

/** Points of a hundred, with one decimal. */
export function pointsText(share: number): string {
  return (Math.round(share * 1000) / 10).toFixed(1).replace(".", ",");
}

export function shareOf({ scaled }: Candidate, { weights }: Standing, column: number): number {
  return scaled[column]! * weights[column]!;
}

/** Which criteria contribute most. */
export function deciding({ criteria }: Ranking, candidate: Candidate, standing: Standing): string {
  const labels = criteria
    .map((criterion, k) => ({ criterion, k, share: shareOf(candidate, standing, k) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || a.k - b.k)
    .slice(0, MOST_DECIDING)
    .map(({ criterion }) => quoted(criterion));
  if (!labels.length) return "Kein Kriterium spricht für diesen Ort.";
  return `Den Ausschlag ${labels.length === 1 ? "gibt" : "geben"}: ${joined(labels)}.`;
}

/** Where a candidate brings little; "" where it does so nowhere. */
export function weak({ criteria }: Ranking, { scaled, raw }: Candidate, { weights }: Standing): string {
  const labels = criteria
    .filter((_, k) => scaled[k]! < WEAK_BELOW && raw[k] !== NOT_KNOWN && weights[k]! > 0)
    .map(quoted);
  return labels.length ? `Wenig bringt der Ort bei: ${joined(labels)}.` : "";
}

/** What is not known of a candidate; "" where all is. */
export function notKnown({ criteria }: Ranking, { raw }: Candidate, { weights }: Standing): string {
  const labels = criteria.filter((_, k) => raw[k] === NOT_KNOWN && weights[k]! > 0).map(quoted);
  return labels.length ? `Nicht erfasst und deshalb mit 0 gezählt: ${joined(labels)}.` : "";
}

/** How firm the rank of a candidate is when the weights move. */
export function stability(
  { total }: Ranking, { index }: Candidate, standing: Standing, firm: Firmness,
): string {
  if (total === 1) return "Verglichen ist er mit keinem anderen: Es gibt nur diesen Vorschlag.";
  const rank = standing.rank[index]!;
  const { low, high } = firm.span(index);
  const span = low === high ? `Platz ${low}` : `Platz ${low} bis ${high}`;
  const first = firm.first[index]!;
  const always = rank === 1 || first > 0 ? `Platz 1 in ${percentText(first)}, ` : "";
  return `Platz ${rank} von ${total}; wenn die Gewichte schwanken, ${always}meist ${span}.`;
}

/** All that is said of a candidate under some weights: the facts, what decides, how firm that is. */
export function paragraphs(
  ranking: Ranking, candidate: Candidate, standing: Standing, firm: Firmness,
): string[] {
  const decides = [
    deciding(ranking, candidate, standing), weak(ranking, candidate, standing),
    notKnown(ranking, candidate, standing),
  ];
  return [
    candidate.facts, decides.filter(Boolean).join(" "),
    stability(ranking, candidate, standing, firm),
  ];
}

/** Why one candidate stands before another, and what speaks for the other. */
export function whyBefore(ranking: Ranking, one: Candidate, other: Candidate, standing: Standing): string {
  const { rank, score } = standing;
  const [a, b] = rank[one.index]! < rank[other.index]! ? [one, other] : [other, one];
  const name = (candidate: Candidate): string =>
    inQuotes(candidate.name) + (a.name === b.name ? ` (${candidate.id})` : "");
  const first = name(a), second = name(b);
  const differences = ranking.criteria
    .map((criterion, k) => ({ criterion, k, by: shareOf(a, standing, k) - shareOf(b, standing, k) }))
    .sort((x, y) => Math.abs(y.by) - Math.abs(x.by) || x.k - y.k);
  const against = ({ criterion, k }: { criterion: Criterion; k: number }, good: Candidate, bad: Candidate): string => {
    const better = good.raw[k]!, worse = bad.raw[k]!;
    if (worse === NOT_KNOWN) {
      return `${quoted(criterion)} (${valueText(criterion, better)}; beim anderen nicht erfasst)`;
    }
    const [x, y] = [numberText(criterion, better), numberText(criterion, worse)];
    if (x === y) return `${quoted(criterion)} (knapp: beide rund ${valueText(criterion, better)})`;
    return `${quoted(criterion)} (${x} statt ${y} ${criterion.unit})`.replace(" )", ")");
  };
  const better = differences.filter(({ by }) => by > 0).map((entry) => against(entry, a, b));
  const worse = differences.filter(({ by }) => by < 0).map((entry) => against(entry, b, a));
  const equal = score[a.index] === score[b.index];
  if (equal && !better.length && !worse.length) {
    return `${first} und ${second} unterscheiden sich in keinem Kriterium.`;
  }
  if (equal) {
    return `${first} und ${second} liegen gleichauf. Für ${first} spricht: ${joined(better)}. `
      + `Für ${second} spricht: ${joined(worse)}.`;
  }
  const text = `${first} liegt vor ${second}, weil der Ort besser abschneidet bei ${joined(better)}.`;
  if (worse.length) return `${text} Für ${second} spricht: ${joined(worse)}.`;
  return `${text} Für ${second} spricht in diesem Vergleich kein Kriterium.`;
}
