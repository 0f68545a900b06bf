// Where projects help most: candidates, what speaks for them, and spots to drop a pin on.
// Reads what maps/ranking_data.py packs.
import { inflate, Numbers } from "./codec";

/** What minutes are told from: houses, sites where there are many houses, or all houses. */
export interface Starts {
  by: "house" | "site" | "all";
  /** Indexes of origins; -1: the nearest of all houses. */
  starts: number[];
}

export interface Criterion {
  id: string;
  label: string;
  unit: string;
  digits: number;
}

export interface Candidate {
  index: number;
  id: string;
  name: string;
  kind: string;
  /** Index of the site whose grounds it lies on, -1 off campus. */
  campus: number;
  x: number;
  y: number;
  /** What is known, whatever the weights: a few sentences. */
  facts: string;
  /** 0 to 1 by criterion. */
  scaled: number[];
  /** By criterion: 0 not known, 1 fewer than five people, else 2 + the value without its point. */
  raw: number[];
  /** Whole minutes from each start; 0 beyond the limit. */
  minutes: number[];
  /** By threshold: 0 nobody, 1 fewer than five, else how many. */
  neighbours: number[];
}

export interface Ranking {
  id: string;
  label: string;
  gender: string;
  profile: number;
  /** Why none is recommended; "" where the first is. */
  none: string;
  /** What to bear in mind, sentences. */
  cautions: string[];
  /** How many candidates were compared, also those that are not in the page. */
  total: number;
  /** Minutes that were searched. */
  limit: number;
  criteria: Criterion[];
  /** They add up to 1. */
  weights: number[];
  /** In the order of their ids. */
  candidates: Candidate[];
}

export interface Placement extends Starts {
  /** Whose numbers of people these are. */
  neighbours: string;
  estimated: boolean;
  /** Factors of the varied weightings, one draw after another. */
  draws: number;
  factors: Float64Array;
  rankings: Ranking[];
  spots: Spots;
}

interface PackedRanking extends Omit<Ranking, "candidates"> {
  ids: string[];
  x0: number;
  y0: number;
  x: number[];
  y: number[];
  kinds: string[];
  kind: number[];
  campus: number[];
  texts: string;
  numbers: string;
}

interface PackedSpots extends Starts {
  profile: number;
  spacing: number;
  limit: number;
  thresholds: number[];
  variants: number;
  count: number;
  x0: number;
  y0: number;
  data: string;
}

export interface PackedPlacement {
  placement: Omit<Placement, "spots" | "rankings" | "factors"> & {
    most: number; factors: string; rankings: PackedRanking[];
  };
  spots: PackedSpots;
}

const SCALED_STEPS = 1e6;
const FACTOR_STEPS = 1e4;

export async function unpackPlacement(
  { placement, spots }: PackedPlacement, thresholds: number,
): Promise<Placement> {
  const numbers = new Numbers(await inflate(placement.factors));
  const factors = Float64Array.from(
    numbers.take(placement.draws * placement.most), (steps) => steps / FACTOR_STEPS,
  );
  const rankings = await Promise.all(placement.rankings.map(
    (ranking) => unpackRanking(ranking, placement.starts.length, thresholds),
  ));
  return { ...placement, factors, rankings, spots: await Spots.unpack(spots) };
}

async function unpackRanking(
  packed: PackedRanking, starts: number, thresholds: number,
): Promise<Ranking> {
  const [texts, bytes] = await Promise.all([inflate(packed.texts), inflate(packed.numbers)]);
  const said = JSON.parse(new TextDecoder().decode(texts)) as string[];
  const numbers = new Numbers(bytes);
  const { ids, criteria } = packed;
  const rows = (): number[][] => ids.map(() => [...numbers.take(criteria.length)]);
  const scaled = rows(), raw = rows();
  const columns = (count: number): Uint32Array[] =>
    Array.from({ length: count }, () => numbers.take(ids.length));
  const minutes = columns(starts), neighbours = columns(thresholds);
  return {
    id: packed.id, label: packed.label, gender: packed.gender, profile: packed.profile,
    none: packed.none, cautions: packed.cautions, total: packed.total, limit: packed.limit, criteria, weights: packed.weights,
    candidates: ids.map((id, index) => ({
      index,
      id,
      name: said[index]!,
      kind: packed.kinds[packed.kind[index]!]!,
      campus: packed.campus[index]!,
      x: packed.x0 + packed.x[index]!,
      y: packed.y0 + packed.y[index]!,
      facts: said[ids.length + index]!,
      scaled: scaled[index]!.map((steps) => steps / SCALED_STEPS),
      raw: raw[index]!,
      minutes: minutes.map((column) => column[index]!),
      neighbours: neighbours.map((column) => column[index]!),
    })),
  };
}

/** Spots on the ways around the houses, and who reaches them. */
export class Spots implements Starts {
  readonly by: Starts["by"];
  readonly starts: number[];
  readonly count: number;
  readonly spacing: number;
  readonly limit: number;
  /** Who the neighbours are on the way as. */
  readonly profile: number;
  private read: { xs: Int32Array; ys: Int32Array; neighbours: Int32Array[]; minutes: Int32Array[] } | null = null;

  private constructor(private readonly packed: PackedSpots, private readonly bytes: Uint8Array) {
    ({ by: this.by, starts: this.starts, count: this.count, spacing: this.spacing,
      limit: this.limit, profile: this.profile } = packed);
  }

  static async unpack(packed: PackedSpots): Promise<Spots> {
    return new Spots(packed, await inflate(packed.data));
  }

  /** Numbers are read when a pin is dropped first. */
  private tables(): NonNullable<typeof this.read> {
    if (!this.read) {
      const { count, x0, y0, thresholds, variants, starts } = this.packed;
      const numbers = new Numbers(this.bytes);
      const column = (start = 0): Int32Array => {
        const values = new Int32Array(count);
        let value = 0;
        for (let i = 0; i < count; i++) values[i] = start + (value += numbers.nextSigned());
        return values;
      };
      const columns = (many: number): Int32Array[] => Array.from({ length: many }, () => column());
      this.read = {
        xs: column(x0), ys: column(y0), neighbours: columns(thresholds.length),
        minutes: columns(variants * starts.length),
      };
    }
    return this.read;
  }

  /** The spot nearest to a point of the world, and how far that is in world pixels. */
  nearest(x: number, y: number): { spot: number; away: number } {
    const { xs, ys } = this.tables();
    let spot = -1, least = Infinity;
    for (let i = 0; i < this.count; i++) {
      const away = Math.hypot(xs[i]! - x, ys[i]! - y);
      if (away < least) {
        least = away;
        spot = i;
      }
    }
    return { spot, away: least };
  }

  at(spot: number): { x: number; y: number } {
    const { xs, ys } = this.tables();
    return { x: xs[spot]!, y: ys[spot]! };
  }

  /** By threshold: 0 nobody, 1 fewer than five, else how many. */
  neighboursOf(spot: number): number[] {
    return this.tables().neighbours.map((column) => column[spot]!);
  }

  /** Whole minutes from each start; 0 beyond the limit. */
  minutesOf(spot: number, variant: number): number[] {
    const { minutes } = this.tables();
    return this.starts.map((_, start) => minutes[variant * this.starts.length + start]![spot]!);
  }
}
