// What the page knows: the study, its places and the ways to them. Read once, never changed.
import { Coverage } from "./coverage";
import { json } from "./data";
import { inflate, Numbers, unpackShapes, type PackedShapes, type Shapes } from "./codec";
import { Reach } from "./reachpacks";
import { unpackNeighbourhood, type Neighbourhood, type PackedNeighbourhood } from "./neighbourhood";
import { unpackPlacement, type PackedPlacement, type Placement } from "./placement";
import { AccessTable, Times, type PackedTimes } from "./times";
import type { Wheelchair } from "./words";

export interface Layer {
  id: string;
  label: string;
  colour: string;
  shape: string;
  shown: boolean;
}

export interface Category {
  id: string;
  label: string;
  plural: string;
  layer: string;
  group: string;
  completeness: string;
  indicator: boolean;
  /** Not shown before anybody chooses it. */
  minor: boolean;
  glyph: string;
}

export interface Origin {
  id: string;
  kind: "site" | "house";
  name: string;
  site: string;
  mark: string;
  /** Where people start, world pixels: the door, or the gates that can be passed. */
  points: [number, number][];
  /** Indexes into the sentences of the study, for each profile. */
  summary: number[][];
}

export interface Gate {
  id: string;
  name: string;
  site: string;
  /** "open", "locked" or opening hours. */
  status: string;
  stepFree: string;
  derived: boolean;
  x: number;
  y: number;
}

export interface Glyph {
  size: number;
  path: string;
}

export interface Style {
  text: Record<string, string>;
  base: Record<string, string>;
  isochrones: {
    colour: string; fill: number[]; dash: string[]; width: number[]; dash_name: string[];
    hatch_step: number; hatch_opacity: number; possible_width: number;
  };
  candidate: { shape: string; colour: string };
  common_ground: {
    colour: string; dot_step: number; dot_radius: number; width: number; inner: number;
  };
  straight_line: { colour: string; width: number; label: string };
  grounds: { colour: string; width: number; hatch: number; hatch_step: number };
  house: { shape: string; colour: string };
  gate: { colour: string; disc: string };
}

export interface Profile {
  id: string;
  /** As the study calls it. */
  label: string;
  /** In a sentence: "zu Fuß", "mit dem Rollstuhl". */
  way: string;
  mode: "foot" | "wheels" | "bicycle";
  /** Metres per second. */
  speed: number;
  /** Speed and what can be passed, in words. */
  rules: string[];
  /** Seats are wanted every so many metres; null where that does not matter. */
  rest: number | null;
  /** Numbers of the tables: over confirmed ways, and over possible ones as well (null: all are sure). */
  confirmed: number;
  possible: number | null;
}

/** Whether there is anything that ways start from; else the page shows places and no times. */
export function hasWays({ origins }: Study): boolean {
  return origins.length > 0;
}

export function hasHouses({ origins }: Study): boolean {
  return origins.some(({ kind }) => kind === "house");
}

/** How many tables of times there are: one for each profile and state. */
export function variantCount({ profiles }: Study): number {
  return profiles.reduce((count, { possible }) => count + (possible === null ? 1 : 2), 0);
}

/** The table with everything that a profile may reach. */
export function widest({ profiles }: Study, profile: number): number {
  const { confirmed, possible } = profiles[profile]!;
  return possible ?? confirmed;
}

export interface Study {
  name: string;
  fictional: boolean;
  source: string;
  date: string;
  attribution: string;
  own: string;
  snapshot: string;
  release: "internal" | "public";
  minutes: number[];
  profiles: Profile[];
  origins: Origin[];
  sentences: string[];
  gates: Gate[];
  layers: Layer[];
  categories: Category[];
  glyphs: Record<string, Glyph>;
  style: Style;
  warnings: string[];
}

export interface Place {
  index: number;
  id: string;
  name: string;
  category: number;
  kind: string;
  osmIds: string[];
  /** Index of the site whose grounds it lies on, -1 off campus. */
  campus: number;
  wheelchair: Wheelchair;
  hours: string;
  address: string;
  operator: string;
  website: string;
  partner: boolean;
  /** Whether its outline is known: a straight line to its middle would say little. */
  area: boolean;
  x: number;
  y: number;
}

interface PlaceColumns {
  x0: number;
  y0: number;
  x: number[];
  y: number[];
  id: string[];
  name: string[];
  category: number[];
  kinds: string[];
  kind: number[];
  hours: string[];
  hour: number[];
  operators: string[];
  operator: number[];
  address: string[];
  website: string[];
  osmIds: string[];
  campus: number[];
  wheelchair: number[];
  partner: number[];
  area: number[];
}

const WHEELCHAIR: Wheelchair[] = ["unknown", "yes", "limited", "no"];

export function placesFrom(columns: PlaceColumns): Place[] {
  return columns.id.map((id, i) => ({
    index: i,
    id,
    name: columns.name[i]!,
    category: columns.category[i]!,
    kind: columns.kinds[columns.kind[i]!]!,
    osmIds: (columns.osmIds[i] || id).split(","),
    campus: columns.campus[i]!,
    wheelchair: WHEELCHAIR[columns.wheelchair[i]!] ?? "unknown",
    hours: columns.hours[columns.hour[i]!]!,
    address: columns.address[i]!,
    operator: columns.operators[columns.operator[i]!]!,
    website: columns.website[i]!,
    partner: columns.partner[i] === 1,
    area: columns.area[i] === 1,
    x: columns.x0 + columns.x[i]!,
    y: columns.y0 + columns.y[i]!,
  }));
}

export interface Base {
  groups: { layer: string; kind: string; from: number; to: number }[];
  names: string[];
  /** For each shape 0 or 1 + the index of its name. */
  named: Uint32Array;
  shapes: Shapes;
}

interface PackedBase {
  groups: [string, string, number][];
  names: string[];
  named: string;
  shapes: PackedShapes;
}

export async function unpackBase(packed: PackedBase): Promise<Base> {
  let from = 0;
  const groups = packed.groups.map(([layer, kind, count]) => {
    const group = { layer, kind, from, to: from + count };
    from += count;
    return group;
  });
  const named = new Numbers(await inflate(packed.named)).take(packed.shapes.shapes);
  return { groups, names: packed.names, named, shapes: await unpackShapes(packed.shapes) };
}

/** Everything, ready to be shown. */
export interface Model {
  study: Study;
  places: Place[];
  times: Times;
  access: AccessTable;
  coverage: Coverage;
  reach: Reach;
  base: Base;
  grounds: Shapes;
  outlines: Shapes;
  /** Where projects help most; null where the study does not ask. */
  placement: Placement | null;
  /** Needs, who reaches a gate, common ground; null where they were not computed. */
  neighbourhood: Neighbourhood | null;
}

/** The data of the page, by what they hold: their ids. */
export type Sources = Record<"study" | "places" | "base" | "reach" | "sites", string> & {
  projects?: string;
  neighbourhood?: string;
};

/** The study as it stands in the page: sentences and what is known of ways are packed. */
type PackedStudy = Omit<Study, "sentences" | "origins"> & {
  origins: Omit<Origin, "summary">[];
  sentences: string;
  summaries: string;
  coverage: string;
};

export async function readModel(sources: Sources): Promise<Model> {
  const packed = json<PackedStudy>(sources.study);
  const table = json<{ places: PlaceColumns; times: PackedTimes[]; access: string }>(sources.places);
  const sites = json<{ grounds: PackedShapes; outlines: PackedShapes }>(sources.sites);
  const packs = json<{ packs: PackedShapes[] }>(sources.reach).packs;
  const places = placesFrom(table.places);
  const study = await unpackStudy(packed);
  const { projects, neighbourhood: told } = sources;
  const [times, access, coverage, reach, base, grounds, outlines, placement, neighbourhood] = await Promise.all([
    Times.unpack(table.times, study.origins.length, places.length),
    AccessTable.unpack(table.access, study),
    Coverage.unpack(packed.coverage, study),
    Reach.unpack(packs, study.minutes.length),
    unpackBase(json(sources.base)),
    unpackShapes(sites.grounds),
    unpackShapes(sites.outlines),
    projects ? unpackPlacement(json<PackedPlacement>(projects), study.minutes.length) : null,
    told ? unpackNeighbourhood(json<PackedNeighbourhood>(told), study) : null,
  ]);
  return {
    study, places, times, access, coverage, reach, base, grounds, outlines, placement, neighbourhood,
  };
}

async function unpackStudy(packed: PackedStudy): Promise<Study> {
  const [texts, said] = await Promise.all([inflate(packed.sentences), inflate(packed.summaries)]);
  const numbers = new Numbers(said);
  const lists = packed.profiles.length;
  const counts = numbers.take(packed.origins.length * lists);
  return {
    ...packed,
    sentences: JSON.parse(new TextDecoder().decode(texts)) as string[],
    origins: packed.origins.map((origin, i) => ({
      ...origin,
      summary: packed.profiles.map((_, profile) => [...numbers.take(counts[i * lists + profile]!)]),
    })),
  };
}
