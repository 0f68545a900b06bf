// "5 Min." on the line of each isochrone, "Luftlinie" on that of each ring.
import { around, meet } from "./boxes";
import { commonGround } from "./common";
import type { Shapes } from "./codec";
import type { Measure } from "./lettering";
import type { Model } from "./model";
import type { Room } from "./names";
import { possibleBands, ringsOf, sureBands, type Bands } from "./reach";
import type { View } from "./view";
import { scaleAt } from "./world";

/** Where labels are tried, clockwise from the north, in degrees; so many are wanted. */
const BEARINGS = [20, 140, 260, 60, 320, 200, 100, 0, 180, 240, 290, 120];
const WANTED = 3;
const RING_BEARINGS = [318, 42, 138, 222, 270, 90, 0, 180];
const COMMON_BEARINGS = [200, 20, 290, 110];
const HEIGHT = 24;
/** Pixels; see linesOf. */
const LEAST_SPAN = 160;

interface Spot {
  x: number;
  y: number;
}

export function placeReachLabels(
  model: Model, view: View, zoom: number, measure: Measure, room: Room,
): void {
  const { style, minutes } = model.study;
  const put = (text: string, spots: Iterable<Spot>, colour: string, need: Need): boolean => {
    const font = { size: 15, weight: 700 as const, family: style.text["font"]! };
    const width = measure.width(text, font) + 16;
    for (const { x, y } of spots) {
      const box = around(x, y, width + 8, HEIGHT + 8);
      if (need !== "any" && !room.boxes.isFree(box)) continue;
      if (need === "any" && room.labels.some((label) => meet(label.box, box))) continue;
      if (need === "clear" && !room.marks.isFree(box)) continue;
      room.boxes.add(box);
      room.labels.push({
        text, font, letters: null, x, y, box, colour, halo: style.text["paper"]!,
        plate: { fill: style.text["paper"]!, line: colour, width, height: HEIGHT },
      });
      return true;
    }
    return false;
  };
  if (view.reach) {
    for (const { text, ring, turn, wanted } of linesOf(model, view, zoom)) {
      const spots = BEARINGS.map((bearing) => [...towards(ring, bearing + turn)]);
      const { colour } = style.isochrones;
      let done = 0;
      for (const near of spots) if (done < wanted && put(text, near, colour, "clear")) done++;
      // No line goes without its minutes, even where symbols crowd.
      if (done || put(text, spots.flat(), colour, "free")) continue;
      // Rather beside its line than under a symbol.
      if (!put(text, outside(ring, spots.flat()), colour, "free")) put(text, spots.flat(), colour, "any");
    }
  }
  const common = view.common ? commonGround(model, view) : null;
  if (common) {
    const ring = outerRing(common.shapes, common.shape, zoom);
    const spots = COMMON_BEARINGS.flatMap((bearing) => [...towards(ring, bearing)]);
    const { colour } = style.common_ground;
    const text = `Gemeinsam ${common.minutes}\u00a0Min.`;
    // A small area is rather labelled beside than beneath its label.
    const tried = ring.span < 2 * LEAST_SPAN ? outside(ring, spots) : spots;
    if (!put(text, tried, colour, "clear") && !put(text, tried, colour, "free")) put(text, tried, colour, "any");
  }
  if (view.ring) {
    const scale = scaleAt(zoom);
    const { starts, radius } = ringsOf(model, view);
    if (!starts.length) return;
    const { colour, label } = style.straight_line;
    for (const value of minutes) {
      const spots = RING_BEARINGS.map((bearing) => outermost(starts, radius(value), bearing, scale));
      const text = `${label} ${value}\u00a0Min.`;
      if (!put(text, spots, colour, "clear") && !put(text, spots, colour, "free")) put(text, spots, colour, "any");
    }
  }
}

interface Line {
  text: string;
  ring: Ring;
  /** Degrees by which the bearings are turned, so that neighbours are labelled elsewhere. */
  turn: number;
  wanted: number;
}

/** The lines to be labelled. Where there are two kinds, each is labelled once, and says which it is. */
function linesOf(model: Model, view: View, zoom: number): Line[] {
  const sure = sureBands(model, view), possible = possibleBands(model, view);
  const lines: Line[] = [];
  const add = ({ shapes, found }: Bands, word: string, turn: number, wanted: number): void => {
    let last = 0;
    for (const [step, shape] of found) {
      const ring = outerRing(shapes, shape, zoom);
      // An area hardly larger than its label, or than that of less time, needs none of its own.
      if (word && (ring.span < LEAST_SPAN || ring.span < 1.02 * last)) continue;
      last = ring.span;
      const text = `${model.study.minutes[step]}\u00a0Min.${word}`;
      lines.push({ text, ring, turn: turn + step * 25, wanted });
    }
  };
  if (possible) {
    add(sure, "\u00a0gesichert", 0, 1);
    add(possible, "\u00a0möglich", 12, 1);
  } else {
    add(sure, "", 0, WANTED);
  }
  return lines;
}

/** Whether a label needs a spot without any symbol, without a whole one, or without a label. */
type Need = "clear" | "free" | "any";

/** The point of some circles that lies farthest in a direction. */
function outermost(starts: readonly Spot[], radius: number, bearing: number, scale: number): Spot {
  const angle = ((bearing - 90) * Math.PI) / 180;
  const dx = Math.cos(angle), dy = Math.sin(angle);
  const far = starts.reduce((a, b) => (b.x * dx + b.y * dy > a.x * dx + a.y * dy ? b : a));
  return { x: (far.x + radius * dx) * scale, y: (far.y + radius * dy) * scale };
}

interface Ring {
  /** Width plus height in pixels. */
  span: number;
  xs: number[];
  ys: number[];
}

/** The part of a shape that spans the widest, in pixels of the zoom level. */
function outerRing(shapes: Shapes, shape: number, zoom: number): Ring {
  const { partsFrom, pointsFrom, xs, ys, x0, y0 } = shapes;
  let widest: [number, number] = [0, 0];
  let span = -1;
  for (let part = partsFrom[shape]!; part < partsFrom[shape + 1]!; part++) {
    const from = pointsFrom[part]!, to = pointsFrom[part + 1]!;
    const part_xs = xs.subarray(from, to), part_ys = ys.subarray(from, to);
    const size = Math.max(...part_xs) - Math.min(...part_xs) + Math.max(...part_ys) - Math.min(...part_ys);
    if (size > span) {
      span = size;
      widest = [from, to];
    }
  }
  const scale = scaleAt(zoom);
  return {
    span: span * scale,
    xs: Array.from(xs.subarray(...widest), (x) => (x + x0) * scale),
    ys: Array.from(ys.subarray(...widest), (y) => (y + y0) * scale),
  };
}

/** The same spots, farther from the middle of a ring. */
function outside({ xs, ys }: Ring, spots: readonly Spot[]): Spot[] {
  const x0 = (Math.min(...xs) + Math.max(...xs)) / 2, y0 = (Math.min(...ys) + Math.max(...ys)) / 2;
  return [30, 60].flatMap((farther) => spots.map(({ x, y }) => {
    const factor = 1 + farther / Math.max(1, Math.hypot(x - x0, y - y0));
    return { x: x0 + (x - x0) * factor, y: y0 + (y - y0) * factor };
  }));
}

/** Points of a ring, beginning with the outermost one in a direction and going along it. */
function* towards({ xs, ys }: Ring, bearing: number): Generator<Spot> {
  const angle = ((bearing - 90) * Math.PI) / 180;
  const dx = Math.cos(angle), dy = Math.sin(angle);
  let farthest = 0;
  let best = -Infinity;
  xs.forEach((x, i) => {
    const reach = x * dx + ys[i]! * dy;
    if (reach > best) {
      best = reach;
      farthest = i;
    }
  });
  const count = xs.length;
  const stride = Math.max(1, Math.round(count / 60));
  for (let step = 0; step < 6; step++) {
    for (const side of step ? [1, -1] : [1]) {
      const i = (farthest + side * step * stride + count) % count;
      yield { x: xs[i]!, y: ys[i]! };
    }
  }
}
