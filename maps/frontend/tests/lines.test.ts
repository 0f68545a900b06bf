import { describe, expect, it } from "vitest";
import { along, joined, pointAt, track, turnBetween } from "../src/lines";

const line = (...points: [number, number][]) => ({
  xs: points.map(([x]) => x), ys: points.map(([, y]) => y),
});

describe("joining", () => {
  it("joins pieces in any order and direction", () => {
    const [whole, ...rest] = joined([
      line([20, 0], [30, 0]), line([10, 0], [0, 0]), line([10, 0], [20, 0]),
    ]);
    expect(rest).toEqual([]);
    const xs = whole!.xs[0] === 0 ? whole!.xs : [...whole!.xs].reverse();
    expect(xs).toEqual([0, 10, 20, 30]);
  });

  it("goes straight on at a fork", () => {
    const lines = joined([
      line([0, 0], [10, 0]), line([10, 0], [10, 10]), line([10, 0], [20, 1]),
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[0]!.xs).toContain(20);
  });

  it("does not turn back", () => {
    expect(joined([line([0, 0], [10, 0]), line([10, 0], [1, 2])])).toHaveLength(2);
  });

  it("ends with a closed line", () => {
    const square = line([0, 0], [10, 0], [10, 10], [0, 10], [0, 0]);
    expect(joined([square])).toEqual([square]);
  });
});

describe("letters along a line", () => {
  it("stand one after the other from left to right", () => {
    const letters = along(track(line([0, 0], [100, 0])), 10, [10, 20, 10])!;
    expect(letters.map(({ x }) => x)).toEqual([15, 30, 45]);
    expect(letters.every(({ angle }) => angle === 0)).toBe(true);
  });

  it("are never upside down", () => {
    const letters = along(track(line([100, 0], [0, 0])), 10, [10, 10])!;
    expect(letters[0]!.x).toBeLessThan(letters[1]!.x);
    expect(Math.abs(letters[0]!.angle)).toBeLessThan(0.01);
  });

  it("need room", () => {
    expect(along(track(line([0, 0], [15, 0])), 0, [10, 10])).toBeNull();
    expect(along(track(line([0, 0], [15, 0])), -1, [10])).toBeNull();
  });

  it("do not go around sharp corners", () => {
    expect(along(track(line([0, 0], [20, 0], [20, 20])), 5, [10, 10, 10])).toBeNull();
  });
});

it("finds points on the way", () => {
  expect(pointAt(track(line([0, 0], [10, 0], [10, 10])), 15)).toEqual({ x: 10, y: 5 });
});

it("measures turns the short way round", () => {
  expect(turnBetween(Math.PI - 0.1, -Math.PI + 0.1)).toBeCloseTo(0.2);
});
