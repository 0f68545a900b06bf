// Diagonal lines: grounds fall to the right, what is only possible rises to the right.
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

/** Rising diagonals over a box, as the path of an SVG. */
export function hatchLines(width: number, height: number, step: number): string {
  let path = "";
  for (let x = step / 2; x < width + height; x += step) path += `M${x} 0L${x - height} ${height}`;
  return path;
}
