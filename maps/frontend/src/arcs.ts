// The outline of overlapping circles of one radius: the parts of each that lie in no other.

export interface Circle {
  x: number;
  y: number;
}

/** From and to an angle, radians, from < to. */
export type Arc = readonly [number, number];

const TURN = 2 * Math.PI;

/** Arcs of circle i that no other circle of the same radius covers. */
export function outerArcs(circles: readonly Circle[], i: number, radius: number): Arc[] {
  const { x, y } = circles[i]!;
  const covered: [number, number][] = [];
  for (let j = 0; j < circles.length; j++) {
    const dx = circles[j]!.x - x, dy = circles[j]!.y - y;
    const distance = Math.hypot(dx, dy);
    // Of circles in the same place the first one is drawn.
    if (distance === 0 && j < i) return [];
    if (distance === 0 || distance >= 2 * radius) continue;
    const middle = Math.atan2(dy, dx);
    const half = Math.acos(distance / (2 * radius));
    const from = (((middle - half) % TURN) + TURN) % TURN;
    const to = from + 2 * half;
    if (to > TURN) covered.push([from, TURN], [0, to - TURN]);
    else covered.push([from, to]);
  }
  if (!covered.length) return [[0, TURN]];
  covered.sort((a, b) => a[0] - b[0]);
  const open: Arc[] = [];
  let reached = 0;
  for (const [from, to] of covered) {
    if (from > reached) open.push([reached, from]);
    reached = Math.max(reached, to);
  }
  if (reached < TURN) open.push([reached, TURN]);
  return open;
}
