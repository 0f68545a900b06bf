import { describe, expect, it, vi } from "vitest";

// Only pure functions are tested here; Leaflet itself needs a window.
vi.mock("leaflet", () => ({}));

const { webAddress } = await import("../src/card");
const { scaleOf } = await import("../src/tools");
const { Store } = await import("../src/view");
const { sampleView } = await import("./sample");

describe("web addresses", () => {
  it.each(["https://www.beispiel.de/a?b=c", "http://beispiel.de"])("takes %s", (address) => {
    expect(webAddress(address)).toMatch(/^https?:\/\//);
  });

  it.each([
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://x", "//x.de", "www.x.de", "", "http://",
  ])("shows %j as text only", (address) => {
    expect(webAddress(address)).toBeNull();
  });
});

describe("scale", () => {
  it.each([[1, 100, 100], [0.3, 20, 67], [5, 500, 100], [12, 1000, 83]])(
    "at %d metres a pixel the bar is %d metres", (perPixel, metres, pixels) => {
      expect(scaleOf(perPixel, 130)).toEqual({ metres, pixels });
    },
  );
});

describe("store", () => {
  it("tells what has changed, and nothing if nothing has", () => {
    const store = new Store(sampleView());
    const heard: string[][] = [];
    store.watch((_view, changed) => heard.push([...changed]));
    store.set({ query: "" });
    store.set({ hidden: new Set() });
    store.set({ query: "a", within: 5 });
    store.set({ selected: { type: "place", index: 1 } });
    store.set({ selected: { type: "place", index: 1 } });
    expect(heard).toEqual([["query", "within"], ["selected"]]);
  });
});
