// The map itself: ground, symbols and names on canvas, and what lies under the pointer.
import * as L from "leaflet";
import { isWithin, matching, type Listed } from "./filter";
import { Ground } from "./ground";
import { Measure, paintLabels } from "./lettering";
import type { Model } from "./model";
import { Names } from "./names";
import { makePlan, symbolAt, type Plan, type Symbol } from "./plan";
import { Pins } from "./pins";
import { Sprites, withRim } from "./sprites";
import { CanvasTiles, type Frame } from "./tiles";
import type { Key, Store, Thing, View } from "./view";

/** Changes that move, add or take away something on the ground or above it. */
const GROUND_KEYS: Key[] = ["origin", "profile", "reach", "ring", "common", "grounds"];
const PLAN_KEYS: Key[] = [
  ...GROUND_KEYS, "hidden", "within", "wheelchair", "partners", "sure", "query",
];
const PLANS_KEPT = 4;

export class Atlas {
  private readonly ground: Ground;
  private readonly sprites: Sprites;
  private readonly measure = new Measure();
  private readonly names: Names;
  private readonly groundTiles: CanvasTiles;
  private readonly symbolTiles: CanvasTiles;
  private readonly pins: Pins;
  private readonly plans = new Map<number, Plan>();
  private listed: Listed[];

  constructor(readonly map: L.Map, private readonly model: Model, private readonly store: Store) {
    this.ground = new Ground(model);
    this.sprites = new Sprites(model.study);
    this.names = new Names(model.base, model.study.style, this.measure);
    this.listed = matching(model, store.view);
    this.groundTiles = new CanvasTiles(
      (context, frame) => this.ground.paint(context, frame, store.view), "tilePane",
    );
    this.symbolTiles = new CanvasTiles(
      (context, frame) => this.paintSymbols(context, frame), "overlayPane",
    );
    this.groundTiles.addTo(map);
    this.symbolTiles.addTo(map);
    this.pins = new Pins(map, model, store, this.sprites);
    store.watch((view, changed) => this.update(view, changed));
  }

  /** Paints everything again, finer by a factor: for printing. */
  repaint(fineness = 1): void {
    this.groundTiles.fineness = this.symbolTiles.fineness = fineness;
    this.groundTiles.repaint();
    this.symbolTiles.repaint();
    this.pins.repaint(fineness);
  }

  /** What lies under a point of the map's container. */
  thingAt(point: L.Point, tolerance: number): Thing | null {
    const zoom = this.map.getZoom();
    const at = this.map.project(this.map.containerPointToLatLng(point), zoom);
    return this.pins.at(zoom, at.x, at.y, tolerance) ?? symbolAt(this.planFor(zoom).symbols, at.x, at.y, tolerance)?.thing ?? null;
  }

  /** Where a thing is drawn at the present zoom; null if it is not shown. */
  symbolOf(thing: Thing): Symbol | null {
    const plan = this.planFor(this.map.getZoom());
    return plan.symbols.find(
      (symbol) => symbol.thing.type === thing.type && symbol.thing.index === thing.index,
    ) ?? null;
  }

  /** How many places of the list are within the chosen time. */
  shownCount(): number {
    return this.listed.filter((item) => isWithin(item, this.store.view.within)).length;
  }

  private update(view: View, changed: ReadonlySet<Key>): void {
    const touched = (keys: Key[]): boolean => keys.some((key) => changed.has(key));
    if (!touched(PLAN_KEYS)) return;
    this.listed = matching(this.model, view);
    this.plans.clear();
    // Common ground is that within the chosen time.
    if (touched(GROUND_KEYS) || (view.common && changed.has("within"))) this.groundTiles.repaint();
    this.symbolTiles.repaint();
  }

  private planFor(zoom: number): Plan {
    let plan = this.plans.get(zoom);
    if (!plan) {
      plan = makePlan(this.model, this.store.view, this.listed, zoom, this.names, this.measure);
      if (this.plans.size >= PLANS_KEPT) this.plans.delete([...this.plans.keys()][0]!);
      this.plans.set(zoom, plan);
    }
    return plan;
  }

  private paintSymbols(context: CanvasRenderingContext2D, frame: Frame): void {
    const plan = this.planFor(frame.zoom);
    const labels = plan.labels.filter(
      ({ box }) =>
        box.left < frame.right + 4 && box.right > frame.left - 4
        && box.top < frame.bottom + 4 && box.bottom > frame.top - 4,
    );
    paintLabels(context, frame, labels);
    for (const symbol of plan.symbols) {
      const side = withRim(symbol.size);
      const left = symbol.x - side / 2, top = symbol.y - side / 2;
      if (left > frame.right || top > frame.bottom || left + side < frame.left || top + side < frame.top) continue;
      context.drawImage(
        this.picture(symbol, frame.ratio), left - frame.left, top - frame.top, side, side,
      );
    }
  }

  private picture({ thing, size, whole }: Symbol, ratio: number): HTMLCanvasElement {
    const { study, places } = this.model;
    if (thing.type === "gate") return this.sprites.gate(study.gates[thing.index]!, size, ratio);
    if (thing.type === "house") {
      const chosen = thing.index === this.store.view.origin;
      return this.sprites.house(study.origins[thing.index]!, size, ratio, chosen);
    }
    const category = study.categories[places[thing.index]!.category]!;
    return whole
      ? this.sprites.place(category, size, ratio)
      : this.sprites.dot(category, size, ratio);
  }
}
