// "Eigenen Punkt setzen": press the button, then a place on the map – by finger or mouse, or
// with the arrow keys and Enter for its middle. At once it says who gets there.
import type * as L from "leaflet";
import { pinSentences } from "./candidatecard";
import { byId, el, replace } from "./dom";
import { closed, opened } from "./escape";
import { rounded } from "./fragment";
import type { Model } from "./model";
import { ownSpot } from "./ownspot";
import { peopleText } from "./rankwords";
import { lowerSheet } from "./sheet";
import type { Store, View } from "./view";

let placing: ((at: L.LatLng) => void) | null = null;

/** Takes a press on the map for the point if one is being set. */
export function placed(at: L.LatLng): boolean {
  if (!placing) return false;
  placing(at);
  return true;
}

export function ownPoint(model: Model, store: Store, map: L.Map): HTMLElement | null {
  const { spots } = model.placement!;
  if (!spots.count) return null;
  const result = el("div", { attr: { "aria-live": "polite" } });
  const set = el("button", { class: "button wide", attr: { type: "button", id: "punkt-setzen" }, on: { click: () => start() } });
  const show = el("button", {
    class: "button small", attr: { type: "button" },
    on: { click: () => store.set({ selected: { type: "pin", index: 0 } }) },
  }, "Alle Zeiten zeigen");
  const remove = el("button", {
    class: "button small", attr: { type: "button" },
    on: {
      click: () => {
        const { selected } = store.view;
        store.set({ pin: null, selected: selected?.type === "pin" ? null : selected, pointed: null });
        set.focus();
      },
    },
  }, "Punkt entfernen");
  const buttons = el("div", { class: "card-buttons" }, show, remove);

  const hint = el(
    "div", { class: "placing", attr: { hidden: true } },
    el("p", { attr: { role: "status" } }, "Tippen Sie auf die Karte. Oder verschieben Sie sie mit den Pfeiltasten und drücken Sie die Eingabetaste: Dann gilt ihre Mitte."),
    el("button", { class: "button small", attr: { type: "button" }, on: { click: () => { stop(); set.focus(); } } }, "Abbrechen"),
  );
  const cross = el("div", { class: "cross-hair", attr: { hidden: true, "aria-hidden": "true" } });
  byId("kartenflaeche").append(cross, hint);
  const container = map.getContainer();

  const stop = (): void => {
    placing = null;
    hint.hidden = cross.hidden = true;
    container.classList.remove("is-placing");
    closed("placing");
  };
  const start = (): void => {
    lowerSheet();
    // A card would cover the map.
    store.set({ selected: null, pointed: null });
    placing = ({ lat, lng }) => {
      stop();
      store.set({
        pin: { latitude: rounded(lat), longitude: rounded(lng) },
        selected: { type: "pin", index: 0 }, pointed: null,
      });
    };
    hint.hidden = cross.hidden = false;
    container.classList.add("is-placing");
    opened("placing", () => { stop(); set.focus(); });
    container.focus();
  };
  container.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !placing || event.target !== container) return;
    event.preventDefault();
    placing(map.getCenter());
  });

  const fill = (view: View): void => {
    set.textContent = view.pin ? "Punkt versetzen" : "Eigenen Punkt setzen";
    buttons.hidden = !view.pin;
    const found = view.pin && ownSpot(model, view.pin);
    const counts = found ? spots.neighboursOf(found.spot) : [];
    replace(
      result,
      ...pinSentences(model, view).map((text) => el("p", {}, text)),
      found && el("p", {}, "Aus der Nachbarschaft: ", model.study.minutes
        .map((minutes, i) => `${peopleText(counts[i]!)} in ${minutes}`).join(", ") + " Minuten."),
    );
  };
  fill(store.view);
  store.watch((view, changed) => {
    if (changed.has("pin") || changed.has("profile")) fill(view);
  });
  return el(
    "div", { class: "own-point" },
    el("h3", {}, "Einen eigenen Punkt prüfen"),
    el("p", { class: "card-note" }, `Wer kommt dorthin? Gerechnet auf ${thousands(spots.count)} Punkten im Abstand von ${spots.spacing}\u00a0m rund um die Häuser.`),
    set, result, buttons,
  );
}

function thousands(count: number): string {
  return `${count}`.replace(/\B(?=(\d{3})+$)/g, ".");
}
