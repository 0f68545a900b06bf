// Fonts, widths and the drawing of text with a halo.
import { around, type Box } from "./boxes";
import type { Letter } from "./lines";
import type { Frame } from "./tiles";

export interface Font {
  size: number;
  weight: 400 | 700;
  family: string;
}

/** Text with plain left-to-right letters, which can be bent letter by letter. */
const BENDABLE = /^[\u0020-\u024f\u1e00-\u1eff\u2010-\u201f]*$/;

export function canBend(text: string): boolean {
  return BENDABLE.test(text);
}

export class Measure {
  private readonly context = document.createElement("canvas").getContext("2d")!;
  private readonly widths = new Map<string, number>();

  width(text: string, font: Font): number {
    const key = `${font.weight}/${font.size}/${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.context.font = css(font);
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  advances(text: string, font: Font): number[] {
    return [...text].map((letter) => this.width(letter, font));
  }
}

export interface Label {
  text: string;
  font: Font;
  colour: string;
  halo: string;
  /** Along a line, letter by letter; else the text stands upright around (x, y). */
  letters: Letter[] | null;
  x: number;
  y: number;
  box: Box;
  /** A frame around the text, as for the minutes of an isochrone. */
  plate?: { fill: string; line: string; width: number; height: number };
}

export function css({ size, weight, family }: Font): string {
  return `${weight} ${size}px "${family}", sans-serif`;
}

/** Boxes that letters along a line take up. */
export function letterBoxes(letters: readonly Letter[], size: number): Box[] {
  const side = size * 1.05;
  return letters.map(({ x, y }) => around(x, y, side, side));
}

export function paintLabels(
  context: CanvasRenderingContext2D, frame: Frame, labels: readonly Label[],
): void {
  context.lineJoin = "round";
  context.textAlign = "center";
  context.textBaseline = "middle";
  // All halos first: none covers the letters of another name.
  for (const pass of ["halo", "text"] as const) {
    for (const label of labels) {
      context.font = css(label.font);
      context.fillStyle = label.colour;
      context.strokeStyle = label.halo;
      context.lineWidth = 3.6;
      if (label.plate && pass === "halo") paintPlate(context, frame, label);
      if (label.plate && pass === "halo") continue;
      paint(context, frame, label, pass);
    }
  }
}

function paint(
  context: CanvasRenderingContext2D, frame: Frame, label: Label, pass: "halo" | "text",
): void {
  const write = (text: string, x: number, y: number): void => {
    if (pass === "halo") context.strokeText(text, x, y);
    else context.fillText(text, x, y);
  };
  const { letters } = label;
  if (!letters) {
    write(label.text, label.x - frame.left, label.y - frame.top);
    return;
  }
  const first = letters[0]!, last = letters.at(-1)!;
  const straight = letters.every(({ angle }) => Math.abs(angle - first.angle) < 0.03);
  if (straight) {
    turned(context, (first.x + last.x) / 2 - frame.left, (first.y + last.y) / 2 - frame.top, first.angle,
      () => write(label.text, 0, 0));
    return;
  }
  [...label.text].forEach((text, i) => {
    const { x, y, angle } = letters[i]!;
    turned(context, x - frame.left, y - frame.top, angle, () => write(text, 0, 0));
  });
}

function paintPlate(context: CanvasRenderingContext2D, frame: Frame, { plate, x, y }: Label): void {
  if (!plate) return;
  const { width, height, fill, line } = plate;
  context.beginPath();
  context.roundRect(x - frame.left - width / 2, y - frame.top - height / 2, width, height, height / 2);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = line;
  context.lineWidth = 1.5;
  context.stroke();
}

function turned(
  context: CanvasRenderingContext2D, x: number, y: number, angle: number, draw: () => void,
): void {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  draw();
  context.restore();
}
