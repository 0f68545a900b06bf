// Residents and neighbours: what houses need, who reaches a gate, and their common ground.
// Reads what maps/neighbourhood_data.py packs.
import { inflate, Numbers, type PackedShapes } from "./codec";
import { variantCount, type Study } from "./model";
import { Reach } from "./reachpacks";

/** What a need may be, gaps first; what nobody has recorded is none. */
export const STATES = ["not_met", "only_on_campus", "met", "not_recorded"] as const;
export type NeedState = (typeof STATES)[number];

export interface Needs {
  /** Sentences that tell of all, then those of each state. */
  intro: string[];
  groups: { state: NeedState; kinds: number; sentences: string[] }[];
}

/** Who reaches a gate: not counted, not known, no gate to pass, or people. */
export type GateCount = "none" | "unknown" | "closed" | number;

interface PackedNeeds {
  profile: number;
  sentences: string;
  numbers: string;
}

export interface PackedNeighbourhood {
  minutes: number;
  estimated: boolean;
  note: string;
  reach: string;
  needs: PackedNeeds;
  common: { packs: PackedShapes[]; owner: number[]; least: number[] };
}

export interface Neighbourhood {
  /** Within how many minutes neighbours are counted who reach a gate. */
  minutes: number;
  estimated: boolean;
  /** Whose numbers of people these are. */
  note: string;
  /** Whom needs are told for. */
  profile: number;
  /** By origin; null where they were not asked for. */
  needs: (Needs | null)[];
  /** By profile, then by site and threshold. */
  common: Reach;
  /** By origin the position of its site among the areas; -1: nobody lives there. */
  owner: number[];
  /** By site how many neighbours make a spot common ground. */
  least: number[];
  /** How many neighbours reach the gate: 0 nobody, 1 fewer than five, else the number. */
  gate: (variant: number, origin: number) => GateCount;
}

const NUMBERS_FROM = 3;
const WORDS = ["none", "unknown", "closed"] as const;

export async function unpackNeighbourhood(
  { reach, needs, common, ...rest }: PackedNeighbourhood, study: Study,
): Promise<Neighbourhood> {
  const origins = study.origins.length;
  const [counts, told, areas] = await Promise.all([
    inflate(reach),
    unpackNeeds(needs, origins),
    Reach.unpack(common.packs, study.minutes.length),
  ]);
  const written = new Numbers(counts).take(variantCount(study) * origins);
  return {
    ...rest, profile: needs.profile, needs: told, common: areas, owner: common.owner, least: common.least,
    gate: (variant, origin) => {
      const code = written[variant * origins + origin] ?? 0;
      return WORDS[code] ?? code - NUMBERS_FROM;
    },
  };
}

async function unpackNeeds(packed: PackedNeeds, origins: number): Promise<(Needs | null)[]> {
  const [texts, bytes] = await Promise.all([inflate(packed.sentences), inflate(packed.numbers)]);
  const sentences = JSON.parse(new TextDecoder().decode(texts)) as string[];
  const numbers = new Numbers(bytes);
  const kinds = numbers.take(origins * STATES.length);
  const groups = STATES.length + 1;
  const counts = numbers.take(origins * groups);
  return Array.from({ length: origins }, (_, origin) => {
    const [intro, ...said] = Array.from({ length: groups }, (_, group) =>
      [...numbers.take(counts[origin * groups + group]!)].map((index) => sentences[index]!));
    return intro!.length === 0 ? null : {
      intro: intro!,
      groups: STATES.map((state, i) => ({
        state, kinds: kinds[origin * STATES.length + i]!, sentences: said[i]!,
      })),
    };
  });
}
