// The spot that one's own point stands for: the nearest one for which ways were computed.
import type { Model } from "./model";
import type { Spot } from "./view";
import { metresPerUnit, toWorld } from "./world";

export interface OwnSpot {
  spot: number;
  /** World pixels. */
  x: number;
  y: number;
  /** Metres from the point that was chosen. */
  metres: number;
}

let last: { pin: Spot; found: OwnSpot | null } | null = null;

export function ownSpot({ placement }: Model, pin: Spot): OwnSpot | null {
  if (last?.pin === pin) return last.found;
  let found: OwnSpot | null = null;
  if (placement?.spots.count) {
    const { x, y } = toWorld(pin.latitude, pin.longitude);
    const { spot, away } = placement.spots.nearest(x, y);
    found = { spot, ...placement.spots.at(spot), metres: away * metresPerUnit(y) };
  }
  last = { pin, found };
  return found;
}
