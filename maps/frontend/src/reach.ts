// How far one gets: isochrones of the chosen origin, the straight-line rings to compare them
// with, and the grounds.
import { outerArcs, type Circle } from "./arcs";
import { touches, trace, traceAll } from "./draw";
import type { Shapes } from "./codec";
import { hatch } from "./hatch";
import type { Model } from "./model";
import type { Frame } from "./tiles";
import type { View } from "./view";
import { metresPerUnit, scaleAt } from "./world";

type Context = CanvasRenderingContext2D;

/** The areas of one state: index of the shape by position of its threshold, ascending. */
export interface Bands {
  shapes: Shapes;
  found: Map<number, number>;
}

/** What is surely reached; for profiles without doubts that is everything. */
export function sureBands({ reach, study }: Model, view: View): Bands {
  const { confirmed } = study.profiles[view.profile]!;
  return { shapes: reach.shapes(confirmed), found: reach.of(confirmed, view.origin) };
}

/** What is possibly reached; null where all that is reached is sure. */
export function possibleBands({ reach, study }: Model, view: View): Bands | null {
  const { possible } = study.profiles[view.profile]!;
  if (possible === null) return null;
  return { shapes: reach.shapes(possible), found: reach.of(possible, view.origin) };
}

/** All that is reached, surely or possibly. */
export function widestBands(model: Model, view: View): Bands {
  return possibleBands(model, view) ?? sureBands(model, view);
}

function at<T>(list: readonly T[], step: number): T {
  return list[Math.min(step, list.length - 1)]!;
}

/** Fills bands: each area without the next smaller one, so that tints do not add up. */
export function paintReachAreas(context: Context, frame: Frame, model: Model, view: View): void {
  const { colour, fill } = model.study.style.isochrones;
  const sure = sureBands(model, view);
  const { shapes } = sure;
  let inner: number | null = null;
  context.fillStyle = colour;
  for (const [step, shape] of sure.found) {
    if (touches(shapes, shape, frame, 0)) {
      traceAll(context, shapes, inner === null ? [shape] : [shape, inner], frame);
      context.globalAlpha = at(fill, step);
      context.fill("evenodd");
    }
    inner = shape;
  }
  context.globalAlpha = 1;
  const possible = possibleBands(model, view);
  if (possible) paintPossible(context, frame, model, possible, sure);
}

/**
 * Hatches what is reached within a threshold only possibly: each band without the next smaller
 * one and without what is surely reached within the same time. The lines are as wide as gives
 * the same tint on the average as that of the sure band.
 */
function paintPossible(
  context: Context, frame: Frame, model: Model, { shapes, found }: Bands, sure: Bands,
): void {
  const { colour, fill, hatch_step, hatch_opacity } = model.study.style.isochrones;
  let inner: number | null = null;
  for (const [step, shape] of found) {
    if (touches(shapes, shape, frame, 0)) {
      context.save();
      traceAll(context, shapes, inner === null ? [shape] : [shape, inner], frame);
      context.clip("evenodd");
      const certain = sure.found.get(step);
      if (certain !== undefined && touches(sure.shapes, certain, frame, 0)) {
        context.beginPath();
        context.rect(-1, -1, frame.right - frame.left + 2, frame.bottom - frame.top + 2);
        trace(context, sure.shapes, certain, frame);
        context.clip("evenodd");
      }
      hatch(context, frame, hatch_step, "rising");
      context.globalAlpha = hatch_opacity;
      context.strokeStyle = colour;
      context.lineWidth = (at(fill, step) * hatch_step) / (hatch_opacity * Math.SQRT2);
      context.setLineDash([]);
      context.stroke();
      context.restore();
    }
    inner = shape;
  }
}

/** The line of each threshold; what is only possible is bounded by thinner ones. */
export function paintReachLines(context: Context, frame: Frame, model: Model, view: View): void {
  const { colour, dash, width, possible_width } = model.study.style.isochrones;
  context.strokeStyle = colour;
  context.lineCap = "butt";
  const possible = possibleBands(model, view);
  const all: [Bands, number][] = [[sureBands(model, view), 1]];
  if (possible) all.unshift([possible, possible_width]);
  for (const [{ shapes, found }, factor] of all) {
    for (const [step, shape] of [...found].reverse()) {
      if (!touches(shapes, shape, frame, 4)) continue;
      traceAll(context, shapes, [shape], frame);
      context.setLineDash(dashOf(at(dash, step)));
      context.lineWidth = factor * at(width, step);
      context.stroke();
    }
  }
  context.setLineDash([]);
  context.lineCap = "round";
}

/** Where straight-line rings start, and their radius for some minutes, both world pixels. */
export function ringsOf(model: Model, view: View): { starts: Circle[]; radius: (minutes: number) => number } {
  const points = model.study.origins[view.origin]?.points ?? [];
  const speed = model.study.profiles[view.profile]!.speed;
  const unit = metresPerUnit(points[0]?.[1] ?? 0);
  return {
    starts: points.map(([x, y]) => ({ x, y })),
    radius: (minutes) => (minutes * 60 * speed) / unit,
  };
}

/** How far one would get if ways were straight: circles around the door or the gates. */
export function paintRings(context: Context, frame: Frame, model: Model, view: View): void {
  const { colour, width } = model.study.style.straight_line;
  const scale = scaleAt(frame.zoom);
  const { starts, radius } = ringsOf(model, view);
  context.strokeStyle = colour;
  context.lineWidth = width;
  for (const minutes of model.study.minutes) {
    const r = radius(minutes);
    starts.forEach(({ x, y }, i) => {
      for (const [from, to] of outerArcs(starts, i, r)) {
        context.beginPath();
        context.arc(x * scale - frame.left, y * scale - frame.top, r * scale, from, to);
        context.stroke();
      }
    });
  }
}

/** Outline and light hatch of the grounds, dark outlines of houses. */
export function paintGrounds(context: Context, frame: Frame, model: Model): void {
  const { colour, width, hatch: opacity, hatch_step } = model.study.style.grounds;
  const { grounds, outlines } = model;
  for (let site = 0; site < grounds.length; site++) {
    if (!touches(grounds, site, frame, width)) continue;
    traceAll(context, grounds, [site], frame);
    context.save();
    context.clip("evenodd");
    hatch(context, frame, hatch_step, "falling");
    context.globalAlpha = opacity;
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.stroke();
    context.restore();
    traceAll(context, grounds, [site], frame);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
  for (let house = 0; house < outlines.length; house++) {
    if (frame.zoom < 15 || !touches(outlines, house, frame, 2)) continue;
    context.beginPath();
    trace(context, outlines, house, frame);
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.stroke();
  }
}

function dashOf(text: string): number[] {
  return text.split(" ").filter(Boolean).map(Number);
}
