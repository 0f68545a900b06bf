// Coordinates: pixels of the web Mercator world at zoom 19, as maps/encoding.py writes them.
import * as L from "leaflet";

export const WORLD_ZOOM = 19;

/** How many pixels of a zoom level one world pixel is. */
export function scaleAt(zoom: number): number {
  return 2 ** (zoom - WORLD_ZOOM);
}

export function toLatLng(x: number, y: number): L.LatLng {
  return L.CRS.EPSG3857.pointToLatLng(L.point(x, y), WORLD_ZOOM);
}

/** Metres on the ground that one world pixel is at a height y of the world. */
export function metresPerUnit(y: number): number {
  const size = 256 * 2 ** WORLD_ZOOM;
  const latitude = Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / size)));
  return (40075016.686 / size) * Math.cos(latitude);
}

/** World pixels of a point in degrees. */
export function toWorld(latitude: number, longitude: number): { x: number; y: number } {
  return L.CRS.EPSG3857.latLngToPoint(L.latLng(latitude, longitude), WORLD_ZOOM);
}
