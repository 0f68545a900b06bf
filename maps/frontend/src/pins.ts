// Candidates and one's own point on the map, above all other symbols.
import type * as L from "leaflet";
import type { Model } from "./model";
import { ownSpot } from "./ownspot";
import { symbolAt, type Symbol } from "./plan";
import { withRim, type Sprites } from "./sprites";
import { listedCandidates, shownRanking } from "./standing";
import { CanvasTiles, type Frame } from "./tiles";
import type { Key, Store, Thing } from "./view";
import { scaleAt } from "./world";

const PIN_KEYS: Key[] = ["project", "weights", "listed", "compared", "pin", "selected"];
const SIZE = 36;
const SMALL = 30;
/** Pins of this rank and better are larger. */
const FIRST = 3;

export class Pins {
  private readonly tiles: CanvasTiles;

  constructor(
    map: L.Map, private readonly model: Model, private readonly store: Store,
    private readonly sprites: Sprites,
  ) {
    this.tiles = new CanvasTiles((context, frame) => this.paint(context, frame), "overlayPane");
    if (!model.placement) return;
    this.tiles.addTo(map);
    store.watch((_view, changed) => {
      if (PIN_KEYS.some((key) => changed.has(key))) this.tiles.repaint();
    });
  }

  repaint(fineness: number): void {
    this.tiles.fineness = fineness;
    this.tiles.repaint();
  }

  /** What lies under a point, pixels of a zoom level. */
  at(zoom: number, x: number, y: number, tolerance: number): Thing | null {
    return symbolAt(this.symbols(zoom), x, y, tolerance)?.thing ?? null;
  }

  private symbols(zoom: number): Symbol[] {
    const { view } = this.store;
    const scale = scaleAt(zoom);
    const shown = shownRanking(this.model, view);
    const symbols: Symbol[] = [];
    if (shown) {
      for (const index of listedCandidates(shown, view).reverse()) {
        const { x, y } = shown.ranking.candidates[index]!;
        const size = shown.standing.rank[index]! <= FIRST ? SIZE : SMALL;
        symbols.push(this.pin({ type: "candidate", index }, x * scale, y * scale, size));
      }
    }
    const own = view.pin && ownSpot(this.model, view.pin);
    if (own) symbols.push(this.pin({ type: "pin", index: 0 }, own.x * scale, own.y * scale, SIZE));
    return symbols;
  }

  /** The tip stands on the spot. */
  private pin(thing: Thing, x: number, y: number, size: number): Symbol {
    return { thing, x, y: y - size / 2, size, whole: true };
  }

  private paint(context: CanvasRenderingContext2D, frame: Frame): void {
    const shown = shownRanking(this.model, this.store.view);
    for (const { thing, x, y, size } of this.symbols(frame.zoom)) {
      const side = withRim(size);
      const left = x - side / 2, top = y - side / 2;
      if (left > frame.right || top > frame.bottom || left + side < frame.left || top + side < frame.top) continue;
      const rank = thing.type === "pin" ? null : shown!.standing.rank[thing.index]!;
      context.drawImage(
        this.sprites.pin(rank, size, frame.ratio), left - frame.left, top - frame.top, side, side,
      );
    }
  }
}
