// "5 Min." on the line of each isochrone, "Luftlinie" on that of each ring.
import { around, type Boxes } from "./boxes";
import type { Shapes } from "./codec";
import type { Label, Measure } from "./lettering";
import type { Model } from "./model";
import { reachOf, ringsOf } from "./reach";
import type { View } from "./view";
import { scaleAt } from "./world";

/** Where labels are tried first, clockwise from the north, in degrees. */
const BEARINGS = [20, 140, 260];
const RING_BEARING = 318;

export function placeReachLabels(
  model: Model, view: View, zoom: number, measure: Measure, boxes: Boxes, labels: Label[],
): void {
  const { style, minutes } = model.study;
  const put = (text: string, x: number, y: number, colour: string): boolean => {
    const font = { size: 15, weight: 700 as const, family: style.text["font"]! };
    const width = measure.width(text, font) + 16;
    const box = around(x, y, width, 24);
    if (!boxes.take([around(x, y, width + 10, 34)])) return false;
    labels.push({
      text, font, letters: null, x, y, box, colour, halo: style.text["paper"]!,
      plate: { fill: style.text["paper"]!, line: colour, width, height: 24 },
    });
    return true;
  };
  if (view.reach) {
    for (const [step, shape] of reachOf(model, view)) {
      const ring = outerRing(model.reach.shapes, shape, zoom);
      for (const bearing of BEARINGS) {
        for (const { x, y } of towards(ring, bearing + step * 25)) {
          if (put(`${minutes[step]}\u00a0Min.`, x, y, style.isochrones.colour)) break;
        }
      }
    }
  }
  if (view.ring) {
    const scale = scaleAt(zoom);
    const { starts, radius } = ringsOf(model, view);
    const start = starts[0];
    if (!start) return;
    const angle = ((RING_BEARING - 90) * Math.PI) / 180;
    for (const value of minutes) {
      const r = radius(value);
      const x = (start.x + r * Math.cos(angle)) * scale;
      const y = (start.y + r * Math.sin(angle)) * scale;
      put(`${style.straight_line.label} ${value}\u00a0Min.`, x, y, style.straight_line.colour);
    }
  }
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
function* towards({ xs, ys }: Ring, bearing: number): Generator<{ x: number; y: number }> {
  const angle = ((bearing - 90) * Math.PI) / 180;
  const dx = Math.cos(angle), dy = Math.sin(angle);
  let outermost = 0;
  let best = -Infinity;
  xs.forEach((x, i) => {
    const reach = x * dx + ys[i]! * dy;
    if (reach > best) {
      best = reach;
      outermost = i;
    }
  });
  const count = xs.length;
  const stride = Math.max(1, Math.round(count / 60));
  for (let step = 0; step < 6; step++) {
    for (const side of step ? [1, -1] : [1]) {
      const i = (outermost + side * step * stride + count) % count;
      yield { x: xs[i]!, y: ys[i]! };
    }
  }
}
