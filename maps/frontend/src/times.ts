// How long and how far it is from each origin to each place, and what each origin reaches of
// each category. Reads what maps/time_data.py packs.
import { inflate, Numbers } from "./codec";
import { variantCount, type Study } from "./model";

/** The times of one variant as they stand in the page. */
export interface PackedTimes {
  /** Metres per second. */
  speed: number;
  /** The variant whose metres are expected here, too. */
  reference: number | null;
  runs: number;
  cells: number;
  data: string;
}

/** For each origin and each place: */
export interface TimeTable {
  /** seconds plus one; 0: no way within the longest time that was computed; */
  seconds: Uint16Array;
  metres: Uint32Array;
  /** 1 estimated, 2 over private ways, 4 through a gate that is open at times; */
  marks: Uint8Array;
  /** 1 + metres of ways whose state is not known; 0: not said. */
  unknown: Uint32Array;
}

type Pack = Omit<PackedTimes, "data"> & { bytes: Uint8Array };

export class Times {
  constructor(
    private readonly count: number,
    private readonly places: number,
    private readonly packs: (Pack | TimeTable)[],
  ) {}

  static async unpack(packed: PackedTimes[], origins: number, places: number): Promise<Times> {
    return new Times(origins * places, places, await Promise.all(
      packed.map(async ({ data, ...head }) => ({ ...head, bytes: await inflate(data) })),
    ));
  }

  /** Each table is read when it is looked at first. */
  private table(variant: number): TimeTable {
    let pack = this.packs[variant]!;
    if ("bytes" in pack) {
      const expected = pack.reference === null ? null : this.table(pack.reference).metres;
      this.packs[variant] = pack = readTimes(pack, this.count, expected);
    }
    return pack;
  }

  /** Seconds, or null where there is no way within the longest time that was computed. */
  secondsTo(variant: number, origin: number, place: number): number | null {
    if (origin < 0) return null;
    const value = this.table(variant).seconds[origin * this.places + place]!;
    return value === 0 ? null : value - 1;
  }

  metresTo(variant: number, origin: number, place: number): number {
    return this.table(variant).metres[origin * this.places + place]!;
  }

  /** Metres of the way whose state is not known; null where that is not said. */
  unknownTo(variant: number, origin: number, place: number): number | null {
    const value = this.table(variant).unknown[origin * this.places + place]!;
    return value === 0 ? null : value - 1;
  }

  isEstimated(variant: number, origin: number, place: number): boolean {
    return this.isMarked(variant, origin, place, 1);
  }

  isPrivate(variant: number, origin: number, place: number): boolean {
    return this.isMarked(variant, origin, place, 2);
  }

  /** Whether the way leads through a gate that is open at certain hours only. */
  isByHours(variant: number, origin: number, place: number): boolean {
    return this.isMarked(variant, origin, place, 4);
  }

  private isMarked(variant: number, origin: number, place: number, mark: number): boolean {
    return (this.table(variant).marks[origin * this.places + place]! & mark) !== 0;
  }
}

function readTimes(pack: Pack, count: number, expected: Uint32Array | null): TimeTable {
  const numbers = new Numbers(pack.bytes);
  const runs = numbers.take(pack.runs);
  const cells = new Uint32Array(pack.cells);
  let cell = 0, filled = 0;
  runs.forEach((length, i) => {
    // By turns without and with a way.
    if (i % 2 === 1) for (let k = 0; k < length; k++) cells[filled++] = cell + k;
    cell += length;
  });
  const table: TimeTable = {
    seconds: new Uint16Array(count), metres: new Uint32Array(count),
    marks: new Uint8Array(count), unknown: new Uint32Array(count),
  };
  for (const at of cells) table.metres[at] = numbers.nextSigned() + (expected?.[at] ?? 0);
  for (const at of cells) {
    table.seconds[at] = 1 + numbers.nextSigned() + Math.ceil(table.metres[at]! / pack.speed);
  }
  for (const at of cells) table.marks[at] = numbers.next();
  for (const at of cells) table.unknown[at] = numbers.next();
  return table;
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

/** States by number, as maps/time_data.py has them; the first one: no indicators. */
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

