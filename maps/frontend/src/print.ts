// On paper: the panel becomes the margin, the map is drawn finer and fills the sheet.
import type { Atlas } from "./atlas";
import type * as L from "leaflet";

const FINENESS = 2;

export function startPrint(atlas: Atlas): void {
  const { map } = atlas;
  let before: { center: L.LatLng; zoom: number } | null = null;
  window.addEventListener("beforeprint", () => {
    before = { center: map.getCenter(), zoom: map.getZoom() };
    document.documentElement.classList.add("printing");
    map.invalidateSize({ animate: false });
    atlas.repaint(FINENESS);
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    map.invalidateSize({ animate: false });
    if (before) map.setView(before.center, before.zoom, { animate: false });
    atlas.repaint();
  });
}
