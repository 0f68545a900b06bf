// The symbols as SVG for panel, card and legend; as pictures for the canvas in sprites.ts.
import { el, svg } from "./dom";
import type { Category, Gate, Layer, Origin, Study } from "./model";
import { gateSign, outlineOf } from "./shapes";

export function layerOf(study: Study, category: Category): Layer {
  return study.layers.find(({ id }) => id === category.layer) ?? study.layers[0]!;
}

export function categoryIcon(study: Study, category: Category, size = 28): SVGElement {
  return symbolIcon(study, layerOf(study, category), category.glyph, size);
}

/** The symbol of a layer; without a glyph only its shape. */
export function symbolIcon(study: Study, layer: Layer, glyph: string | null, size: number): SVGElement {
  const outline = outlineOf(layer.shape);
  const icon = box(size);
  icon.append(svg("path", { d: outline.path, fill: layer.colour }));
  const drawing = glyph === null ? undefined : study.glyphs[glyph];
  if (drawing) {
    const factor = outline.glyph / drawing.size;
    const x = outline.x - outline.glyph / 2, y = outline.y - outline.glyph / 2;
    icon.append(svg("path", {
      d: drawing.path, fill: "#fff", transform: `translate(${x} ${y}) scale(${factor})`,
    }));
  }
  return icon;
}

export function houseIcon(study: Study, house: Origin, size = 28): HTMLElement {
  const { colour, shape } = study.style.house;
  const icon = box(size);
  icon.append(svg("path", { d: outlineOf(shape).path, fill: colour }));
  return el("span", { class: "house-icon" }, icon, el("span", { attr: { "aria-hidden": "true" } }, house.mark));
}

/** A candidate with its rank; without one a point of one's own. */
export function pinIcon(study: Study, rank: number | null, size = 32): SVGElement {
  const { colour, shape } = study.style.candidate;
  const { path, x, y } = outlineOf(shape);
  if (rank === null) {
    return box(
      size,
      svg("path", { d: path, fill: "#fff", stroke: colour, "stroke-width": 2.4, "stroke-linejoin": "round" }),
      svg("circle", { cx: x, cy: y, r: 3.6, fill: colour }),
    );
  }
  const text = svg("text", {
    x, y: y + 4, "text-anchor": "middle", fill: "#fff", "font-weight": 700, "font-size": pinFont(rank),
  });
  text.textContent = `${rank}`;
  return box(size, svg("path", { d: path, fill: colour }), text);
}

/** Letters so large that a rank fits into a pin. */
export function pinFont(rank: number): number {
  return rank > 99 ? 8 : rank > 9 ? 10.5 : 12;
}

export function gateIcon(study: Study, gate: Pick<Gate, "status">, size = 28): SVGElement {
  const { colour, disc } = study.style.gate;
  return box(
    size,
    svg("circle", { cx: 12, cy: 12, r: 10.6, fill: disc, stroke: colour, "stroke-width": 2 }),
    svg("path", {
      d: gateSign(gate.status), fill: "none", stroke: colour, "stroke-width": 2.6,
      "stroke-linecap": "round", "stroke-linejoin": "round",
    }),
  );
}

function box(size: number, ...children: Node[]): SVGElement {
  return svg(
    "svg",
    { viewBox: "-1 -1 26 26", width: size, height: size, "aria-hidden": "true", class: "icon" },
    ...children,
  );
}
