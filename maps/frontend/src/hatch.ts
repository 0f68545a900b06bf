// Patterns: grounds fall to the right, what is only possible rises, common ground is dotted.
import type { Frame } from "./tiles";

type Direction = "falling" | "rising";

/** Adds diagonals all over a frame to a new path; they meet those of other tiles. */
export function hatch(
  context: CanvasRenderingContext2D, frame: Frame, step: number, direction: Direction,
): void {
  const { left, top, right, bottom } = frame;
  const height = bottom - top;
  const falling = direction === "falling";
  // Lines lie where x - y or x + y is a multiple of their distance.
  const [first, last] = falling ? [left - bottom, right - top] : [left + top, right + bottom];
  context.beginPath();
  for (let c = Math.floor(first / step) * step; c <= last; c += step) {
    const x = falling ? c + top - left : c - top - left;
    context.moveTo(x, 0);
    context.lineTo(falling ? x + height : x - height, height);
  }
}

/** Adds dots all over a frame to a new path, each row shifted by half a step; they meet those of other tiles. */
export function dots(
  context: CanvasRenderingContext2D, frame: Frame, step: number, radius: number,
): void {
  const { left, top, right, bottom } = frame;
  context.beginPath();
  for (let row = Math.floor((top - radius) / step); row * step <= bottom + radius; row++) {
    const shift = row % 2 === 0 ? 0 : step / 2;
    for (let x = Math.floor((left - radius) / step) * step - shift; x <= right + radius; x += step) {
      context.moveTo(x - left + radius, row * step - top);
      context.arc(x - left, row * step - top, radius, 0, 2 * Math.PI);
    }
  }
}

/** Rising diagonals over a box, as the path of an SVG. */
export function hatchLines(width: number, height: number, step: number): string {
  let path = "";
  for (let x = step / 2; x < width + height; x += step) path += `M${x} 0L${x - height} ${height}`;
  return path;
}
