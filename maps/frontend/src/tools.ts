// Buttons on the map, scale bar, north arrow, sources.
import * as L from "leaflet";
import { byId, el, replace, svg } from "./dom";
import { hasWays, type Study } from "./model";

export function startTools(map: L.Map, study: Study, showAll: () => void): void {
  const closer = button("Karte vergrößern", "M12 5v14M5 12h14", () => map.zoomIn());
  const wider = button("Karte verkleinern", "M5 12h14", () => map.zoomOut());
  const all = button(
    hasWays(study) ? "Alles zeigen, was erreichbar ist" : "Alles zeigen", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", showAll,
  );
  const print = button("Drucken", "M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z", () => window.print());
  replace(
    byId("werkzeuge"),
    el("div", { class: "tool-group" }, closer, wider),
    el("div", { class: "tool-group" }, all),
    el("div", { class: "tool-group" }, print),
  );
  const enable = (): void => {
    closer.disabled = map.getZoom() >= map.getMaxZoom();
    wider.disabled = map.getZoom() <= map.getMinZoom();
  };
  map.on("zoomend", enable);
  enable();

  const bar = el("span", { class: "scale-bar" });
  const length = el("span", {});
  const north = svg(
    "svg", { viewBox: "0 0 20 28", width: 20, height: 28, "aria-hidden": "true" },
    svg("path", { d: "M10 1 L17 20 L10 16 L3 20z", fill: "currentColor" }),
    svg("text", { x: 10, y: 28, "text-anchor": "middle", "font-size": 9, "font-weight": 700, fill: "currentColor" }, "N"),
  );
  const sources = el(
    "button",
    { class: "link", attr: { type: "button" }, on: { click: () => byId<HTMLDialogElement>("quellen").showModal() } },
    "Quellen und Lizenzen",
  );
  replace(
    byId("fuss"),
    el("div", { class: "scale" }, el("span", { class: "north", attr: { role: "img", "aria-label": "Norden ist oben" } }, north),
      el("span", { class: "scale-length" }, length, bar)),
    el("p", { class: "sources" },
      study.fictional && el("strong", {}, "Fiktiver Ort. "),
      study.attribution, el("span", { class: "dot" }, " · "), sources),
  );
  const measure = (): void => {
    const { metres, pixels } = scaleOf(metresPerPixel(map), 130);
    bar.style.width = `${pixels}px`;
    length.textContent = metres >= 1000 ? `${metres / 1000}\u00a0km` : `${metres}\u00a0m`;
  };
  map.on("zoomend moveend", measure);
  measure();
}

/** The longest round length that fits into some pixels. */
export function scaleOf(metresPerPixel: number, room: number): { metres: number; pixels: number } {
  const most = metresPerPixel * room;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((digit) => digit * power).find((length) => length <= most) ?? power;
  return { metres, pixels: Math.round(metres / metresPerPixel) };
}

function metresPerPixel(map: L.Map): number {
  const latitude = (map.getCenter().lat * Math.PI) / 180;
  return (40075016.686 * Math.cos(latitude)) / (256 * 2 ** map.getZoom());
}

function button(label: string, path: string, press: () => void): HTMLButtonElement {
  return el(
    "button", { class: "tool", attr: { type: "button", "aria-label": label, title: label }, on: { click: press } },
    svg(
      "svg", { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true" },
      svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round" }),
    ),
  );
}

