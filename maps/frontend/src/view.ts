// What is shown, and who wants to know when it changes.

export type Order = "time" | "name" | "category";

/** A place, a gate or a house, by its index. */
export interface Thing {
  type: "place" | "gate" | "house";
  index: number;
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
  /** Isochrones, straight-line rings, grounds and gates. */
  reach: boolean;
  ring: boolean;
  grounds: boolean;
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
  if (isThing(a) || isThing(b)) return sameThing(a as Thing | null, b as Thing | null);
  return a === b;
}

function isThing(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value;
}
