// How far one gets: isochrones of the chosen origin, the straight-line rings to compare them
// with, and the grounds.
import { outerArcs, type Circle } from "./arcs";
import { touches, trace, traceAll } from "./draw";
import { widest, type Model } from "./model";
import type { Frame } from "./tiles";
import type { View } from "./view";
import { metresPerUnit, scaleAt } from "./world";

type Context = CanvasRenderingContext2D;

/** The isochrones of the chosen origin: index of the shape by position of its threshold. */
export function reachOf({ reach, study }: Model, view: View): Map<number, number> {
  const found = new Map<number, number>();
  const variant = widest(study, view.profile);
  reach.origin.forEach((origin, shape) => {
    if (origin !== view.origin || reach.variant[shape] !== variant) return;
    const step = study.minutes.indexOf(reach.minutes[shape]!);
    if (step >= 0) found.set(step, shape);
  });
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** Fills bands: each area without the next smaller one, so that tints do not add up. */
export function paintReachAreas(context: Context, frame: Frame, model: Model, view: View): void {
  const { shapes } = model.reach;
  const { colour, fill } = model.study.style.isochrones;
  let inner: number | null = null;
  context.fillStyle = colour;
  for (const [step, shape] of reachOf(model, view)) {
    if (touches(shapes, shape, frame, 0)) {
      traceAll(context, shapes, inner === null ? [shape] : [shape, inner], frame);
      context.globalAlpha = fill[Math.min(step, fill.length - 1)]!;
      context.fill("evenodd");
    }
    inner = shape;
  }
  context.globalAlpha = 1;
}

export function paintReachLines(context: Context, frame: Frame, model: Model, view: View): void {
  const { shapes } = model.reach;
  const { colour, dash, width } = model.study.style.isochrones;
  context.strokeStyle = colour;
  context.lineCap = "butt";
  for (const [step, shape] of [...reachOf(model, view)].reverse()) {
    if (!touches(shapes, shape, frame, 4)) continue;
    traceAll(context, shapes, [shape], frame);
    context.setLineDash(dashOf(dash[Math.min(step, dash.length - 1)]!));
    context.lineWidth = width[Math.min(step, width.length - 1)]!;
    context.stroke();
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
  const { colour, width, hatch, hatch_step } = model.study.style.grounds;
  const { grounds, outlines } = model;
  for (let site = 0; site < grounds.length; site++) {
    if (!touches(grounds, site, frame, width)) continue;
    traceAll(context, grounds, [site], frame);
    context.save();
    context.clip("evenodd");
    context.beginPath();
    const height = frame.bottom - frame.top;
    // The lines start at multiples of their distance, so that they meet those of other tiles.
    const first = Math.floor((frame.left - frame.bottom) / hatch_step) * hatch_step;
    for (let c = first; c <= frame.right - frame.top; c += hatch_step) {
      const x = c + frame.top - frame.left;
      context.moveTo(x, 0);
      context.lineTo(x + height, height);
    }
    context.globalAlpha = hatch;
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
