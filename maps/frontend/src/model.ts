// What the page knows: the study, its places and the ways to them. Read once, never changed.
import { inflate, Numbers, unpackShapes, type PackedShapes, type Shapes } from "./codec";
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
  isochrones: { colour: string; fill: number[]; dash: string[]; width: number[]; dash_name: string[] };
  straight_line: { colour: string; width: number; label: string };
  grounds: { colour: string; width: number; hatch: number; hatch_step: number };
  house: { shape: string; colour: string };
  gate: { colour: string; disc: string };
}

export interface Profile {
  id: string;
  label: string;
  speed: number;
  /** Numbers of the tables: over confirmed ways, and over possible ones as well (null: all are sure). */
  confirmed: number;
  possible: number | null;
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
  snapshot: string;
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

/** How long and how far it is from each origin to each place. */
export class Times {
  constructor(
    private readonly origins: number,
    private readonly places: number,
    private readonly seconds: Uint32Array,
    private readonly metres: Uint32Array,
    private readonly marks: Uint32Array,
  ) {}

  static async unpack(
    data: string, variants: number, origins: number, places: number,
  ): Promise<Times> {
    const numbers = new Numbers(await inflate(data));
    const count = variants * origins * places;
    const seconds = numbers.take(count);
    const metres = numbers.take(count);
    return new Times(origins, places, seconds, metres, numbers.take(count));
  }

  private at(variant: number, origin: number, place: number): number {
    return (variant * this.origins + origin) * this.places + place;
  }

  /** Seconds, or null where there is no way within the longest time that was computed. */
  secondsTo(variant: number, origin: number, place: number): number | null {
    const value = this.seconds[this.at(variant, origin, place)]!;
    return value === 0 ? null : value - 1;
  }

  metresTo(variant: number, origin: number, place: number): number {
    return this.metres[this.at(variant, origin, place)]!;
  }

  isEstimated(variant: number, origin: number, place: number): boolean {
    return (this.marks[this.at(variant, origin, place)]! & 1) !== 0;
  }

  isPrivate(variant: number, origin: number, place: number): boolean {
    return (this.marks[this.at(variant, origin, place)]! & 2) !== 0;
  }
}

/** What an origin reaches of one category. */
export interface Access {
  /** Index of the nearest place off campus, -1 if there is none. */
  nearest: number;
  detour: number | null;
  /** Places off campus per threshold; null where nothing is known. */
  counts: (number | null)[];
  onCampus: number | null;
  status: string;
}

/** States by number, as maps/place_data.py has them; the first one: no indicators. */
const STATUSES = ["", "reachable", "only_on_campus", "not_recorded", "not_reachable"];

export class AccessTable {
  constructor(
    private readonly origins: number,
    private readonly categories: number,
    private readonly status: Uint32Array,
    private readonly nearest: Uint32Array,
    private readonly detour: Uint32Array,
    private readonly counts: readonly Uint32Array[],
    private readonly onCampus: Uint32Array,
  ) {}

  static async unpack(data: string, study: Study): Promise<AccessTable> {
    const { origins, categories, minutes } = study;
    const numbers = new Numbers(await inflate(data));
    const take = (): Uint32Array =>
      numbers.take(variantCount(study) * origins.length * categories.length);
    const status = take(), nearest = take(), detour = take();
    const counts = minutes.map(take);
    return new AccessTable(
      origins.length, categories.length, status, nearest, detour, counts, take(),
    );
  }

  of(variant: number, origin: number, category: number): Access | undefined {
    const cell = (variant * this.origins + origin) * this.categories + category;
    const status = STATUSES[this.status[cell] ?? 0];
    if (!status) return undefined;
    const detour = this.detour[cell]!;
    return {
      status,
      nearest: this.nearest[cell]! - 1,
      detour: detour === 0 ? null : detour / 100,
      counts: this.counts.map((count) => known(count[cell]!)),
      onCampus: known(this.onCampus[cell]!),
    };
  }
}

/** Counts are written plus one; 0 stands for "not known". */
function known(written: number): number | null {
  return written === 0 ? null : written - 1;
}

/** The isochrones of all origins. */
export interface Reach {
  shapes: Shapes;
  origin: number[];
  variant: number[];
  minutes: number[];
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
  reach: Reach;
  base: Base;
  grounds: Shapes;
  outlines: Shapes;
}

/** The data elements of the page, by what they hold: id of a JSON script element. */
export type Sources = Record<"study" | "places" | "base" | "reach" | "sites", string>;

export async function readModel(sources: Sources): Promise<Model> {
  const study = json<Study>(sources.study);
  const table = json<{ places: PlaceColumns; times: string; access: string }>(sources.places);
  const sites = json<{ grounds: PackedShapes; outlines: PackedShapes }>(sources.sites);
  const reach = json<PackedShapes & Omit<Reach, "shapes">>(sources.reach);
  const places = placesFrom(table.places);
  const [times, access, base, shapes, grounds, outlines] = await Promise.all([
    Times.unpack(table.times, variantCount(study), study.origins.length, places.length),
    AccessTable.unpack(table.access, study),
    unpackBase(json(sources.base)),
    unpackShapes(reach),
    unpackShapes(sites.grounds),
    unpackShapes(sites.outlines),
  ]);
  return {
    study, places, times, access, base, grounds, outlines,
    reach: { shapes, origin: reach.origin, variant: reach.variant, minutes: reach.minutes },
  };
}

function json<T>(id: string): T {
  const element = document.getElementById(id);
  if (!element?.textContent) throw new Error(`the page lacks the data #${id}`);
  return JSON.parse(element.textContent) as T;
}
