// Lines to write names along: pieces of one street joined, and a stretch found that is long
// and straight enough for the text.

export interface Line {
  xs: number[];
  ys: number[];
}

/** Joins lines that share end points; at forks the one that goes straight on is taken. */
export function joined(lines: readonly Line[]): Line[] {
  const ends = new Map<string, number[]>();
  const remember = (x: number, y: number, index: number): void => {
    const key = `${x}/${y}`;
    const list = ends.get(key);
    if (list) list.push(index);
    else ends.set(key, [index]);
  };
  lines.forEach(({ xs, ys }, index) => {
    remember(xs[0]!, ys[0]!, index);
    remember(xs.at(-1)!, ys.at(-1)!, index);
  });
  const used = new Set<number>();
  const result: Line[] = [];
  lines.forEach((line, index) => {
    if (used.has(index)) return;
    used.add(index);
    let chain: Line = { xs: [...line.xs], ys: [...line.ys] };
    for (let side = 0; side < 2; side++) {
      for (;;) {
        const next = straightest(lines, ends, used, chain);
        if (!next) break;
        chain.xs.push(...next.xs.slice(1));
        chain.ys.push(...next.ys.slice(1));
      }
      chain = reversed(chain);
    }
    result.push(chain);
  });
  return result;
}

/** The unused line that leaves from the end of a chain with the smallest turn, if any. */
function straightest(
  lines: readonly Line[], ends: Map<string, number[]>, used: Set<number>, chain: Line,
): Line | null {
  const x = chain.xs.at(-1)!, y = chain.ys.at(-1)!;
  const heading = Math.atan2(y - chain.ys.at(-2)!, x - chain.xs.at(-2)!);
  let best: { index: number; line: Line; turn: number } | null = null;
  for (const index of ends.get(`${x}/${y}`) ?? []) {
    if (used.has(index)) continue;
    const candidate = lines[index]!;
    const startsHere = candidate.xs[0] === x && candidate.ys[0] === y;
    const line = startsHere ? candidate : reversed(candidate);
    const turn = Math.abs(turnBetween(heading, Math.atan2(line.ys[1]! - y, line.xs[1]! - x)));
    if (turn < 1.2 && (!best || turn < best.turn)) best = { index, line, turn };
  }
  if (best) used.add(best.index);
  return best?.line ?? null;
}

export function reversed({ xs, ys }: Line): Line {
  return { xs: [...xs].reverse(), ys: [...ys].reverse() };
}

/** The difference of two directions, between -π and π. */
export function turnBetween(from: number, to: number): number {
  const turn = to - from;
  return Math.atan2(Math.sin(turn), Math.cos(turn));
}

/** A line with the way travelled at each of its points. */
export interface Track extends Line {
  at: number[];
  length: number;
}

export function track({ xs, ys }: Line): Track {
  const at = [0];
  for (let i = 1; i < xs.length; i++) {
    at.push(at[i - 1]! + Math.hypot(xs[i]! - xs[i - 1]!, ys[i]! - ys[i - 1]!));
  }
  return { xs, ys, at, length: at.at(-1)! };
}

/** One letter on the map: its middle and its direction. */
export interface Letter {
  x: number;
  y: number;
  angle: number;
}

const SHARPEST_TURN = 0.42;
const WHOLE_BEND = 1.3;

/**
 * Puts letters along a track, beginning at a distance from its start.
 *
 * Returns null where the way bends too sharply to be read. The letters run so that they are
 * not upside down.
 */
export function along(track: Track, start: number, advances: readonly number[]): Letter[] | null {
  const width = advances.reduce((sum, advance) => sum + advance, 0);
  if (start < 0 || start + width > track.length) return null;
  const first = pointAt(track, start), last = pointAt(track, start + width);
  const backwards = last.x < first.x;
  const letters: Letter[] = [];
  let done = 0;
  for (const advance of advances) {
    const from = backwards ? start + width - done : start + done;
    const to = backwards ? from - advance : from + advance;
    const a = pointAt(track, from), b = pointAt(track, to);
    const angle = Math.atan2(b.y - a.y, b.x - a.x);
    const before = letters.at(-1);
    if (before && Math.abs(turnBetween(before.angle, angle)) > SHARPEST_TURN) return null;
    if (letters[0] && Math.abs(turnBetween(letters[0].angle, angle)) > WHOLE_BEND) return null;
    letters.push({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, angle });
    done += advance;
  }
  return letters;
}

export function pointAt({ xs, ys, at }: Track, distance: number): { x: number; y: number } {
  let low = 0, high = at.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= distance) low = middle;
    else high = middle;
  }
  const span = at[high]! - at[low]!;
  const share = span ? (distance - at[low]!) / span : 0;
  return {
    x: xs[low]! + (xs[high]! - xs[low]!) * share,
    y: ys[low]! + (ys[high]! - ys[low]!) * share,
  };
}
