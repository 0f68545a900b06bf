import { describe, expect, it, vi } from "vitest";
import { moved, normalised, weigh, wholePercents } from "../src/scoring";
import type { Ranking } from "../src/placement";

vi.mock("leaflet", () => ({}));
const { readFragment, writeFragment } = await import("../src/fragment");
import { sampleModel, sampleView } from "./sample";

function ranking(scaled: number[][]): Ranking {
  const k = scaled[0]!.length;
  return {
    id: "cafe", label: "Café", gender: "n", profile: 0, none: "", cautions: [], total: scaled.length, limit: 30,
    criteria: Array.from({ length: k }, (_, i) => ({ id: `k${i}`, label: `K ${i}`, unit: "", digits: 0 })),
    weights: Array.from({ length: k }, () => 1 / k),
    candidates: scaled.map((row, index) => ({
      index, id: `n ${index}&`, name: `Ort ${index}`, kind: "", campus: -1, x: 0, y: 0, facts: "",
      scaled: row, raw: row.map(() => 2), minutes: [], neighbours: [],
    })),
  };
}

describe("weights", () => {
  it("are shared out as whole percents, the rest to the greatest remainders", () => {
    expect(wholePercents([1, 1, 1])).toEqual([34, 33, 33]);
    expect(wholePercents([0.125, 0.375, 0.5])).toEqual([13, 37, 50]);
    expect(wholePercents([2, 1], 10)).toEqual([7, 3]);
  });

  it("keep the proportions of the others when one is moved", () => {
    expect(moved([0.5, 0.3, 0.2], 0, 0, [1, 1, 1])).toEqual([0, 60, 40]);
    expect(moved([0.5, 0.3, 0.2], 0, 100, [1, 1, 1])).toEqual([100, 0, 0]);
    expect(moved([100, 0, 0], 0, 40, [0.2, 0.2, 0.6])).toEqual([40, 15, 45]);
    expect(moved([0, 100], 1, 150, [1, 0])).toEqual([0, 100]);
    expect(moved([1], 0, 3, [1])).toEqual([100]);
  });

  it("always add up to a hundred", () => {
    for (let percent = 0; percent <= 100; percent++) {
      const weights = moved([0.31, 0.27, 0.11, 0.31], 2, percent, [1, 1, 1, 1]);
      expect(weights.reduce((a, b) => a + b)).toBe(100);
      expect(weights[2]).toBe(percent);
    }
  });

  it("are divided by their sum from left to right", () => {
    expect(normalised([1, 1, 2])).toEqual([0.25, 0.25, 0.5]);
    expect(normalised([0, 0])).toEqual([0, 0]);
  });
});

describe("the order", () => {
  it("is by score, of equal ones by position", () => {
    const { order, score } = weigh(ranking([[0, 0.5], [1, 0], [0.5, 0.5], [0, 1]]), [0.5, 0.5]);
    expect([...score]).toEqual([0.25, 0.5, 0.5, 0.5]);
    expect(order).toEqual([1, 2, 3, 0]);
  });
});

describe("the address", () => {
  const model = sampleModel();
  model.placement = {
    by: "house", starts: [], neighbours: "", estimated: false, draws: 0, factors: new Float64Array(),
    rankings: [ranking([[0, 1], [1, 0], [1, 1]])], spots: { count: 0 } as never,
  };

  it("keeps project, weights, comparison, candidate and point", () => {
    const view = sampleView({
      project: 0, weights: [30, 70], compared: [2, 0], selected: { type: "candidate", index: 1 },
      pin: { latitude: 51.12345, longitude: -7.00001 },
    });
    const text = writeFragment(view, sampleView(), model, null);
    expect(text).toContain("punkt=51.12345/-7.00001");
    expect(readFragment(text, sampleView(), model).view).toEqual(view);
    const pin = { ...view, selected: { type: "pin" as const, index: 0 } };
    expect(readFragment(writeFragment(pin, sampleView(), model, null), sampleView(), model).view).toEqual(pin);
  });

  it.each([
    "projekt=nichts&gewichte=30+70", "projekt=cafe&gewichte=30+60", "projekt=cafe&gewichte=100",
    "projekt=cafe&gewichte=-10+110", "projekt=cafe&vergleich=nie", "punkt=91/0", "punkt=a/b", "blatt=punkt",
    "standort=n+1%26",
  ])("leaves aside what makes no sense: %s", (text) => {
    const { view } = readFragment(text, sampleView(), model);
    expect(view.weights).toBeNull();
    expect(view.compared).toEqual([]);
    expect(view.pin).toBeNull();
    expect(view.selected).toBeNull();
  });
});
