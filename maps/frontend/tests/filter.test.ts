import { describe, expect, it } from "vitest";
import { countWithin, isWithin, matching, nearestOf, title } from "../src/filter";
import type { View } from "../src/view";
import { sampleModel, sampleView } from "./sample";

const model = sampleModel();
const ids = (change: Partial<View>): string[] =>
  matching(model, sampleView(change)).map(({ place }) => place.id);

describe("matching", () => {
  it("lists the nearest first, those out of reach last", () => {
    expect(ids({})).toEqual(["n2", "n1", "n3", "n4"]);
    expect(ids({ origin: 1 })).toEqual(["n2", "n3", "n4", "n1"]);
  });

  it("orders by name, the nameless last", () => {
    expect(ids({ order: "name" })).toEqual(["n3", "n1", "n4", "n2"]);
  });

  it("orders by category, then time", () => {
    expect(ids({ order: "category" })).toEqual(["n2", "n1", "n4", "n3"]);
  });

  it("leaves out hidden categories", () => {
    expect(ids({ hidden: new Set(["bakery"]) })).toEqual(["n3"]);
  });

  it("keeps those that a wheelchair can get into, at least in part", () => {
    expect(ids({ wheelchair: true })).toEqual(["n1", "n4"]);
  });

  it("keeps potential partners", () => {
    expect(ids({ partners: true })).toEqual(["n3"]);
  });

  it.each([
    ["strasse 5", ["n1"]], ["ARZT", ["n3"]], ["cafe", ["n4"]], ["backerei", ["n2", "n1", "n4"]],
    ["brot nirgends", []], ["  ", ["n2", "n1", "n3", "n4"]],
  ])("searches %j in names, kinds and addresses", (query, found) => {
    expect(ids({ query })).toEqual(found);
  });
});

it("counts up to and including the limit", () => {
  const [listed] = matching(model, sampleView()).slice(1);
  expect(listed!.seconds).toBe(300);
  expect(isWithin(listed!, 5)).toBe(true);
  expect(isWithin({ ...listed!, seconds: 301 }, 5)).toBe(false);
  expect(isWithin({ ...listed!, seconds: null }, 5)).toBe(false);
  expect(isWithin({ ...listed!, seconds: null }, null)).toBe(true);
});

it("counts all places where there is nothing that ways start from", () => {
  const placesOnly = { ...model, study: { ...model.study, origins: [] } };
  const view = sampleView({ origin: -1, within: null });
  // Three of the category, of which one is on the grounds.
  expect(countWithin(placesOnly, view, 0, null, 0)).toBe(2);
  expect(countWithin(placesOnly, view, 1, null, 0)).toBe(1);
  expect(matching(placesOnly, { ...view, order: "name" }).every(({ seconds }) => seconds === null)).toBe(true);
});

it("counts and finds places off campus only", () => {
  expect(countWithin(model, sampleView(), 0, 15, 0)).toBe(1);
  expect(countWithin(model, sampleView(), 0, null, 0)).toBe(1);
  expect(nearestOf(model, sampleView(), 0, 0)?.place.id).toBe("n1");
  expect(nearestOf(model, sampleView({ origin: 1 }), 1, 0)?.seconds).toBe(600);
});

it("calls a place without a name by its kind", () => {
  expect(title(model.places[1]!)).toBe("Bäckerei");
});
