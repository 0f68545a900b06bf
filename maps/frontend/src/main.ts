// Entry: the elements of the folium map call these functions, each with the map and the id of
// the script element that holds its data. The last of them, page(), puts everything together.
import * as L from "leaflet";
import { startAddress } from "./address";
import { Atlas } from "./atlas";
import { startCard } from "./card";
import { startCompare } from "./compare";
import { startCategories } from "./categories";
import { textOf } from "./data";
import { byId } from "./dom";
import { startEscape } from "./escape";
import { readFragment } from "./fragment";
import { startGrounds } from "./grounds";
import { positionOf, startHighlight } from "./highlight";
import { startLegend } from "./legend";
import { startList } from "./list";
import { hasWays, readModel, type Model, type Sources } from "./model";
import { startNeeds } from "./needs";
import "./page.css";
import "./print.css";
import "./projects.css";
import "./needs.css";
import { startPanel } from "./panel";
import { startPointer } from "./pointer";
import { LISTED_FIRST, startProjects } from "./projects";
import { startPrint } from "./print";
import { widestBands } from "./reach";
import { watchScripts } from "./served";
import { startSheet } from "./sheet";
import { startSources } from "./sources";
import { startTools } from "./tools";
import { listedCandidates, shownRanking } from "./standing";
import { Store, type View } from "./view";
import { toLatLng } from "./world";

export { serve } from "./served";

const sources: Partial<Sources> = {};

watchScripts();

/** Notes where a part of the data stands. */
function part(name: keyof Sources): (map: L.Map, id: string) => void {
  return (_map, id) => {
    sources[name] = id;
  };
}

export const baseMap = part("base");
export const isochrones = part("reach");
export const grounds = part("sites");
export const places = part("places");
export const projects = part("projects");
export const neighbourhood = part("neighbourhood");

/** Starts the page as soon as its data are unpacked and its font is there. */
export function page(map: L.Map, study: string, notices: string): void {
  void start(map, { ...sources, study } as Sources, notices).catch((error: unknown) => {
    const box = byId("stoerung");
    box.textContent = "Die Karte kann in diesem Browser nicht gezeichnet werden. "
      + "Bitte öffnen Sie sie mit einem aktuellen Firefox, Chrome, Edge oder Safari.";
    box.hidden = false;
    console.error(error);
  });
}

async function start(map: L.Map, given: Sources, notices: string): Promise<void> {
  const model = await readModel(given);
  await Promise.all([400, 700].map((weight) =>
    document.fonts.load(`${weight} 16px "${model.study.style.text["font"]}"`, "Aä")));
  const first = firstView(model);
  const { view, stand } = readFragment(location.hash, first, model);
  const store = new Store(view);

  startEscape();
  startPanel(model, store);
  startCategories(model, store);
  startList(model, store);
  startGrounds(model, store);
  startProjects(model, store, map, byId("ausdruck"));
  startNeeds(model, store, byId("ausdruck"));
  setUp(map);
  startSheet(() => map.invalidateSize({ animate: false, pan: false }));
  stand ? map.setView([stand.latitude, stand.longitude], stand.zoom) : fit(map, model, store.view, false);
  if (!stand) showPins(map, model, store.view, false);
  keepWithin(map, model);
  const atlas = new Atlas(map, model, store);
  startHighlight(model, store, atlas);
  startPointer(store, atlas);
  // The card of one lies above the comparison of two, so that Esc closes it first.
  startCompare(model, store, byId("kartenflaeche"));
  startCard(model, store);
  startLegend(model, store);
  startTools(map, model.study, () => fit(map, model, store.view));
  startSources(model, textOf(notices));
  startPrint(atlas, () => store.view.selected && positionOf(model, store.view, store.view.selected));
  startAddress(model, store, first, map);
  store.watch((now, changed) => {
    if (changed.has("selected") && now.selected) bringIntoView(map, model, now);
    else if (changed.has("origin")) fit(map, model, now);
    else if (changed.has("project")) showPins(map, model, now);
    else if (changed.has("profile")) follow(map, model, now);
  });
  byId("sprung").addEventListener("click", (event) => {
    // The fragment belongs to the view; the list is reached without it.
    event.preventDefault();
    byId("liste").focus();
  });
  document.documentElement.dataset["ready"] = "true";
}

/** What is shown before anybody chooses: the first origin, all that is counted. */
function firstView({ study }: Model): View {
  const shown = new Set(study.layers.filter((layer) => layer.shown).map(({ id }) => id));
  const hidden = study.categories.filter((c) => !shown.has(c.layer) || c.minor);
  return {
    origin: study.origins.length ? 0 : -1,
    profile: 0,
    hidden: new Set(hidden.map(({ id }) => id)),
    within: hasWays(study) ? study.minutes.at(-1) ?? null : null,
    wheelchair: false,
    partners: false,
    sure: false,
    query: "",
    order: hasWays(study) ? "time" : "category",
    reach: true,
    ring: false,
    common: false,
    grounds: true,
    project: -1,
    weights: null,
    compared: [],
    listed: LISTED_FIRST,
    pin: null,
    selected: null,
    pointed: null,
  };
}

function setUp(map: L.Map): void {
  const container = map.getContainer();
  container.setAttribute("role", "application");
  container.setAttribute(
    "aria-label",
    "Karte. Pfeiltasten verschieben, Plus und Minus ändern den Maßstab. Alle Orte stehen auch in der Liste.",
  );
  map.invalidateSize({ animate: false });
  if (isCalm()) {
    // Leaflet asks for this only when a map is made, which folium has done already.
    Object.assign(map, { _zoomAnimated: false });
    map.options.inertia = false;
  }
}

/** Nobody is led farther than there is something to see. */
function keepWithin(map: L.Map, { base, places }: Model): void {
  const { x0, y0, bounds: edges, length } = base.shapes;
  const xs = places.map(({ x }) => x), ys = places.map(({ y }) => y);
  for (let i = 0; i < 4 * length; i += 2) {
    xs.push(x0 + edges[i]!);
    ys.push(y0 + edges[i + 1]!);
  }
  if (!xs.length) return;
  const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b));
  const corners = [toLatLng(least(xs), least(ys)), toLatLng(most(xs), most(ys))];
  // What is shown now may be shown again, even where it is wider than the data.
  map.setMaxBounds(L.latLngBounds(corners).extend(map.getBounds()).pad(0.5));
}

/** Whether people have asked their system for less motion. */
function isCalm(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** What can be reached from the chosen origin, and its grounds. */
function boundsOf(model: Model, view: View): L.LatLngBounds {
  const bounds = L.latLngBounds([]);
  const extend = ({ bounds: edges, x0, y0 }: Model["grounds"], shape: number): void => {
    const [west, north, east, south] = edges.subarray(4 * shape, 4 * shape + 4);
    bounds.extend(toLatLng(x0 + west!, y0 + north!)).extend(toLatLng(x0 + east!, y0 + south!));
  };
  const { shapes, found } = widestBands(model, view);
  for (const shape of found.values()) extend(shapes, shape);
  const origin = model.study.origins[view.origin];
  for (const [x, y] of origin?.points ?? []) bounds.extend(toLatLng(x, y));
  model.study.origins.filter(({ kind }) => kind === "site").forEach(({ id }, site) => {
    if (id === origin?.site) extend(model.grounds, site);
  });
  if (!bounds.isValid()) for (const { x, y } of model.places) bounds.extend(toLatLng(x, y));
  return bounds;
}

/** Where the map stood after it was fitted; whoever has moved it since is left alone. */
let fitted: { center: L.LatLng; zoom: number } | null = null;

/** Shows all that can be reached from the chosen origin. */
function fit(map: L.Map, model: Model, view: View, animate = !isCalm()): void {
  const bounds = boundsOf(model, view);
  if (!bounds.isValid()) return;
  map.once("moveend", () => { fitted = { center: map.getCenter(), zoom: map.getZoom() }; });
  map.fitBounds(bounds, {
    paddingTopLeft: [24, 24], paddingBottomRight: [24, 56], maxZoom: 17,
    animate,
  });
}

/** Another profile: the map stays, to be compared, unless it would show too little of the reach. */
function follow(map: L.Map, model: Model, view: View): void {
  if (fitted?.zoom !== map.getZoom() || !near(map, fitted.center)) return;
  const bounds = boundsOf(model, view);
  if (!bounds.isValid()) return;
  const fits = map.getBounds().contains(bounds);
  if (!fits || map.getBoundsZoom(bounds, false, L.point(48, 80)) > map.getZoom() + 1) {
    fit(map, model, view);
  }
}

/** Moves the map only if a pin of the list would lie outside. */
function showPins(map: L.Map, model: Model, view: View, animate = !isCalm()): void {
  const shown = shownRanking(model, view);
  if (!shown) return;
  const spots = listedCandidates(shown, view).map((index) => {
    const { x, y } = shown.ranking.candidates[index]!;
    return toLatLng(x, y);
  });
  const bounds = L.latLngBounds(spots);
  if (!bounds.isValid() || map.getBounds().pad(-0.05).contains(bounds)) return;
  map.fitBounds(bounds.extend(map.getBounds()), { maxZoom: 16, animate });
}

function near(map: L.Map, center: L.LatLng): boolean {
  return map.latLngToContainerPoint(center).distanceTo(map.getSize().divideBy(2)) < 3;
}

function bringIntoView(map: L.Map, model: Model, view: View): void {
  const { selected } = view;
  if (!selected) return;
  const card = byId("blatt");
  const besideCard = map.getContainer().clientWidth - card.offsetLeft + 60;
  // Beside the card if there is room, else it does not matter where.
  const fits = card.offsetWidth < 0.6 * map.getContainer().clientWidth;
  const right = card.hidden || !fits ? 60 : besideCard;
  map.panInside(positionOf(model, view, selected), {
    paddingTopLeft: [60, 60], paddingBottomRight: [right, 60],
    animate: !isCalm(),
  });
}
