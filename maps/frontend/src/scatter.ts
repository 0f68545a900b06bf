// Where symbols stand on the map at a zoom level. Those that come first get a whole symbol if
// there is room; the others a small mark of the same shape, moved aside if it would be hidden.
// Nothing is left out, so what looks like many places is many places.

export interface Spot {
  /** Pixels of the zoom level. */
  x: number;
  y: number;
  whole: boolean;
}

export interface Sizes {
  whole: number;
  mark: number;
}

/** Sizes of symbols and marks, pixels. */
export function sizesAt(zoom: number): Sizes {
  if (zoom >= 18) return { whole: 30, mark: 12 };
  if (zoom >= 16) return { whole: 27, mark: 11 };
  if (zoom >= 14) return { whole: 24, mark: 9 };
  return { whole: 20, mark: 7 };
}

/**
 * Lays out symbols.
 *
 * wanted: middle of each symbol in pixels, and whether it may be whole, first come first served.
 * taken: symbols that are there already (houses, gates).
 */
export function scatter(
  wanted: readonly { x: number; y: number; mayBeWhole: boolean }[],
  sizes: Sizes,
  taken: readonly { x: number; y: number }[] = [],
): Spot[] {
  const grid = new Grid(sizes.whole + 2);
  for (const { x, y } of taken) grid.add(x, y, sizes.whole / 2);
  const spots: Spot[] = wanted.map(({ x, y, mayBeWhole }) => {
    const whole = mayBeWhole && grid.isFree(x, y, sizes.whole / 2, 0.94);
    if (whole) grid.add(x, y, sizes.whole / 2);
    return { x, y, whole };
  });
  for (const spot of spots) {
    if (spot.whole) continue;
    moveAside(spot, grid, sizes.mark / 2);
    grid.add(spot.x, spot.y, sizes.mark / 2);
  }
  return spots;
}

/** Tries rings around the true spot, nearest first, until the mark can be seen. */
function moveAside(spot: Spot, grid: Grid, radius: number): void {
  if (grid.isFree(spot.x, spot.y, radius, 0.75)) return;
  const { x, y } = spot;
  for (let ring = 1; ring <= 6; ring++) {
    const distance = ring * radius * 1.6;
    for (let turn = 0; turn < 8; turn++) {
      const angle = ((turn + (ring % 2) / 2) * Math.PI) / 4;
      const nextX = x + distance * Math.cos(angle), nextY = y + distance * Math.sin(angle);
      if (grid.isFree(nextX, nextY, radius, 0.75)) {
        spot.x = nextX;
        spot.y = nextY;
        return;
      }
    }
  }
}

/** Discs in cells; asks whether another one overlaps by more than is allowed. */
class Grid {
  private readonly cells = new Map<string, { x: number; y: number; radius: number }[]>();

  constructor(private readonly size: number) {}

  add(x: number, y: number, radius: number): void {
    const key = `${Math.floor(x / this.size)}/${Math.floor(y / this.size)}`;
    const cell = this.cells.get(key);
    if (cell) cell.push({ x, y, radius });
    else this.cells.set(key, [{ x, y, radius }]);
  }

  isFree(x: number, y: number, radius: number, share: number): boolean {
    const column = Math.floor(x / this.size), row = Math.floor(y / this.size);
    for (let c = column - 1; c <= column + 1; c++) {
      for (let r = row - 1; r <= row + 1; r++) {
        for (const disc of this.cells.get(`${c}/${r}`) ?? []) {
          if (Math.hypot(disc.x - x, disc.y - y) < (disc.radius + radius) * share) return false;
        }
      }
    }
    return true;
  }
}
