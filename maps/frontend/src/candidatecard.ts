// The cards of a candidate and of a point of one's own.
import { bars } from "./bars";
import { el, outside } from "./dom";
import { pinIcon } from "./icons";
import type { Model } from "./model";
import { ownSpot } from "./ownspot";
import { printCard } from "./print";
import { minutesTable, neighboursTable, reachedText, type Column } from "./reachers";
import { paragraphs, pointsText } from "./rankwords";
import { shownRanking } from "./standing";
import type { Store, View } from "./view";
import { metresInWords } from "./words";

/** Metres under which a point is where it was wanted. */
const NEAR_M = 3;
/** Spots are no farther apart than the diagonal of two squares; beyond, nothing was computed. */
const BESIDE = 2;

type Heading = (icon: Node, name: string, kind: string) => HTMLElement;

export function candidateContent(
  model: Model, store: Store, view: View, index: number, heading: Heading,
): HTMLElement[] {
  const shown = shownRanking(model, view);
  const candidate = shown?.ranking.candidates[index];
  if (!shown || !candidate || !model.placement) return [];
  const { ranking, standing } = shown;
  const { study, placement } = model;
  const rank = standing.rank[index]!;
  const site = study.origins.filter(({ kind }) => kind === "site")[candidate.campus];
  const profile = study.profiles[ranking.profile]!;
  return [
    heading(pinIcon(study, rank, 40), candidate.name, candidate.kind),
    el("p", { class: "card-rank" },
      el("strong", {}, `Platz ${rank}`), ` von ${ranking.total} für: `, outside(ranking.label),
      view.weights && ", mit verschobenen Gewichten"),
    site ? el("p", { class: "card-note" }, "auf dem Gelände „", outside(site.name), "“") : el("span", {}),
    ...paragraphs(ranking, candidate, standing, shown.firm()).map((text) => el("p", { class: "card-why" }, outside(text))),
    el("h3", {}, `Was zählt: ${pointsText(standing.score[index]!)} von 100 Punkten`),
    bars(shown, candidate),
    el("h3", {}, "Wie weit ist es von den Häusern?"),
    minutesTable(model, placement, [{ head: profile.way, minutes: candidate.minutes }], ranking.limit),
    el("h3", {}, "Wer aus der Nachbarschaft kommt hin?"),
    neighboursTable(model, placement, candidate.neighbours),
    el("div", { class: "card-buttons" }, compareButton(store, view, index), printButton()),
  ];
}

/** Puts a candidate beside another, or takes it away. */
export function compareButton(store: Store, view: View, index: number): HTMLElement {
  const chosen = view.compared.includes(index);
  return el(
    "button",
    {
      class: "button small", attr: { type: "button", "aria-pressed": chosen ? "true" : "false", "data-key": `compare-${index}` },
      on: {
        click: () => {
          const others = store.view.compared.filter((other) => other !== index);
          const compared = chosen ? others : [...others, index].slice(-2);
          // Two are looked at beside each other, not behind the card of one.
          store.set(compared.length === 2 ? { compared, selected: null, pointed: null } : { compared });
        },
      },
    },
    chosen ? "Wird verglichen" : "Vergleichen",
  );
}

export function pinContent(model: Model, store: Store, view: View, heading: Heading): HTMLElement[] {
  const { placement, study } = model;
  const found = view.pin && ownSpot(model, view.pin);
  if (!placement || !found) return [];
  const { spots } = placement;
  const profile = study.profiles[view.profile]!;
  const columns: Column[] = profile.possible === null
    ? [{ head: profile.way, minutes: spots.minutesOf(found.spot, profile.confirmed) }]
    : [
      { head: "möglich", minutes: spots.minutesOf(found.spot, profile.possible) },
      { head: "gesichert", minutes: spots.minutesOf(found.spot, profile.confirmed) },
    ];
  return [
    heading(pinIcon(study, null, 40), "Eigener Punkt", awayText(spots.spacing, found.metres)),
    el("h3", {}, "Wie weit ist es von den Häusern?"),
    el("p", { class: "card-note" }, "Unterwegs: ", outside(profile.label)),
    minutesTable(model, spots, columns, spots.limit),
    el("h3", {}, "Wer aus der Nachbarschaft kommt hin?"),
    el("p", { class: "card-note" }, "Gerechnet wie: ", outside(study.profiles[spots.profile]!.label)),
    neighboursTable(model, placement, spots.neighboursOf(found.spot)),
    el("div", { class: "card-buttons" },
      el("button", {
        class: "button small", attr: { type: "button" },
        on: { click: () => store.set({ pin: null, selected: null, pointed: null }) },
      }, "Punkt entfernen"),
      printButton()),
  ];
}

/** How far the point was moved to the next spot. */
export function awayText(spacing: number, metres: number): string {
  if (metres < NEAR_M) return "Er liegt auf einem berechneten Punkt.";
  const away = metres < 10 ? `${Math.round(metres)}\u00a0m` : metresInWords(metres);
  if (metres <= BESIDE * spacing) return `Gerechnet wird ${away} daneben, auf dem nächsten Weg.`;
  return `Weiter weg ist nichts berechnet: Die Angaben gelten für den nächsten berechneten Punkt, ${away} entfernt.`;
}

/** The gist in sentences, for the panel. */
export function pinSentences(model: Model, view: View): string[] {
  const { placement, study } = model;
  const found = view.pin && ownSpot(model, view.pin);
  if (!placement || !found) return [];
  const profile = study.profiles[view.profile]!;
  const minutes = placement.spots.minutesOf(found.spot, profile.possible ?? profile.confirmed);
  const middle = study.minutes[Math.floor(study.minutes.length / 2)]!;
  const reached = reachedText(placement.spots, minutes, middle, profile.way);
  return [
    awayText(placement.spots.spacing, found.metres),
    profile.possible === null ? reached : `${reached} Mitgezählt sind Wege, deren Zustand nicht überall bekannt ist.`,
  ];
}

function printButton(): HTMLElement {
  return el(
    "button", { class: "button small", attr: { type: "button", "data-key": "print" }, on: { click: printCard } },
    "Dieses Blatt drucken",
  );
}
