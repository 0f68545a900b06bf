// Paths of packed shapes on a canvas.
import type { Shapes } from "./codec";
import type { Frame } from "./tiles";
import { scaleAt } from "./world";

/** Whether a shape touches a frame grown by a margin in pixels. */
export function touches(shapes: Shapes, shape: number, frame: Frame, margin: number): boolean {
  const scale = scaleAt(frame.zoom);
  const x0 = shapes.x0 * scale, y0 = shapes.y0 * scale;
  const at = 4 * shape;
  return (
    shapes.bounds[at]! * scale + x0 <= frame.right + margin
    && shapes.bounds[at + 2]! * scale + x0 >= frame.left - margin
    && shapes.bounds[at + 1]! * scale + y0 <= frame.bottom + margin
    && shapes.bounds[at + 3]! * scale + y0 >= frame.top - margin
  );
}

/** The indexes of the shapes of a range that touch a frame and are not too small to see. */
export function visible(
  shapes: Shapes, from: number, to: number, frame: Frame, margin: number, smallest = 0,
): number[] {
  const scale = scaleAt(frame.zoom);
  const west = (frame.left - margin) / scale - shapes.x0;
  const east = (frame.right + margin) / scale - shapes.x0;
  const north = (frame.top - margin) / scale - shapes.y0;
  const south = (frame.bottom + margin) / scale - shapes.y0;
  const least = smallest / scale;
  const { bounds } = shapes;
  const found: number[] = [];
  for (let i = from; i < to; i++) {
    const at = 4 * i;
    const w = bounds[at]!, n = bounds[at + 1]!, e = bounds[at + 2]!, s = bounds[at + 3]!;
    if (w <= east && e >= west && n <= south && s >= north && Math.max(e - w, s - n) >= least) {
      found.push(i);
    }
  }
  return found;
}

/**
 * Adds a shape to the current path, in pixels of the frame. At small scales points that fall on the same pixel as
 * their predecessor are left out.
 */
export function trace(
  context: CanvasRenderingContext2D, shapes: Shapes, shape: number, frame: Frame,
): void {
  const scale = scaleAt(frame.zoom);
  const x0 = shapes.x0 * scale - frame.left, y0 = shapes.y0 * scale - frame.top;
  const { xs, ys, pointsFrom, partsFrom } = shapes;
  const closed = shapes.kind[shape] === 2;
  const step = frame.zoom >= 17 ? 0 : 0.6;
  for (let part = partsFrom[shape]!; part < partsFrom[shape + 1]!; part++) {
    const from = pointsFrom[part]!, to = pointsFrom[part + 1]!;
    let x = xs[from]! * scale + x0, y = ys[from]! * scale + y0;
    context.moveTo(x, y);
    for (let p = from + 1; p < to; p++) {
      const nextX = xs[p]! * scale + x0, nextY = ys[p]! * scale + y0;
      if (p < to - 1 && Math.abs(nextX - x) < step && Math.abs(nextY - y) < step) continue;
      context.lineTo(nextX, nextY);
      x = nextX;
      y = nextY;
    }
    if (closed) context.closePath();
  }
}

/** Adds many shapes as one path, to be filled or stroked at once. */
export function traceAll(
  context: CanvasRenderingContext2D, shapes: Shapes, indexes: Iterable<number>, frame: Frame,
): void {
  context.beginPath();
  for (const index of indexes) trace(context, shapes, index, frame);
}

/** A value between those given for some zooms; beyond them the outermost one. */
export function byZoom(table: readonly (readonly [number, number])[], zoom: number): number {
  let [lowZoom, low] = table[0]!;
  for (const [highZoom, high] of table) {
    if (zoom <= highZoom) {
      if (highZoom === lowZoom) return high;
      return low + ((high - low) * (zoom - lowZoom)) / (highZoom - lowZoom);
    }
    [lowZoom, low] = [highZoom, high];
  }
  return low;
}
