// The outlines of symbols in a box of 24 × 24, and where a glyph sits in them.

export interface Outline {
  path: string;
  /** Middle of the glyph. */
  x: number;
  y: number;
  /** Side of the glyph's box. */
  glyph: number;
}

const OUTLINES: Record<string, Outline> = {
  circle: { path: "M12 1a11 11 0 1 0 0 22a11 11 0 1 0 0-22z", x: 12, y: 12, glyph: 13.5 },
  square: {
    path: "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z",
    x: 12, y: 12, glyph: 13.5,
  },
  house: {
    path: "M12 .6 23.4 10.4 V21 a2.2 2.2 0 0 1-2.2 2.2 H2.8 A2.2 2.2 0 0 1 .6 21 V10.4z",
    x: 12, y: 14, glyph: 12.5,
  },
  hexagon: {
    path: "M12 0 L22.4 6 V18 L12 24 L1.6 18 V6z",
    x: 12, y: 12, glyph: 12.5,
  },
  // Its tip points at the spot.
  pin: {
    path: "M12 24 C10.2 19.6 2.6 15.2 2.6 9.4 a9.4 9.4 0 0 1 18.8 0 C21.4 15.2 13.8 19.6 12 24z",
    x: 12, y: 9.6, glyph: 11,
  },
  pentagon: {
    path: "M12 .4 L23.6 8.9 L19.2 22.6 H4.8 L.4 8.9z",
    x: 12, y: 13, glyph: 12,
  },
};

export function outlineOf(shape: string): Outline {
  return OUTLINES[shape] ?? OUTLINES["circle"]!;
}

/** Gates: a white disc with an upright bar (open), a cross (locked) or the hands of a clock (hours). */
export const GATE_SIGNS = {
  open: "M12 6 V18",
  locked: "M7.5 7.5 L16.5 16.5 M16.5 7.5 L7.5 16.5",
  hours: "M12 6.5 V12 L16 14.5",
} as const;

export function gateSign(status: string): string {
  return GATE_SIGNS[status === "open" || status === "locked" ? status : "hours"];
}
