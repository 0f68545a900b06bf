// What is shown, and who wants to know when it changes.

export type Order = "time" | "name" | "category";

/** A place, a gate, a house, a candidate of the chosen project by its index; or one's own point. */
export interface Thing {
  type: "place" | "gate" | "house" | "candidate" | "pin";
  index: number;
}

/** Degrees, as they stand in the address. */
export interface Spot {
  latitude: number;
  longitude: number;
}

export interface View {
  /** Index of the origin. */
  origin: number;
  profile: number;
  /** Ids of the categories that are left out. */
  hidden: ReadonlySet<string>;
  /** Only places within so many minutes; null: all. */
  within: number | null;
  /** Only places that can be used with a wheelchair. */
  wheelchair: boolean;
  /** Only potential partners. */
  partners: boolean;
  /** Only places that are reached over confirmed ways, where a profile has possible ones, too. */
  sure: boolean;
  query: string;
  order: Order;
  /** Isochrones, straight-line rings, common ground, grounds and gates. */
  reach: boolean;
  ring: boolean;
  /** Where residents and neighbours can both be in time. */
  common: boolean;
  grounds: boolean;
  /** Index of the ranking that is shown, -1: none. */
  project: number;
  /** Weights in whole percent; null: as the ranking has them. */
  weights: readonly number[] | null;
  /** Candidates that are compared, two at most. */
  compared: readonly number[];
  /** How many candidates are listed and stand on the map. */
  listed: number;
  /** A point of one's own. */
  pin: Spot | null;
  selected: Thing | null;
  /** What pointer or keyboard is on. */
  pointed: Thing | null;
}

export type Key = keyof View;
type Watcher = (view: View, changed: ReadonlySet<Key>) => void;

export class Store {
  private readonly watchers: Watcher[] = [];

  constructor(public view: View) {}

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  set(change: Partial<View>): void {
    const changed = new Set<Key>();
    for (const key of Object.keys(change) as Key[]) {
      if (!same(this.view[key], change[key])) changed.add(key);
    }
    if (!changed.size) return;
    this.view = { ...this.view, ...change };
    for (const watcher of this.watchers) watcher(this.view, changed);
  }
}

export function sameThing(a: Thing | null, b: Thing | null): boolean {
  return a === b || (a !== null && b !== null && a.type === b.type && a.index === b.index);
}

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...a].every((value) => b.has(value));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => value === b[i]);
  }
  if (isSpot(a) && isSpot(b)) return a.latitude === b.latitude && a.longitude === b.longitude;
  if (isThing(a) || isThing(b)) return sameThing(a as Thing | null, b as Thing | null);
  return a === b;
}

function isSpot(value: unknown): value is Spot {
  return typeof value === "object" && value !== null && "latitude" in value;
}

function isThing(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value;
}
