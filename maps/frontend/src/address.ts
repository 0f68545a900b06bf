// Keeps the fragment of the address and the view in step. Choosing another origin or another
// place makes an entry in the browser's history, so that "back" undoes it.
import type * as L from "leaflet";
import { readFragment, writeFragment, type Stand } from "./fragment";
import type { Model } from "./model";
import type { Key, Store, View } from "./view";

const STEPS: Key[] = ["origin", "profile", "project", "compared", "pin", "selected"];

export function startAddress(model: Model, store: Store, start: View, map: L.Map): void {
  let reading = false;
  let moved = false;
  let weighing = false;
  const stand = (): Stand | null => {
    if (!moved) return null;
    const { lat, lng } = map.getCenter();
    return { zoom: map.getZoom(), latitude: lat, longitude: lng };
  };
  const write = (step: boolean): void => {
    if (reading) return;
    const fragment = `#${writeFragment(store.view, start, model, stand())}`;
    if (fragment === (location.hash || "#")) return;
    if (step) history.pushState(null, "", fragment);
    else history.replaceState(null, "", fragment);
  };
  store.watch((view, changed) => {
    if (changed.size === 1 && changed.has("pointed")) return;
    // Many small moves of the weights are one step; going back to the usual ones is another.
    const weighs = changed.has("weights");
    write(STEPS.some((key) => changed.has(key)) || (weighs && (!weighing || !view.weights)));
    weighing = weighs && view.weights !== null;
  });
  map.on("moveend", () => {
    moved = true;
    write(false);
  });
  window.addEventListener("popstate", () => {
    const { view, stand: given } = readFragment(location.hash, start, model);
    reading = true;
    store.set(view);
    if (given) map.setView([given.latitude, given.longitude], given.zoom);
    reading = false;
  });
}
