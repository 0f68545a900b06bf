// Shows on the map what pointer or keyboard is on, and what is selected: the symbol large,
// with a ring and its name.
import * as L from "leaflet";
import type { Atlas } from "./atlas";
import { el, outside, svg } from "./dom";
import { title } from "./filter";
import { categoryIcon, gateIcon, houseIcon, pinIcon } from "./icons";
import type { Model } from "./model";
import { ownSpot } from "./ownspot";
import { shownRanking } from "./standing";
import { sameThing, type Key, type Store, type Thing, type View } from "./view";
import { listedVariant } from "./ways";
import { shortMinutes } from "./words";
import { toLatLng } from "./world";

const SIZE = 36;
const PIN = 52;

export function startHighlight(model: Model, store: Store, atlas: Atlas): void {
  const { map } = atlas;
  const pane = map.createPane("marken");
  pane.style.zIndex = "620";
  const selected = new Mark(model, map, "mark selected");
  const pointed = new Mark(model, map, "mark pointed");
  const show = (view: View): void => {
    selected.show(view.selected, view);
    pointed.show(sameThing(view.pointed, view.selected) ? null : view.pointed, view);
  };
  store.watch((view, changed) => {
    if (changed.has("selected") || ["pointed", "origin", "profile", "sure", "project", "weights", "pin"].some((key) => changed.has(key as Key))) {
      show(view);
    }
  });
  show(store.view);
}

class Mark {
  private marker: L.Marker | null = null;

  constructor(
    private readonly model: Model, private readonly map: L.Map, private readonly className: string,
  ) {}

  show(thing: Thing | null, view: View): void {
    this.marker?.remove();
    this.marker = null;
    if (!thing) return;
    const described = describe(this.model, view, thing);
    if (!described) return;
    const { icon, name, seconds } = described;
    const isPin = thing.type === "candidate" || thing.type === "pin";
    const content = el(
      "div", { class: `${this.className}${isPin ? " pin-mark" : ""}`, attr: { "aria-hidden": "true" } },
      !isPin && svg(
        "svg", { viewBox: "0 0 56 56", width: 56, height: 56, class: "ring" },
        svg("circle", { cx: 28, cy: 28, r: 25 }),
      ),
      el("span", { class: "mark-icon" }, icon),
      el("span", { class: "mark-name" }, outside(name), seconds === null ? null : ` · ${shortMinutes(seconds)}`),
    );
    this.marker = L.marker(positionOf(this.model, view, thing), {
      pane: "marken", interactive: false, keyboard: false,
      icon: L.divIcon({ html: content, className: "mark-box", iconSize: [0, 0] }),
    }).addTo(this.map);
  }
}

export function positionOf(model: Model, view: View, thing: Thing): L.LatLng {
  if (thing.type === "candidate") {
    const { x, y } = shownRanking(model, view)?.ranking.candidates[thing.index] ?? { x: 0, y: 0 };
    return toLatLng(x, y);
  }
  if (thing.type === "pin") {
    const { x, y } = (view.pin && ownSpot(model, view.pin)) ?? { x: 0, y: 0 };
    return toLatLng(x, y);
  }
  if (thing.type === "place") {
    const { x, y } = model.places[thing.index]!;
    return toLatLng(x, y);
  }
  if (thing.type === "gate") {
    const { x, y } = model.study.gates[thing.index]!;
    return toLatLng(x, y);
  }
  const [x, y] = model.study.origins[thing.index]!.points[0] ?? [0, 0];
  return toLatLng(x, y);
}

function describe(
  model: Model, view: View, thing: Thing,
): { icon: Node; name: string; seconds: number | null } | null {
  const { study, places, times } = model;
  if (thing.type === "candidate") {
    const shown = shownRanking(model, view);
    const candidate = shown?.ranking.candidates[thing.index];
    if (!shown || !candidate) return null;
    return { icon: pinIcon(study, shown.standing.rank[thing.index]!, PIN), name: candidate.name, seconds: null };
  }
  if (thing.type === "pin") {
    if (!view.pin) return null;
    return { icon: pinIcon(study, null, PIN), name: "Eigener Punkt", seconds: null };
  }
  if (thing.type === "gate") {
    const gate = study.gates[thing.index]!;
    return { icon: gateIcon(study, gate, SIZE), name: gate.name || "Tor", seconds: null };
  }
  if (thing.type === "house") {
    const house = study.origins[thing.index]!;
    return { icon: houseIcon(study, house, SIZE), name: house.name, seconds: null };
  }
  const place = places[thing.index]!;
  return {
    icon: categoryIcon(study, study.categories[place.category]!, SIZE),
    name: title(place),
    seconds: times.secondsTo(listedVariant(study, view), view.origin, place.index),
  };
}
