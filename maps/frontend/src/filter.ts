// Which places are shown, how near they are, and in which order they are listed.
import { hasWays, type Model, type Place } from "./model";
import type { View } from "./view";
import { hasTwo, listedVariant } from "./ways";
import { folded } from "./words";

export interface Listed {
  place: Place;
  /** Seconds from the chosen origin; null: out of reach. */
  seconds: number | null;
}

/** The places that pass all filters but the time limit, nearest first or as asked. */
export function matching(model: Model, view: View): Listed[] {
  const { study, places, times } = model;
  const wanted = folded(view.query).split(/\s+/).filter(Boolean);
  const shown = study.categories.map(({ id }) => !view.hidden.has(id));
  const variant = listedVariant(study, view);
  const onlySure = view.sure && hasTwo(study, view);
  const listed: Listed[] = [];
  for (const place of places) {
    if (!shown[place.category]) continue;
    if (view.wheelchair && place.wheelchair !== "yes" && place.wheelchair !== "limited") continue;
    if (view.partners && !place.partner) continue;
    if (wanted.length) {
      const text = searchText(model, place);
      if (!wanted.every((word) => text.includes(word))) continue;
    }
    const seconds = times.secondsTo(variant, view.origin, place.index);
    if (onlySure && seconds === null) continue;
    listed.push({ place, seconds });
  }
  return listed.sort(comparison(view));
}

export function isWithin({ seconds }: Listed, minutes: number | null): boolean {
  return minutes === null || (seconds !== null && seconds <= minutes * 60);
}

/**
 * Places off campus of a category within some minutes (null: as far as was computed); all of them
 * where there is nothing that ways start from.
 */
export function countWithin(
  model: Model, view: View, category: number, minutes: number | null, variant: number,
): number {
  let count = 0;
  for (const place of model.places) {
    if (place.category !== category || place.campus >= 0) continue;
    const seconds = model.times.secondsTo(variant, view.origin, place.index);
    const near = seconds !== null && (minutes === null || seconds <= minutes * 60);
    if (near || !hasWays(model.study)) count++;
  }
  return count;
}

/** The nearest place off campus of a category. */
export function nearestOf(
  model: Model, view: View, category: number, variant: number,
): Listed | null {
  let nearest: Listed | null = null;
  for (const place of model.places) {
    if (place.category !== category || place.campus >= 0) continue;
    const seconds = model.times.secondsTo(variant, view.origin, place.index);
    if (seconds !== null && (nearest === null || seconds < nearest.seconds!)) {
      nearest = { place, seconds };
    }
  }
  return nearest;
}

/** Farther than any way. */
const FAR = 1e9;

const searchTexts = new WeakMap<Place, string>();

function searchText({ study }: Model, place: Place): string {
  let text = searchTexts.get(place);
  if (text === undefined) {
    const category = study.categories[place.category]!;
    text = folded(
      [place.name, place.kind, category.label, category.group, place.address, place.operator]
        .join(" "),
    );
    searchTexts.set(place, text);
  }
  return text;
}

function comparison(view: View): (a: Listed, b: Listed) => number {
  const byTime = (a: Listed, b: Listed): number =>
    (a.seconds ?? FAR) - (b.seconds ?? FAR);
  const byName = (a: Listed, b: Listed): number =>
    Number(!a.place.name) - Number(!b.place.name)
    || GERMAN.compare(title(a.place), title(b.place));
  const byCategory = (a: Listed, b: Listed): number => a.place.category - b.place.category;
  const first = { time: byTime, name: byName, category: byCategory }[view.order];
  return (a, b) => first(a, b) || byTime(a, b) || byName(a, b) || a.place.index - b.place.index;
}

const GERMAN = new Intl.Collator("de", { numeric: true });

/** What a place is called: its name, else what it is. */
export function title(place: Place): string {
  return place.name || place.kind;
}
