// Where the names of streets, waters, woods and settlements stand at a zoom level. They are
// laid out for the whole map at once, so they neither jump nor break at the edges of tiles.
import { around, union, type Box, type Boxes } from "./boxes";
import { along, joined, track, type Letter, type Line } from "./lines";
import { canBend, letterBoxes, type Font, type Label, type Measure } from "./lettering";
import type { Base, Style } from "./model";
import { streetStyle } from "./streets";
import { scaleAt } from "./world";

/** What is taken already on the map, and what has been written. */
export interface Room {
  boxes: Boxes;
  marks: Boxes;
  labels: Label[];
}

interface NamedLine {
  name: string;
  line: Line;
  /** Order of placing: the most important first. */
  rank: number;
  from: number;
  colour: "name" | "water_name";
  main: boolean;
}

interface NamedSpot {
  name: string;
  x: number;
  y: number;
  width: number;
  layer: string;
  kind: string;
}

/** Sizes of the names of settlements by zoom, and between which zooms they are shown. */
const SETTLEMENTS: Record<string, { from: number; to: number; size: number }> = {
  city: { from: 8, to: 13, size: 24 },
  town: { from: 10, to: 14, size: 22 },
  village: { from: 11, to: 16, size: 18 },
  suburb: { from: 12, to: 15, size: 17 },
  quarter: { from: 13, to: 16, size: 16 },
  neighbourhood: { from: 14, to: 16, size: 15 },
  hamlet: { from: 13, to: 17, size: 15 },
};
const OTHER_SETTLEMENT = { from: 14, to: 17, size: 15 };

const SIZE = 15;

/** Where along a stretch of street a name is tried, in shares of the stretch. */
const SHIFTS = [0, 0.1, -0.1, 0.2, -0.2, 0.3, -0.3, 0.4, -0.4];

/** Where a name that belongs to a spot is tried: sideways in its own widths, down in pixels. */
const NUDGES = [
  [0, 0], [0, -16], [0, 16], [0.2, 0], [-0.2, 0], [0, -32], [0, 32], [0.35, -16], [-0.35, -16],
  [0.35, 16], [-0.35, 16], [0.5, 0], [-0.5, 0], [0, -48], [0, 48], [0.5, -32], [-0.5, -32],
  [0.5, 32], [-0.5, 32],
] as const;

function clear(taken: readonly Box[], boxes: Boxes): boolean {
  return taken.every((box) => boxes.isFree(box));
}

export class Names {
  private readonly lines: NamedLine[] = [];
  private readonly spots: NamedSpot[] = [];

  constructor(base: Base, private readonly style: Style, private readonly measure: Measure) {
    this.collect(base);
  }

  /**
   * Adds labels for a zoom level wherever the boxes are free. Small marks should not be written
   * over if there is room elsewhere.
   */
  place(zoom: number, boxes: Boxes, marks: Boxes, labels: Label[]): void {
    const room: Room = { boxes, marks, labels };
    this.placeSettlements(zoom, room);
    const written = new Written();
    for (const line of this.lines) {
      if (zoom >= line.from) this.placeAlong(line, zoom, room, written);
    }
    if (zoom >= 14) this.placeAreas(zoom, room);
  }

  private collect(base: Base): void {
    const { shapes, names, named } = base;
    const streets = new Map<string, { lines: Line[]; rank: number; from: number; main: boolean }>();
    const waters = new Map<string, Line[]>();
    for (const { layer, kind, from, to } of base.groups) {
      for (let i = from; i < to; i++) {
        const name = names[named[i]! - 1];
        if (!name) continue;
        const isLine = shapes.kind[i] === 1;
        if ((layer === "street" || layer === "path") && isLine) {
          const style = layer === "path" ? { rank: 1, named: 17, main: false } : streetStyle(kind);
          const street = streets.get(name);
          const lines = linesOf(shapes, i);
          if (street) {
            street.lines.push(...lines);
            street.rank = Math.max(street.rank, style.rank);
            street.from = Math.min(street.from, style.named);
            street.main ||= style.main;
          } else {
            streets.set(name, { lines, rank: style.rank, from: style.named, main: style.main });
          }
        } else if (layer === "water" && isLine) {
          const lines = waters.get(name);
          if (lines) lines.push(...linesOf(shapes, i));
          else waters.set(name, linesOf(shapes, i));
        } else if (layer !== "building") {
          this.spots.push(spotOf(shapes, i, name, layer, kind));
        }
      }
    }
    for (const [name, { lines, rank, from, main }] of streets) {
      for (const line of joined(lines)) this.lines.push({ name, line, rank, from, main, colour: "name" });
    }
    for (const [name, lines] of waters) {
      for (const line of joined(lines)) {
        this.lines.push({ name, line, rank: 2, from: 14, main: false, colour: "water_name" });
      }
    }
    this.lines.sort((a, b) => b.rank - a.rank || b.line.xs.length - a.line.xs.length);
  }

  private font(size: number, weight: 400 | 700): Font {
    return { size, weight, family: this.style.text["font"]! };
  }

  private placeAlong({ name, line, colour, main }: NamedLine, zoom: number, { boxes, marks, labels }: Room, written: Written): void {
    const font = this.font(SIZE, main ? 700 : 400);
    const width = this.measure.width(name, font);
    const scale = scaleAt(zoom);
    const path = track({ xs: line.xs.map((x) => x * scale), ys: line.ys.map((y) => y * scale) });
    if (path.length < width + 8) return;
    // Text that cannot be bent stands as one block on a straight stretch.
    const advances = canBend(name) ? this.measure.advances(name, font) : [width];
    const total = advances.reduce((sum, advance) => sum + advance, 0);
    const times = Math.max(1, Math.floor(path.length / Math.max(520, total * 2.2)));
    for (let k = 0; k < times; k++) {
      const room = path.length / times;
      const middle = (k + 0.5) * room - total / 2;
      let found: { letters: Letter[]; taken: Box[] } | null = null;
      for (const shift of SHIFTS) {
        const letters = along(path, middle + shift * room, advances);
        if (!letters || written.isNear(name, letters[0]!)) continue;
        const taken = letterBoxes(letters, advances.length === 1 ? total : font.size);
        if (!clear(taken, boxes)) continue;
        found ??= { letters, taken };
        if (!clear(taken, marks)) continue;
        found = { letters, taken };
        break;
      }
      if (!found) continue;
      boxes.take(found.taken);
      written.add(name, found.letters[0]!);
      labels.push({
        text: name, font, letters: found.letters, x: 0, y: 0, box: union(found.taken),
        colour: this.style.base[colour]!, halo: this.style.base["halo"]!,
      });
    }
  }

  private placeSettlements(zoom: number, room: Room): void {
    const scale = scaleAt(zoom);
    const shown = this.spots
      .filter(({ layer }) => layer === "place_name")
      .map((spot) => ({ spot, rule: SETTLEMENTS[spot.kind] ?? OTHER_SETTLEMENT }))
      .filter(({ rule }) => zoom >= rule.from && zoom <= rule.to)
      .sort((a, b) => b.rule.size - a.rule.size);
    for (const { spot, rule } of shown) {
      this.stand(spot.name, this.font(rule.size, 700), spot.x * scale, spot.y * scale, "name", room);
    }
  }

  private placeAreas(zoom: number, room: Room): void {
    const scale = scaleAt(zoom);
    for (const { name, x, y, width, layer } of this.spots) {
      if (layer !== "water" && layer !== "green" && layer !== "wood") continue;
      const font = this.font(SIZE, 400);
      if (width * scale < this.measure.width(name, font) * 0.8) continue;
      const colour = layer === "water" ? "water_name" : "green_name";
      this.stand(name, font, x * scale, y * scale, colour, room);
    }
  }

  private stand(
    text: string, font: Font, x: number, y: number, colour: string, { boxes, marks, labels }: Room,
  ): void {
    const width = this.measure.width(text, font) + 8;
    const tries = NUDGES.map(([dx, dy]) => ({
      x: x + dx * width, y: y + dy, box: around(x + dx * width, y + dy, width, font.size * 1.3),
    }));
    const found = tries.find(({ box }) => boxes.isFree(box) && marks.isFree(box))
      ?? tries.find(({ box }) => boxes.isFree(box));
    if (!found) return;
    boxes.add(found.box);
    labels.push({
      text, font, letters: null, x: found.x, y: found.y, box: found.box,
      colour: this.style.base[colour]!, halo: this.style.base["halo"]!,
    });
  }
}

/** Pixels between two writings of one name: carriageways of a street are near each other. */
const APART = 320;

class Written {
  private readonly spots = new Map<string, { x: number; y: number }[]>();

  add(name: string, spot: { x: number; y: number }): void {
    const list = this.spots.get(name);
    if (list) list.push(spot);
    else this.spots.set(name, [spot]);
  }

  isNear(name: string, { x, y }: { x: number; y: number }): boolean {
    return (this.spots.get(name) ?? []).some((spot) => Math.hypot(spot.x - x, spot.y - y) < APART);
  }
}

function linesOf({ partsFrom, pointsFrom, xs, ys, x0, y0 }: Base["shapes"], shape: number): Line[] {
  const lines: Line[] = [];
  for (let part = partsFrom[shape]!; part < partsFrom[shape + 1]!; part++) {
    const from = pointsFrom[part]!, to = pointsFrom[part + 1]!;
    if (to - from < 2) continue;
    lines.push({
      xs: Array.from(xs.subarray(from, to), (x) => x + x0),
      ys: Array.from(ys.subarray(from, to), (y) => y + y0),
    });
  }
  return lines;
}

function spotOf(
  { bounds, x0, y0 }: Base["shapes"], shape: number, name: string, layer: string, kind: string,
): NamedSpot {
  const [west, north, east, south] = bounds.subarray(4 * shape, 4 * shape + 4) as unknown as [number, number, number, number];
  return {
    name, layer, kind, x: x0 + (west + east) / 2, y: y0 + (north + south) / 2, width: east - west,
  };
}
