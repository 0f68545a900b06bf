// German words for numbers and states. What is unknown is called unknown.

import type { Sureness } from "./ways";

const HARD_SPACE = "\u00a0";

export type Wheelchair = "unknown" | "yes" | "limited" | "no";

/** Whole minutes; a minute that has begun counts, so that "in 10 minutes" is never too little. */
export function wholeMinutes(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 60));
}

export function shortMinutes(seconds: number): string {
  return `${wholeMinutes(seconds)}${HARD_SPACE}Min.`;
}

export function minutesInWords(seconds: number): string {
  const minutes = wholeMinutes(seconds);
  return minutes === 1 ? `1${HARD_SPACE}Minute` : `${minutes}${HARD_SPACE}Minuten`;
}

/** Metres as people say them: to ten metres, from one kilometre on to a hundred. */
export function metresInWords(metres: number): string {
  const rounded = Math.round(metres / 10) * 10;
  if (rounded < 1000) return `${rounded}${HARD_SPACE}m`;
  return `${decimal(Math.round(metres / 100) / 10, 1)}${HARD_SPACE}km`;
}

export function decimal(value: number, digits: number): string {
  return value.toFixed(digits).replace(".", ",");
}

export function counted(count: number, singular: string, plural: string): string {
  return `${count === 0 ? "keine" : count}${HARD_SPACE}${count === 1 ? singular : plural}`;
}

export const places = (count: number): string => counted(count, "Ort", "Orte");

const WHEELCHAIR: Record<Wheelchair, string> = {
  yes: "rollstuhlgerecht",
  limited: "teilweise rollstuhlgerecht",
  no: "nicht rollstuhlgerecht",
  unknown: "Rollstuhl: nicht erfasst",
};

export function wheelchairInWords(state: Wheelchair): string {
  return WHEELCHAIR[state];
}

/** What stands at a place that is reached on wheels. */
export function surenessInWords({ state, seconds }: Sureness): string {
  if (state === "sure") return "gesichert";
  if (state === "possible" || seconds === null) return "möglich – Wegezustand nicht bekannt";
  return `gesichert in ${shortMinutes(seconds)}`;
}

/** How many are sure and how many possible: "3–12". */
export function rangeInWords(sure: number, possible: number): string {
  return sure >= possible ? `${possible}` : `${sure}–${possible}`;
}

/** The same for people who listen. */
export function rangeSpoken(sure: number, possible: number): string {
  if (sure >= possible) return possible === 0 ? "keine" : `${possible}, alle gesichert`;
  return `${sure || "keine"} gesichert, ${possible} nach Datenlage möglich`;
}

const STATUS: Record<string, string> = {
  only_on_campus: "nur auf dem Gelände",
  not_recorded: "nicht erfasst",
  not_reachable: "nicht erreichbar",
};

export function statusInWords(status: string): string {
  return STATUS[status] ?? "";
}

const COMPLETENESS: Record<string, string> = {
  low: "Solche Orte fehlen in OpenStreetMap oft. Was hier nicht steht, kann es trotzdem geben.",
  medium: "Solche Orte sind in OpenStreetMap nicht überall vollständig erfasst.",
};

export function completenessInWords(completeness: string): string {
  return COMPLETENESS[completeness] ?? "";
}

/** How much longer the way is than the straight line. */
export function detourInWords(factor: number): string {
  if (factor < 1.15) return "Der Weg ist fast so kurz wie die Luftlinie.";
  return `Der Weg ist ${decimal(factor, 1)}-mal so lang wie die Luftlinie.`;
}

export function gateInWords(status: string): string {
  if (status === "open") return "offen";
  if (status === "locked") return "geschlossen";
  return "nur zu bestimmten Zeiten offen";
}

const STEP_FREE: Record<string, string> = {
  yes: "ohne Stufen",
  no: "mit Stufen",
  unknown: "Stufen: nicht erfasst",
};

export function stepFreeInWords(state: string): string {
  return STEP_FREE[state] ?? "Stufen: nicht erfasst";
}

/** Lower case, without accents and with ß as ss, to search in. */
export function folded(text: string): string {
  return text.toLowerCase().replaceAll("ß", "ss").normalize("NFD").replace(/\p{M}/gu, "");
}
