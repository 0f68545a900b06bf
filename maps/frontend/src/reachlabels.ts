// "5 Min." on the line of each isochrone, "Luftlinie" on that of each ring.
import { around, meet } from "./boxes";
import type { Shapes } from "./codec";
import type { Measure } from "./lettering";
import type { Model } from "./model";
import type { Room } from "./names";
import { reachOf, ringsOf } from "./reach";
import type { View } from "./view";
import { scaleAt } from "./world";

/** Where labels are tried, clockwise from the north, in degrees; so many are wanted. */
const BEARINGS = [20, 140, 260, 60, 320, 200, 100, 0, 180, 240, 290, 120];
const WANTED = 3;
const RING_BEARINGS = [318, 42, 138, 222, 270, 90, 0, 180];
const HEIGHT = 24;

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
    for (const [step, shape] of reachOf(model, view)) {
      const ring = outerRing(model.reach.shapes, shape, zoom);
      const spots = BEARINGS.map((bearing) => [...towards(ring, bearing + step * 25)]);
      const text = `${minutes[step]}\u00a0Min.`;
      const { colour } = style.isochrones;
      let done = 0;
      for (const near of spots) if (done < WANTED && put(text, near, colour, "clear")) done++;
      // No line goes without its minutes, even where symbols crowd.
      if (!done && !put(text, spots.flat(), colour, "free")) put(text, spots.flat(), colour, "any");
    }
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
    xs: Array.from(xs.subarray(...widest), (x) => (x + x0) * scale),
    ys: Array.from(ys.subarray(...widest), (y) => (y + y0) * scale),
  };
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
