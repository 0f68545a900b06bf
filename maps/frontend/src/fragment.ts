// The part of the address after "#" keeps what is shown: a link or a reload gives the same
// picture, from file:// too. Only what differs from the beginning is written.
import { hasWays, type Model } from "./model";
import type { Order, Thing, View } from "./view";

/** Where the map stands: zoom, latitude, longitude. */
export interface Stand {
  zoom: number;
  latitude: number;
  longitude: number;
}

const ORDERS: Record<string, Order> = { zeit: "time", name: "name", art: "category" };
const THINGS: Record<string, Thing["type"]> = {
  ort: "place", tor: "gate", haus: "house", standort: "candidate",
};
/** Decimals of degrees: a metre. */
const DEGREES = 5;

export function writeFragment(
  view: View, start: View, model: Model, stand: Stand | null,
): string {
  const parts = new URLSearchParams();
  const { study } = model;
  if (view.origin !== start.origin) parts.set("von", study.origins[view.origin]!.id);
  if (view.profile !== start.profile) parts.set("profil", study.profiles[view.profile]!.id);
  if (view.within !== start.within) parts.set("bis", view.within === null ? "alle" : `${view.within}`);
  const without = [...view.hidden].filter((id) => !start.hidden.has(id));
  const also = [...start.hidden].filter((id) => !view.hidden.has(id));
  if (without.length) parts.set("ohne", without.join(" "));
  if (also.length) parts.set("mit", also.join(" "));
  if (view.wheelchair) parts.set("rollstuhl", "ja");
  if (view.partners) parts.set("partner", "ja");
  if (view.sure) parts.set("gesichert", "ja");
  if (view.query) parts.set("suche", view.query);
  if (view.order !== start.order) parts.set("ordnung", wordFor(ORDERS, view.order));
  for (const [word, key] of SWITCHES) {
    if (view[key] !== start[key]) parts.set(word, view[key] ? "ja" : "nein");
  }
  const ranking = model.placement?.rankings[view.project];
  if (ranking) {
    parts.set("projekt", ranking.id);
    if (view.weights) parts.set("gewichte", view.weights.join(" "));
    for (const index of view.compared) parts.append("vergleich", ranking.candidates[index]!.id);
  }
  if (view.pin) {
    parts.set("punkt", [view.pin.latitude, view.pin.longitude].map((d) => d.toFixed(DEGREES)).join("/"));
  }
  if (view.selected?.type === "pin") parts.set("blatt", "punkt");
  else if (view.selected) parts.set(wordFor(THINGS, view.selected.type), idOf(view.selected, model, view));
  if (stand) {
    const { zoom, latitude, longitude } = stand;
    parts.set("karte", `${zoom}/${latitude.toFixed(5)}/${longitude.toFixed(5)}`);
  }
  // A slash may stand in a fragment as it is.
  return parts.toString().replaceAll("%2F", "/");
}

const SWITCHES: [string, "reach" | "ring" | "common" | "grounds"][] = [
  ["gehzeiten", "reach"],
  ["luftlinie", "ring"],
  ["gemeinsam", "common"],
  ["gelaende", "grounds"],
];

/** Reads a fragment; what it does not know or what the data lack is left as at the start. */
export function readFragment(
  fragment: string, start: View, model: Model,
): { view: View; stand: Stand | null } {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const { study } = model;
  const view: View = { ...start, selected: null, pointed: null };

  const origin = study.origins.findIndex(({ id }) => id === parts.get("von"));
  if (origin >= 0) view.origin = origin;
  const profile = study.profiles.findIndex(({ id }) => id === parts.get("profil"));
  if (profile >= 0) view.profile = profile;
  const within = parts.get("bis");
  if (within === "alle") view.within = null;
  else if (hasWays(study) && study.minutes.includes(Number(within))) view.within = Number(within);

  const known = new Set(study.categories.map(({ id }) => id));
  const hidden = new Set(start.hidden);
  for (const id of words(parts.get("ohne"))) if (known.has(id)) hidden.add(id);
  for (const id of words(parts.get("mit"))) hidden.delete(id);
  view.hidden = hidden;

  view.wheelchair = parts.get("rollstuhl") === "ja";
  view.partners = parts.get("partner") === "ja";
  view.sure = parts.get("gesichert") === "ja";
  view.query = (parts.get("suche") ?? "").slice(0, 200);
  view.order = ORDERS[parts.get("ordnung") ?? ""] ?? start.order;
  for (const [word, key] of SWITCHES) {
    const value = parts.get(word);
    if (value === "ja" || value === "nein") view[key] = value === "ja";
  }
  if (!model.neighbourhood) view.common = start.common;
  readProject(parts, start, view, model);
  for (const [word, type] of Object.entries(THINGS)) {
    const id = parts.get(word);
    if (id !== null) view.selected = thingOf(type, id, model, view) ?? view.selected;
  }
  if (view.pin && parts.get("blatt") === "punkt") view.selected = { type: "pin", index: 0 };
  return { view, stand: standOf(parts.get("karte")) };
}

/** Which project, with which weights, which candidates beside each other, and one's own point. */
function readProject(parts: URLSearchParams, start: View, view: View, { placement }: Model): void {
  view.project = start.project;
  view.weights = null;
  view.compared = [];
  view.pin = null;
  if (!placement) return;
  const project = placement.rankings.findIndex(({ id }) => id === parts.get("projekt"));
  const ranking = placement.rankings[project];
  if (ranking) {
    view.project = project;
    const weights = words(parts.get("gewichte")).map(Number);
    const sound = weights.every((weight) => Number.isInteger(weight) && weight >= 0)
      && weights.reduce((sum, weight) => sum + weight, 0) === 100;
    if (sound && weights.length === ranking.criteria.length) view.weights = weights;
    const compared = parts.getAll("vergleich")
      .map((id) => ranking.candidates.findIndex((candidate) => candidate.id === id));
    view.compared = [...new Set(compared)].filter((index) => index >= 0).slice(0, 2);
  }
  const [latitude, longitude] = (parts.get("punkt") ?? "").split("/").map((text) => (text ? Number(text) : NaN));
  if (Math.abs(latitude ?? NaN) <= 85 && Math.abs(longitude ?? NaN) <= 180) {
    view.pin = { latitude: rounded(latitude!), longitude: rounded(longitude!) };
  }
}

/** Degrees as they stand in the address, so that a reload gives the very same point. */
export function rounded(degrees: number): number {
  return Number(degrees.toFixed(DEGREES));
}

export function idOf(thing: Thing, { study, places, placement }: Model, { project }: View): string {
  if (thing.type === "candidate") return placement!.rankings[project]!.candidates[thing.index]!.id;
  if (thing.type === "place") return places[thing.index]!.id;
  return (thing.type === "gate" ? study.gates : study.origins)[thing.index]!.id;
}

function thingOf(
  type: Thing["type"], id: string, { study, places, placement }: Model, { project }: View,
): Thing | null {
  const candidates = placement?.rankings[project]?.candidates ?? [];
  const list = type === "place" ? places : type === "gate" ? study.gates
    : type === "candidate" ? candidates : study.origins;
  const index = list.findIndex((thing) => thing.id === id);
  return index < 0 ? null : { type, index };
}

function standOf(text: string | null): Stand | null {
  const [zoom, latitude, longitude] = (text ?? "").split("/").map(Number);
  if (!text || !Number.isFinite(zoom) || !Number.isFinite(latitude) || !Number.isFinite(longitude)) {
    return null;
  }
  if (Math.abs(latitude!) > 85 || Math.abs(longitude!) > 180 || zoom! < 0 || zoom! > 22) return null;
  return { zoom: zoom!, latitude: latitude!, longitude: longitude! };
}

function words(text: string | null): string[] {
  return (text ?? "").split(" ").filter(Boolean);
}

function wordFor<T>(words: Record<string, T>, value: T): string {
  return Object.keys(words).find((word) => words[word] === value)!;
}
