import { describe, expect, it, vi } from "vitest";

vi.mock("leaflet", () => ({}));

const { symbolAt, twoLines } = await import("../src/plan");

describe("names on two lines", () => {
  it.each([
    ["Waldhof", ["Waldhof"]],
    ["LWL-Gelände Musterhausen (fiktiv)", ["LWL-Gelände", "Musterhausen (fiktiv)"]],
    ["Donaudampfschifffahrtsgesellschaft", ["Donaudampfschifffahrtsgesel…"]],
  ])("parts %s", (name, lines) => {
    expect(twoLines(name)).toEqual(lines);
  });
});

describe("what lies under a point", () => {
  const symbol = (index: number, x: number, size: number) => ({
    thing: { type: "place" as const, index }, x, y: 0, size, whole: true,
  });
  const symbols = [symbol(0, 0, 24), symbol(1, 10, 24), symbol(2, 100, 10)];

  it("is the upper one of symbols that overlap", () => {
    expect(symbolAt(symbols, 5, 0, 0)?.thing.index).toBe(1);
  });

  it("is the nearest within reach", () => {
    expect(symbolAt(symbols, 110, 0, 4)).toBeNull();
    expect(symbolAt(symbols, 110, 0, 16)?.thing.index).toBe(2);
    expect(symbolAt(symbols, 60, 0, 4)).toBeNull();
  });
});
