// Everything that stands on the map at one zoom level: symbols and names, laid out once and
// kept until what is shown changes.
import { around, Boxes } from "./boxes";
import { isWithin, title, type Listed } from "./filter";
import type { Label, Measure } from "./lettering";
import type { Model } from "./model";
import type { Names } from "./names";
import { placeReachLabels } from "./reachlabels";
import { scatter, sizesAt } from "./scatter";
import type { Thing, View } from "./view";
import { scaleAt } from "./world";

export interface Symbol {
  thing: Thing;
  /** Pixels of the zoom level. */
  x: number;
  y: number;
  size: number;
  whole: boolean;
}

export interface Plan {
  /** In the order of painting: the last ones lie on top. */
  symbols: Symbol[];
  labels: Label[];
}

const GATES_FROM = 13;
const SITE_NAMES_FROM = 14;
const PLACE_NAMES_FROM = 17;
const WHOLE_FROM = 13;

export function makePlan(
  model: Model, view: View, listed: readonly Listed[], zoom: number, names: Names, measure: Measure,
): Plan {
  const scale = scaleAt(zoom);
  const sizes = sizesAt(zoom);
  const boxes = new Boxes();
  const labels: Label[] = [];

  const houses = view.grounds || view.origin >= 0 ? houseSymbols(model, view, scale, sizes.whole) : [];
  const gates = view.grounds && zoom >= GATES_FROM ? gateSymbols(model, scale, sizes.whole - 4) : [];
  const fixed = [...gates, ...houses];
  // Within the time limit first, then the nearest: what matters most gets its symbol.
  const wanted = [...listed].sort(
    (a, b) => Number(isWithin(b, view.within)) - Number(isWithin(a, view.within))
      || rank(model, a) - rank(model, b)
      || (a.seconds ?? 1e9) - (b.seconds ?? 1e9),
  );
  const spots = scatter(
    wanted.map((item) => ({
      x: item.place.x * scale,
      y: item.place.y * scale,
      mayBeWhole: zoom >= WHOLE_FROM && (isWithin(item, view.within) || zoom >= PLACE_NAMES_FROM),
    })),
    sizes, fixed,
  );
  const places: Symbol[] = spots.map(({ x, y, whole }, i) => ({
    thing: { type: "place", index: wanted[i]!.place.index },
    x, y, whole, size: whole ? sizes.whole : sizes.mark,
  }));

  const marks = new Boxes();
  for (const { x, y, size, whole } of [...fixed, ...places]) {
    (whole ? boxes : marks).add(around(x, y, size + 4, size + 4));
  }
  if (view.grounds && zoom >= SITE_NAMES_FROM) placeSiteNames(model, scale, measure, boxes, labels);
  placeReachLabels(model, view, zoom, measure, { boxes, marks, labels });
  names.place(zoom, boxes, marks, labels);
  if (zoom >= PLACE_NAMES_FROM) placePlaceNames(model, places, measure, boxes, labels);
  // Marks below, then whole symbols, of which the nearest come last; gates and houses on top.
  const symbols = [
    ...places.filter(({ whole }) => !whole).reverse(),
    ...places.filter(({ whole }) => whole).reverse(),
    ...fixed,
  ];
  return { symbols, labels };
}

function rank(model: Model, { place }: Listed): number {
  return model.study.categories[place.category]!.minor ? 1 : 0;
}

function houseSymbols(model: Model, view: View, scale: number, size: number): Symbol[] {
  return model.study.origins
    .map((origin, index) => ({ origin, index }))
    .filter(({ origin, index }) => origin.kind === "house" && (view.grounds || index === view.origin))
    .map(({ origin, index }) => {
      const [x, y] = origin.points[0]!;
      const chosen = index === view.origin;
      return {
        thing: { type: "house" as const, index },
        x: x * scale, y: y * scale, whole: true, size: size + (chosen ? 8 : 0),
      };
    })
    .sort((a, b) => a.size - b.size);
}

function gateSymbols({ study }: Model, scale: number, size: number): Symbol[] {
  return study.gates.map(({ x, y }, index) => ({
    thing: { type: "gate" as const, index }, x: x * scale, y: y * scale, whole: true, size,
  }));
}

/** The name of each site in the middle of its grounds if there is room, else above or below. */
function placeSiteNames(
  { study, grounds }: Model, scale: number, measure: Measure, boxes: Boxes, labels: Label[],
): void {
  const { style } = study;
  const font = { size: 16, weight: 700 as const, family: style.text["font"]! };
  const sites = study.origins.filter(({ kind }) => kind === "site");
  sites.forEach(({ name }, i) => {
    const [west, north, east, south] = grounds.bounds.subarray(4 * i, 4 * i + 4);
    const x = (grounds.x0 + (west! + east!) / 2) * scale;
    const middle = (grounds.y0 + (north! + south!) / 2) * scale;
    const lines = twoLines(name);
    const width = Math.max(...lines.map((line) => measure.width(line, font))) + 8;
    const height = font.size * 1.25;
    const half = ((south! - north!) * scale + height * lines.length) / 2 + 4;
    for (const shift of [0, -22, 22, -44, 44, -66, 66, -half, half]) {
      if (!boxes.take([around(x, middle + shift, width, height * lines.length)])) continue;
      lines.forEach((text, line) => {
        const y = middle + shift + (line - (lines.length - 1) / 2) * height;
        labels.push({
          text, font, letters: null, x, y, box: around(x, y, width, height),
          colour: style.grounds.colour, halo: style.base["halo"]!,
        });
      });
      return;
    }
  });
}

/** Names beside symbols: to the right, else to the left, else below; else none. */
function placePlaceNames(
  { study, places }: Model, symbols: readonly Symbol[], measure: Measure, boxes: Boxes, labels: Label[],
): void {
  const { style } = study;
  const font = { size: 15, weight: 400 as const, family: style.text["font"]! };
  for (const { thing, x, y, size, whole } of symbols) {
    const place = places[thing.index]!;
    if (!whole || !place.name) continue;
    const text = short(title(place));
    const width = measure.width(text, font);
    for (const [dx, dy] of [
      [size / 2 + 6 + width / 2, 0], [-size / 2 - 6 - width / 2, 0], [0, size / 2 + 13],
    ] as const) {
      const box = around(x + dx, y + dy, width + 6, font.size * 1.3);
      if (!boxes.take([box])) continue;
      labels.push({
        text, font, letters: null, x: x + dx, y: y + dy, box,
        colour: style.text["ink"]!, halo: style.base["halo"]!,
      });
      break;
    }
  }
}

const LONGEST_NAME = 28;
const LONGEST_LINE = 20;

/** A long name on two lines, parted at the space nearest to its middle. */
export function twoLines(text: string): string[] {
  if ([...text].length <= LONGEST_LINE) return [text];
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  const middle = text.length / 2;
  const at = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return at === undefined ? [short(text)] : [short(text.slice(0, at)), short(text.slice(at + 1))];
}

function short(text: string): string {
  const letters = [...text];
  return letters.length <= LONGEST_NAME ? text : `${letters.slice(0, LONGEST_NAME - 1).join("")}…`;
}

/** What lies nearest to a point, within reach of a finger or the tip of a mouse. */
export function symbolAt(
  symbols: readonly Symbol[], x: number, y: number, tolerance: number,
): Symbol | null {
  let best: Symbol | null = null;
  let least = Infinity;
  // From the top to the bottom, so that of equals the upper one is taken.
  for (let i = symbols.length - 1; i >= 0; i--) {
    const symbol = symbols[i]!;
    const distance = Math.max(0, Math.hypot(symbol.x - x, symbol.y - y) - symbol.size / 2);
    if (distance <= tolerance && distance < least) {
      least = distance;
      best = symbol;
    }
  }
  return best;
}
