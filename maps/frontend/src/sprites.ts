// Symbols drawn once on small canvases, to be stamped on the map many times.
import type { Category, Gate, Origin, Study } from "./model";
import { layerOf, pinFont } from "./icons";
import { gateSign, outlineOf } from "./shapes";

const BOX = 24;
/** White rim around symbols and marks, and the margin for it, in units of the box. */
const RIM = 1.8;
const MARK_RIM = 3.6;
const MARGIN = 4;

export class Sprites {
  private readonly made = new Map<string, HTMLCanvasElement>();

  constructor(private readonly study: Study) {}

  place(category: Category, size: number, ratio: number): HTMLCanvasElement {
    const layer = layerOf(this.study, category);
    return this.get(`${layer.id}/${category.glyph}/${size}/${ratio}`, size, ratio, (context) => {
      const outline = outlineOf(layer.shape);
      stamp(context, outline.path, layer.colour);
      const glyph = this.study.glyphs[category.glyph];
      if (!glyph) return;
      const factor = outline.glyph / glyph.size;
      context.translate(outline.x - outline.glyph / 2, outline.y - outline.glyph / 2);
      context.scale(factor, factor);
      context.fillStyle = "#fff";
      context.fill(new Path2D(glyph.path));
    });
  }

  /** A small mark of the layer's shape: there is a place, but no room for its symbol. */
  dot(category: Category, size: number, ratio: number): HTMLCanvasElement {
    const layer = layerOf(this.study, category);
    return this.get(`${layer.id}//${size}/${ratio}`, size, ratio, (context) => {
      stamp(context, outlineOf(layer.shape).path, layer.colour, MARK_RIM);
    });
  }

  house(house: Origin, size: number, ratio: number, chosen: boolean): HTMLCanvasElement {
    const { colour, shape } = this.study.style.house;
    return this.get(`house/${house.mark}/${size}/${ratio}/${chosen}`, size, ratio, (context) => {
      const outline = outlineOf(shape);
      stamp(context, outline.path, colour);
      if (chosen) {
        context.lineWidth = 2.4;
        context.strokeStyle = this.study.style.isochrones.colour;
        context.stroke(new Path2D(outline.path));
      }
      context.fillStyle = "#fff";
      context.font = `700 ${house.mark.length > 1 ? 11 : 13.5}px "${this.study.style.text["font"]}", sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(house.mark, outline.x, outline.y + 0.7);
    });
  }

  gate(gate: Gate, size: number, ratio: number): HTMLCanvasElement {
    const { colour, disc } = this.study.style.gate;
    const sign = gateSign(gate.status);
    return this.get(`gate/${sign}/${size}/${ratio}`, size, ratio, (context) => {
      const circle = new Path2D("M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21z");
      context.fillStyle = disc;
      context.fill(circle);
      context.strokeStyle = colour;
      context.lineWidth = 2.2;
      context.stroke(circle);
      context.lineCap = "round";
      context.lineWidth = 3;
      context.stroke(new Path2D(sign));
    });
  }

  /** A candidate with its rank; without one a point of one's own. */
  pin(rank: number | null, size: number, ratio: number): HTMLCanvasElement {
    const { colour, shape } = this.study.style.candidate;
    const { path, x, y } = outlineOf(shape);
    return this.get(`pin/${rank}/${size}/${ratio}`, size, ratio, (context) => {
      stamp(context, path, rank === null ? "#fff" : colour, rank === null ? MARK_RIM : RIM);
      context.fillStyle = rank === null ? colour : "#fff";
      if (rank === null) {
        context.lineWidth = 2.4;
        context.strokeStyle = colour;
        context.stroke(new Path2D(path));
        context.beginPath();
        context.arc(x, y, 3.6, 0, 2 * Math.PI);
        context.fill();
        return;
      }
      context.font = `700 ${pinFont(rank)}px "${this.study.style.text["font"]}", sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(`${rank}`, x, y + 0.4);
    });
  }

  private get(
    key: string, size: number, ratio: number, paint: (context: CanvasRenderingContext2D) => void,
  ): HTMLCanvasElement {
    let canvas = this.made.get(key);
    if (!canvas) {
      canvas = document.createElement("canvas");
      canvas.width = canvas.height = withRim(size) * ratio;
      const context = canvas.getContext("2d");
      if (context) {
        const factor = canvas.width / (BOX + 2 * MARGIN);
        context.scale(factor, factor);
        context.translate(MARGIN, MARGIN);
        paint(context);
      }
      this.made.set(key, canvas);
    }
    return canvas;
  }
}

/** Pixels that a symbol of some size takes up with its rim. */
export function withRim(size: number): number {
  return Math.ceil((size * (BOX + 2 * MARGIN)) / BOX);
}

function stamp(context: CanvasRenderingContext2D, path: string, colour: string, rim = RIM): void {
  const shape = new Path2D(path);
  context.lineJoin = "round";
  context.lineWidth = 2 * rim;
  context.strokeStyle = "#fff";
  context.stroke(shape);
  context.fillStyle = colour;
  context.fill(shape);
}
