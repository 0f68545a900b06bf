import * as L from "leaflet";
import "./page.css";

export function start(map: L.Map): void {
  map.invalidateSize();
}
