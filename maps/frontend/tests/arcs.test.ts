import { describe, expect, it } from "vitest";
import { outerArcs } from "../src/arcs";

const length = (arcs: readonly (readonly [number, number])[]): number =>
  arcs.reduce((sum, [from, to]) => sum + to - from, 0);

describe("outer arcs", () => {
  it("are the whole circle where there is no other", () => {
    expect(outerArcs([{ x: 0, y: 0 }], 0, 5)).toEqual([[0, 2 * Math.PI]]);
    expect(outerArcs([{ x: 0, y: 0 }, { x: 20, y: 0 }], 0, 5)).toEqual([[0, 2 * Math.PI]]);
  });

  it("leave out what another circle covers", () => {
    // At a distance of one radius a third of the circumference lies inside the other.
    const arcs = outerArcs([{ x: 0, y: 0 }, { x: 5, y: 0 }], 0, 5);
    expect(length(arcs)).toBeCloseTo((2 * Math.PI * 2) / 3);
    expect(arcs[0]![0]).toBeCloseTo(Math.PI / 3);
  });

  it("draw circles in the same place once", () => {
    const same = [{ x: 1, y: 1 }, { x: 1, y: 1 }];
    expect(length(outerArcs(same, 0, 5))).toBeCloseTo(2 * Math.PI);
    expect(outerArcs(same, 1, 5)).toEqual([]);
  });

  it("lie outside of all other circles", () => {
    const circles = [{ x: 0, y: 0 }, { x: 3, y: 4 }, { x: -6, y: 1 }, { x: 2, y: -7 }];
    circles.forEach(({ x, y }, i) => {
      for (const [from, to] of outerArcs(circles, i, 5)) {
        const angle = (from + to) / 2;
        const px = x + 5 * Math.cos(angle), py = y + 5 * Math.sin(angle);
        circles.forEach((other, j) => {
          if (j !== i) expect(Math.hypot(px - other.x, py - other.y)).toBeGreaterThanOrEqual(5 - 1e-9);
        });
      }
    });
  });
});
