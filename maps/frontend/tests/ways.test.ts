import { describe, expect, it } from "vitest";
import { Coverage, percentInWords, seatedInWords, unknownInWords } from "../src/coverage";
import { countWithin, matching } from "../src/filter";
import { hatchLines } from "../src/hatch";
import { Reach } from "../src/reachpacks";
import { hasTwo, listedVariant, surenessOf } from "../src/ways";
import { rangeInWords, rangeSpoken, surenessInWords } from "../src/words";
import { sampleModel, sampleView } from "./sample";

const model = sampleModel();
const wheels = sampleView({ profile: 1 });
const ids = (view = wheels): string[] => matching(model, view).map(({ place }) => place.id);

describe("on wheels", () => {
  it("takes possible ways unless only sure ones are asked for", () => {
    expect(listedVariant(model.study, wheels)).toBe(2);
    expect(listedVariant(model.study, { ...wheels, sure: true })).toBe(1);
    expect(listedVariant(model.study, sampleView({ sure: true }))).toBe(0);
    expect(hasTwo(model.study, wheels)).toBe(true);
    expect(hasTwo(model.study, sampleView())).toBe(false);
  });

  it("tells sure, longer and only possible places apart", () => {
    const states = model.places.map((place) => surenessOf(model, wheels, place));
    expect(states).toEqual([
      { state: "longer", seconds: 500 }, { state: "sure", seconds: 70 },
      { state: "possible", seconds: null }, null,
    ]);
    expect(model.places.map((place) => surenessOf(model, sampleView(), place))).toEqual([null, null, null, null]);
  });

  it("lists only sure ones where they are asked for, with their own times", () => {
    expect(ids()).toEqual(["n2", "n1", "n3", "n4"]);
    const sure = matching(model, { ...wheels, sure: true });
    expect(sure.map(({ place, seconds }) => [place.id, seconds])).toEqual([["n2", 70], ["n1", 500]]);
    // On foot everything is sure, and nothing is left out.
    expect(ids(sampleView({ sure: true }))).toEqual(ids(sampleView()));
  });

  it("counts both", () => {
    expect(countWithin(model, wheels, 0, 15, 1)).toBe(1);
    expect(countWithin(model, wheels, 1, 15, 1)).toBe(0);
    expect(countWithin(model, wheels, 1, 15, 2)).toBe(1);
  });
});

describe("words", () => {
  it.each([
    ["sure", 70, "gesichert"], ["longer", 500, "gesichert in 9\u00a0Min."],
    ["possible", null, "möglich – Wegezustand nicht bekannt"],
  ] as const)("says %s", (state, seconds, text) => {
    expect(surenessInWords({ state, seconds })).toBe(text);
  });

  it.each([
    [0, 5, "0–5", "keine gesichert, 5 nach Datenlage möglich"],
    [3, 12, "3–12", "3 gesichert, 12 nach Datenlage möglich"],
    [4, 4, "4", "4, alle gesichert"], [0, 0, "0", "keine"],
  ])("says %d and %d", (sure, possible, text, heard) => {
    expect(rangeInWords(sure, possible)).toBe(text);
    expect(rangeSpoken(sure, possible)).toBe(heard);
  });

  it.each([
    [0.1, "weniger als 1\u00a0%"], [0.5, "1\u00a0%"], [1, "1\u00a0%"], [77.6, "78\u00a0%"],
    [99, "99\u00a0%"], [99.5, "99\u00a0%"], [99.6, "mehr als 99\u00a0%"],
  ])("rounds %d so that it stays true", (value, text) => {
    expect(percentInWords(value)).toBe(text);
  });

  it("says how much is known, and how much has seats", () => {
    expect(unknownInWords(78, 10)).toBe("Bei 78\u00a0% der Wege im Umkreis von 10\u00a0Minuten ist der Zustand nicht bekannt.");
    expect(unknownInWords(0, 5)).toBe("Der Zustand aller Wege im Umkreis von 5\u00a0Minuten ist bekannt.");
    expect(unknownInWords(100, 5)).toBe("Bei keinem Weg im Umkreis von 5\u00a0Minuten ist der Zustand vollständig bekannt.");
    expect(seatedInWords(35, 100)).toBe("An 35\u00a0% dieser Wege ist mindestens alle 100\u00a0m eine Sitzgelegenheit erfasst.");
    expect(seatedInWords(0, 100)).toBe("An keinem dieser Wege ist mindestens alle 100\u00a0m eine Sitzgelegenheit erfasst.");
    expect(seatedInWords(100, 100)).toBe("An allen diesen Wegen ist mindestens alle 100\u00a0m eine Sitzgelegenheit erfasst.");
  });
});

it("keeps unknown shares apart from nought", () => {
  // One profile, two origins, two thresholds.
  const coverage = new Coverage(
    2, 2, Uint32Array.from([100, 200, 0, 50]), Uint32Array.from([781, 1, 0, 0]),
    Uint32Array.from([0, 1001, 0, 0]),
  );
  expect(coverage.of(0, 0, 0)).toEqual({ reached: 100, unknown: 78, seated: null });
  expect(coverage.of(0, 0, 1)).toEqual({ reached: 200, unknown: 0, seated: 100 });
  expect(coverage.of(0, 1, 0)).toBeNull();
  expect(coverage.of(0, 1, 1)).toEqual({ reached: 50, unknown: null, seated: null });
  expect(coverage.of(0, -1, 0)).toBeNull();
});

it("finds the shapes of an origin and leaves out empty ones", () => {
  const shapes = {
    x0: 0, y0: 0, length: 4, kind: new Uint8Array(4), partsFrom: Uint32Array.from([0, 1, 1, 1, 3]),
    pointsFrom: new Uint32Array(4), xs: new Int32Array(), ys: new Int32Array(), bounds: new Int32Array(16),
  };
  const reach = new Reach(2, [shapes]);
  expect([...reach.of(0, 0)]).toEqual([[0, 0]]);
  expect([...reach.of(0, 1)]).toEqual([[1, 3]]);
  expect([...reach.of(0, -1)]).toEqual([]);
});

it("hatches a whole box", () => {
  // Every point of the upper edge and of the right edge is near a line.
  const starts = [...hatchLines(40, 20, 8).matchAll(/M([\d.]+) 0/g)].map(([, x]) => Number(x));
  expect(starts[0]).toBe(4);
  expect(starts.at(-1)!).toBeGreaterThanOrEqual(60 - 8);
});
