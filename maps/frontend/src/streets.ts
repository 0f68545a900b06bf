// How wide streets are drawn, and in which order.

export interface StreetStyle {
  /** Higher ranks are drawn above lower ones. */
  rank: number;
  main: boolean;
  /** Width by zoom, pixels. */
  width: readonly (readonly [number, number])[];
  /** From which zoom on it is drawn, and named. */
  from: number;
  named: number;
}

const style = (
  rank: number, main: boolean, from: number, named: number,
  ...width: [number, number][]
): StreetStyle => ({ rank, main, width, from, named });

const MOTORWAY = style(9, true, 8, 15, [10, 1.5], [12, 2.6], [14, 5], [16, 10], [18, 20], [19, 28]);
const PRIMARY = style(8, true, 9, 14, [10, 1.2], [12, 2.4], [14, 4.6], [16, 9.5], [18, 19], [19, 26]);
const SECONDARY = style(7, true, 10, 14, [11, 1.2], [12, 1.9], [14, 4.2], [16, 9], [18, 18], [19, 25]);
const TERTIARY = style(6, true, 11, 14, [11, 0.9], [12, 1.4], [14, 3.4], [16, 8], [18, 17], [19, 23]);
const RESIDENTIAL = style(5, false, 12, 15, [12, 0.6], [13, 1], [14, 2.1], [15, 3.8], [16, 6.4], [18, 14], [19, 20]);
const LIVING = style(4, false, 13, 16, [13, 0.8], [14, 1.6], [15, 3], [16, 5.2], [18, 12], [19, 17]);
const SERVICE = style(3, false, 14, 17, [14, 0.7], [15, 1.4], [16, 2.8], [17, 4.6], [18, 8], [19, 11]);

const BY_KIND: Record<string, StreetStyle> = {
  motorway: MOTORWAY,
  trunk: MOTORWAY,
  primary: PRIMARY,
  secondary: SECONDARY,
  tertiary: TERTIARY,
  living_street: LIVING,
  pedestrian: LIVING,
  service: SERVICE,
};

export function streetStyle(kind: string): StreetStyle {
  return BY_KIND[kind.replace(/_link$/, "")] ?? RESIDENTIAL;
}

/** Ways for walking: dash pattern and width. */
export function pathStyle(kind: string): { dash: number[]; width: [number, number][]; from: number } {
  if (kind === "steps") return { dash: [1.5, 1.5], width: [[15, 2], [17, 3.5], [19, 6]], from: 15 };
  if (kind === "track") return { dash: [7, 3], width: [[13, 0.7], [16, 1.5], [19, 3]], from: 13 };
  return { dash: [4, 2.5], width: [[14, 0.8], [16, 1.5], [18, 2.2], [19, 3]], from: 14 };
}
