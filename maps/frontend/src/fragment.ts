// The part of the address after "#" keeps what is shown: a link or a reload gives the same
// picture, from file:// too. Only what differs from the beginning is written.
import type { Model } from "./model";
import type { Order, Thing, View } from "./view";

/** Where the map stands: zoom, latitude, longitude. */
export interface Stand {
  zoom: number;
  latitude: number;
  longitude: number;
}

const ORDERS: Record<string, Order> = { zeit: "time", name: "name", art: "category" };
const THINGS: Record<string, Thing["type"]> = { ort: "place", tor: "gate", haus: "house" };

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
  if (view.selected) parts.set(wordFor(THINGS, view.selected.type), idOf(view.selected, model));
  if (stand) {
    const { zoom, latitude, longitude } = stand;
    parts.set("karte", `${zoom}/${latitude.toFixed(5)}/${longitude.toFixed(5)}`);
  }
  // A slash may stand in a fragment as it is.
  return parts.toString().replaceAll("%2F", "/");
}

const SWITCHES: [string, "reach" | "ring" | "grounds"][] = [
  ["gehzeiten", "reach"],
  ["luftlinie", "ring"],
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
  else if (study.minutes.includes(Number(within))) view.within = Number(within);

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
  for (const [word, type] of Object.entries(THINGS)) {
    const id = parts.get(word);
    if (id !== null) view.selected = thingOf(type, id, model) ?? view.selected;
  }
  return { view, stand: standOf(parts.get("karte")) };
}

export function idOf(thing: Thing, { study, places }: Model): string {
  if (thing.type === "place") return places[thing.index]!.id;
  return (thing.type === "gate" ? study.gates : study.origins)[thing.index]!.id;
}

function thingOf(type: Thing["type"], id: string, { study, places }: Model): Thing | null {
  const list = type === "place" ? places : type === "gate" ? study.gates : study.origins;
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
