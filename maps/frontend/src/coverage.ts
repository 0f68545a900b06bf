// How much is known of the ways around an origin: for profiles that need to know.
import { inflate, Numbers } from "./codec";
import { el, svg } from "./dom";
import type { Model, Study, Style } from "./model";
import { hatchLines } from "./hatch";
import type { View } from "./view";

export interface Known {
  /** Metres of ways that are reached. */
  reached: number;
  /** Percent of them whose state is not known. */
  unknown: number | null;
  /** Percent of them with seats as often as they are wanted. */
  seated: number | null;
}

export class Coverage {
  constructor(
    private readonly origins: number,
    private readonly steps: number,
    private readonly reached: Uint32Array,
    private readonly unknown: Uint32Array,
    private readonly seated: Uint32Array,
  ) {}

  static async unpack(data: string, { profiles, origins, minutes }: Study): Promise<Coverage> {
    const numbers = new Numbers(await inflate(data));
    const take = (): Uint32Array =>
      numbers.take(profiles.length * origins.length * minutes.length);
    return new Coverage(origins.length, minutes.length, take(), take(), take());
  }

  /** What is known within a threshold; null where nothing is reached. */
  of(profile: number, origin: number, step: number): Known | null {
    if (origin < 0) return null;
    const cell = (profile * this.origins + origin) * this.steps + step;
    const reached = this.reached[cell]!;
    return reached === 0 ? null : {
      reached, unknown: percent(this.unknown[cell]!), seated: percent(this.seated[cell]!),
    };
  }
}

/** Shares are written in tenths of a percent plus one; 0: not known. */
function percent(written: number): number | null {
  return written === 0 ? null : (written - 1) / 10;
}

/** Whole percents of something that is neither nothing nor everything, as in the sentences. */
export function percentInWords(value: number): string {
  if (value < 0.5) return "weniger als 1\u00a0%";
  if (value > 99.5) return "mehr als 99\u00a0%";
  return `${Math.min(Math.max(Math.round(value), 1), 99)}\u00a0%`;
}

export function unknownInWords(value: number, minutes: number): string {
  const where = `im Umkreis von ${minutes}\u00a0Minuten`;
  if (value === 0) return `Der Zustand aller Wege ${where} ist bekannt.`;
  if (value === 100) return `Bei keinem Weg ${where} ist der Zustand vollständig bekannt.`;
  return `Bei ${percentInWords(value)} der Wege ${where} ist der Zustand nicht bekannt.`;
}

export function seatedInWords(value: number, rest: number): string {
  const seats = `mindestens alle ${Math.round(rest)}\u00a0m eine Sitzgelegenheit`;
  if (value === 0) return `An keinem dieser Wege ist ${seats} erfasst.`;
  if (value === 100) return `An allen diesen Wegen ist ${seats} erfasst.`;
  return `An ${percentInWords(value)} dieser Wege ist ${seats} erfasst.`;
}

/** The sentences and bars about the ways of the chosen profile; none where all is sure. */
export function coverageContent({ study, coverage }: Model, view: View): HTMLElement[] {
  const profile = study.profiles[view.profile];
  if (!profile || profile.possible === null) return [];
  const minutes = view.within ?? study.minutes.at(-1) ?? 0;
  const known = coverage.of(view.profile, view.origin, study.minutes.indexOf(minutes));
  if (known?.unknown == null) return [];
  const parts = [
    el("p", {}, unknownInWords(known.unknown, minutes)),
    bar(study.style, 100 - known.unknown),
    el("p", { class: "bar-ends", attr: { "aria-hidden": true } },
      el("span", {}, "bekannt"), el("span", {}, "nicht bekannt")),
  ];
  if (known.seated !== null && profile.rest !== null) {
    parts.push(el("p", {}, seatedInWords(known.seated, profile.rest)));
  }
  return parts;
}

/** A bar whose first percents are solid and whose rest is hatched. */
function bar({ isochrones }: Style, percent: number): HTMLElement {
  const { colour } = isochrones;
  const box = el("div", { class: "bar", attr: { "aria-hidden": "true" } });
  box.append(
    svg(
      "svg", { viewBox: "0 0 300 14", preserveAspectRatio: "none", width: "100%", height: 14 },
      svg("path", { d: hatchLines(300, 14, 7), stroke: colour, "stroke-width": 1.6 }),
      svg("rect", { x: 0, y: 0, width: 3 * percent, height: 14, fill: colour }),
    ),
  );
  return box;
}
