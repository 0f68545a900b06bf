// The base map and what lies flat on it: areas, reach, grounds, buildings, streets.
import { byZoom, traceAll, visible } from "./draw";
import { paintCommon } from "./common";
import type { Model } from "./model";
import { paintGrounds, paintReachAreas, paintReachLines, paintRings } from "./reach";
import { pathStyle, streetStyle, type StreetStyle } from "./streets";
import type { Frame } from "./tiles";
import type { View } from "./view";

type Context = CanvasRenderingContext2D;

interface Group {
  layer: string;
  kind: string;
  from: number;
  to: number;
}

const AREA_LAYERS = ["built_up", "green", "wood", "water"];

export class Ground {
  private readonly groups = new Map<string, Group[]>();

  constructor(private readonly model: Model) {
    for (const group of model.base.groups) {
      const list = this.groups.get(group.layer);
      if (list) list.push(group);
      else this.groups.set(group.layer, [group]);
    }
  }

  paint(context: Context, frame: Frame, view: View): void {
    const colours = this.model.study.style.base;
    context.fillStyle = colours["land"]!;
    context.fillRect(0, 0, frame.right - frame.left, frame.bottom - frame.top);
    context.lineJoin = "round";
    context.lineCap = "round";
    for (const layer of AREA_LAYERS) this.paintAreas(context, frame, layer, colours[layer]!);
    if (view.reach) paintReachAreas(context, frame, this.model, view);
    if (view.grounds) paintGrounds(context, frame, this.model);
    this.paintBuildings(context, frame);
    this.paintPaths(context, frame);
    this.paintStreets(context, frame);
    this.paintRailways(context, frame);
    if (view.common) paintCommon(context, frame, this.model, view);
    if (view.reach) paintReachLines(context, frame, this.model, view);
    if (view.ring) paintRings(context, frame, this.model, view);
  }

  private of(layer: string): Group[] {
    return this.groups.get(layer) ?? [];
  }

  /** Areas, and lines of the same layer (brooks). */
  private paintAreas(context: Context, frame: Frame, layer: string, colour: string): void {
    const { shapes } = this.model.base;
    for (const { from, to, kind } of this.of(layer)) {
      const found = visible(shapes, from, to, frame, 8, 0.7);
      const areas = found.filter((i) => shapes.kind[i] === 2);
      if (areas.length) {
        traceAll(context, shapes, areas, frame);
        context.fillStyle = colour;
        context.fill("evenodd");
      }
      const lines = found.filter((i) => shapes.kind[i] === 1);
      if (lines.length && layer === "water" && frame.zoom >= 12) {
        traceAll(context, shapes, lines, frame);
        const wide = kind === "river" || kind === "canal";
        context.lineWidth = byZoom(wide ? RIVER : BROOK, frame.zoom);
        context.strokeStyle = colour;
        context.stroke();
      }
    }
  }

  private paintBuildings(context: Context, frame: Frame): void {
    if (frame.zoom < 14) return;
    const { shapes } = this.model.base;
    const colours = this.model.study.style.base;
    const found = this.of("building")
      .flatMap(({ from, to }) => visible(shapes, from, to, frame, 1, 1))
      .filter((i) => shapes.kind[i] === 2);
    if (!found.length) return;
    traceAll(context, shapes, found, frame);
    context.fillStyle = colours["building"]!;
    context.fill("evenodd");
    if (frame.zoom >= 16) {
      context.lineWidth = 0.8;
      context.strokeStyle = colours["building_line"]!;
      context.stroke();
    }
  }

  private paintPaths(context: Context, frame: Frame): void {
    const { shapes } = this.model.base;
    const colours = this.model.study.style.base;
    context.lineCap = "butt";
    for (const { kind, from, to } of this.of("path")) {
      const style = pathStyle(kind);
      if (frame.zoom < style.from) continue;
      const found = visible(shapes, from, to, frame, 8, 0.7);
      if (!found.length) continue;
      const width = byZoom(style.width, frame.zoom);
      traceAll(context, shapes, found, frame);
      if (frame.zoom >= 16) {
        context.lineWidth = width + 1.6;
        context.strokeStyle = colours["halo"]!;
        context.globalAlpha = 0.7;
        context.stroke();
        context.globalAlpha = 1;
      }
      context.setLineDash(style.dash);
      context.lineWidth = width;
      context.strokeStyle = colours["path"]!;
      context.stroke();
      context.setLineDash([]);
    }
    context.lineCap = "round";
  }

  private paintStreets(context: Context, frame: Frame): void {
    const { shapes } = this.model.base;
    const colours = this.model.study.style.base;
    const drawn = this.of("street")
      .map((group) => ({ ...group, style: streetStyle(group.kind) }))
      .filter(({ style }) => frame.zoom >= style.from)
      .sort((a, b) => a.style.rank - b.style.rank)
      .map(({ from, to, style }) => ({ style, found: visible(shapes, from, to, frame, 30, 0.7) }))
      .filter(({ found }) => found.length);
    // All casings first: streets of one crossing then flow into each other.
    for (const pass of ["casing", "fill"] as const) {
      for (const { style, found } of drawn) {
        const lines = found.filter((i) => shapes.kind[i] === 1);
        const squares = found.filter((i) => shapes.kind[i] === 2);
        const width = byZoom(style.width, frame.zoom);
        const colour = streetColour(colours, style, pass);
        traceAll(context, shapes, lines, frame);
        context.lineWidth = pass === "fill" ? width : width + (width > 3 ? 2 : 1.2);
        context.strokeStyle = colour;
        context.stroke();
        if (squares.length) {
          traceAll(context, shapes, squares, frame);
          context.lineWidth = 1.6;
          if (pass === "casing") context.stroke();
          context.fillStyle = colour;
          context.fill("evenodd");
        }
      }
    }
  }

  private paintRailways(context: Context, frame: Frame): void {
    const { shapes } = this.model.base;
    const colours = this.model.study.style.base;
    const found = this.of("railway").flatMap(({ from, to }) => visible(shapes, from, to, frame, 4, 0.7));
    if (!found.length || frame.zoom < 11) return;
    const width = byZoom([[12, 1.2], [14, 1.8], [16, 2.8], [19, 5]], frame.zoom);
    traceAll(context, shapes, found, frame);
    context.lineCap = "butt";
    context.lineWidth = width;
    context.strokeStyle = colours["railway"]!;
    context.stroke();
    if (frame.zoom >= 14) {
      context.lineWidth = width - 1.2;
      context.strokeStyle = colours["halo"]!;
      context.setLineDash([7, 7]);
      context.stroke();
      context.setLineDash([]);
    }
    context.lineCap = "round";
  }
}

const RIVER: [number, number][] = [[12, 1.5], [14, 3], [16, 6], [19, 16]];
const BROOK: [number, number][] = [[12, 0.6], [14, 1.2], [16, 2.2], [19, 5]];

function streetColour(
  colours: Record<string, string>, style: StreetStyle, pass: "casing" | "fill",
): string {
  if (pass === "fill") return colours[style.main ? "main_street" : "street"]!;
  return colours[style.main ? "main_street_casing" : "street_casing"]!;
}
