// Mouse and finger on the map: what lies under them is pointed at, a press selects it.
import type * as L from "leaflet";
import type { Atlas } from "./atlas";
import { placed } from "./ownpoint";
import type { Store } from "./view";

/** How far off a symbol a press still counts, pixels: fingers are wide. */
const MOUSE = 4;
const FINGER = 16;

export function startPointer(store: Store, atlas: Atlas): void {
  const { map } = atlas;
  const container = map.getContainer();
  let waiting = false;
  map.on("mousemove", (event: L.LeafletMouseEvent) => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const thing = atlas.thingAt(event.containerPoint, MOUSE);
      container.classList.toggle("on-symbol", thing !== null);
      store.set({ pointed: thing });
    });
  });
  map.on("mouseout", () => store.set({ pointed: null }));
  map.on("click", (event: L.LeafletMouseEvent) => {
    if (placed(event.latlng)) return;
    const touch = (event.originalEvent as PointerEvent).pointerType === "touch";
    const thing = atlas.thingAt(event.containerPoint, touch ? FINGER : MOUSE);
    store.set({ selected: thing, pointed: touch ? null : thing });
  });
}
