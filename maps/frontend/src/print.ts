// On paper: the panel becomes the margin, the map is drawn finer and fills the sheet. Or only
// the card that is open, with the map around what it tells of.
import type * as L from "leaflet";
import type { Atlas } from "./atlas";

const FINENESS = 2;
/** So near that the streets around a single spot can be read. */
const NEAR_ZOOM = 16;
/** Milliseconds in which the map is drawn again in its new size. */
const DRAWN_MS = 250;

let single = (): void => undefined;

/** Prints nothing but the card that is open, and the map around it. */
export function printCard(): void {
  single();
}

export function startPrint(atlas: Atlas, middle: () => L.LatLng | null): void {
  const { map } = atlas;
  const root = document.documentElement.classList;
  let before: { center: L.LatLng; zoom: number } | null = null;
  const prepare = (): void => {
    before ??= { center: map.getCenter(), zoom: map.getZoom() };
    root.add("printing");
    map.invalidateSize({ animate: false });
    const spot = root.contains("one-card") ? middle() : null;
    if (spot) map.setView(spot, Math.max(NEAR_ZOOM, map.getZoom()), { animate: false });
    atlas.repaint(FINENESS);
  };
  single = () => {
    root.add("one-card");
    prepare();
    // New ground is shown only after the next frames.
    setTimeout(() => window.print(), DRAWN_MS);
  };
  window.addEventListener("beforeprint", () => {
    // Drawn already; what is drawn again while printing begins would come out empty.
    if (!root.contains("one-card")) prepare();
  });
  window.addEventListener("afterprint", () => {
    root.remove("printing", "one-card");
    map.invalidateSize({ animate: false });
    if (before) map.setView(before.center, before.zoom, { animate: false });
    before = null;
    atlas.repaint();
  });
}
