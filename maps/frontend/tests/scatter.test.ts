import { describe, expect, it } from "vitest";
import { scatter, sizesAt } from "../src/scatter";

const sizes = { whole: 24, mark: 10 };
const at = (x: number, y: number, mayBeWhole = true) => ({ x, y, mayBeWhole });

describe("scatter", () => {
  it("leaves nothing out", () => {
    const wanted = Array.from({ length: 200 }, (_, i) => at((i % 5) * 3, Math.floor(i / 100)));
    expect(scatter(wanted, sizes)).toHaveLength(200);
  });

  it("gives whole symbols where there is room, first come first served", () => {
    const spots = scatter([at(0, 0), at(10, 0), at(60, 0)], sizes);
    expect(spots.map(({ whole }) => whole)).toEqual([true, false, true]);
  });

  it("keeps whole symbols where they are", () => {
    const [spot] = scatter([at(3, 4)], sizes);
    expect(spot).toEqual({ x: 3, y: 4, whole: true });
  });

  it("moves marks aside until they can be seen", () => {
    const spots = scatter([at(0, 0), at(0, 0), at(0, 0), at(0, 0)], sizes);
    for (const [i, a] of spots.entries()) {
      for (const b of spots.slice(i + 1)) {
        const radii = (a.whole ? 12 : 5) + (b.whole ? 12 : 5);
        expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(0.74 * radii);
      }
    }
    for (const { x, y } of spots) expect(Math.hypot(x, y)).toBeLessThan(50);
  });

  it("keeps clear of what is there already", () => {
    const [spot] = scatter([at(0, 0)], sizes, [{ x: 4, y: 0 }]);
    expect(spot!.whole).toBe(false);
  });

  it("does not make marks whole that may not be", () => {
    expect(scatter([at(0, 0, false)], sizes)[0]!.whole).toBe(false);
  });
});

it("draws larger symbols nearer by", () => {
  const wholes = [12, 14, 16, 18].map((zoom) => sizesAt(zoom).whole);
  expect(wholes).toEqual([...wholes].sort((a, b) => a - b));
});
