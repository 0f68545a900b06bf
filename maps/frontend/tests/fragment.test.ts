import { describe, expect, it } from "vitest";
import { readFragment, writeFragment } from "../src/fragment";
import type { Model } from "../src/model";
import type { View } from "../src/view";
import { sampleModel, sampleView } from "./sample";

const model = sampleModel();
const start = sampleView({ hidden: new Set(["doctors"]) });

describe("fragment", () => {
  it("is empty at the start", () => {
    expect(writeFragment(start, start, model, null)).toBe("");
    expect(readFragment("", start, model).view).toEqual(start);
  });

  const changes: Partial<View>[] = [
    { origin: 1 },
    { profile: 1 },
    { profile: 1, sure: true },
    { within: null },
    { within: 5 },
    { hidden: new Set(["bakery"]) },
    { hidden: new Set() },
    { wheelchair: true, partners: true },
    { query: "Brot & Käse = gut? #1 %41 +" },
    { order: "name" },
    { order: "category" },
    { reach: false, ring: true, grounds: false },
    { selected: { type: "place", index: 2 } },
    { selected: { type: "gate", index: 0 } },
    { selected: { type: "house", index: 1 } },
  ];
  it.each(changes)("keeps %j", (change) => {
    const view = { ...start, ...change };
    const stand = { zoom: 15, latitude: 51.99, longitude: 7.5 };
    const back = readFragment(`#${writeFragment(view, start, model, stand)}`, start, model);
    expect(back.view).toEqual(view);
    expect(back.stand).toEqual(stand);
  });

  it("keeps common ground only where there is any", () => {
    const shared = { ...model, neighbourhood: {} as NonNullable<Model["neighbourhood"]> };
    const view = { ...start, common: true };
    const fragment = writeFragment(view, start, shared, null);
    expect(fragment).toBe("gemeinsam=ja");
    expect(readFragment(`#${fragment}`, start, shared).view).toEqual(view);
    expect(readFragment(`#${fragment}`, start, model).view).toEqual(start);
  });

  it.each([
    "#von=nirgends", "#profil=rakete", "#gesichert=vielleicht", "#bis=7", "#ohne=gibtsnicht", "#ordnung=zufall", "#ort=n999", "#karte=1/2",
    "#karte=15/91/7", "#karte=15/NaN/7", "#karte=99/50/7", "#%E0%A4%A", "#=&&=", "#reach=nein",
  ])("ignores what it does not know: %s", (fragment) => {
    const { view, stand } = readFragment(fragment, start, model);
    expect(view).toEqual(start);
    expect(stand).toBeNull();
  });

  it("cuts off a search that is too long", () => {
    const { view } = readFragment(`#suche=${"x".repeat(5000)}`, start, model);
    expect(view.query).toHaveLength(200);
  });
});
