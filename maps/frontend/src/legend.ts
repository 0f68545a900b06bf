// The legend of the map, which also switches what lies on the ground.
import { commonSample, commonWords } from "./common";
import { byId, el, replace, svg } from "./dom";
import { closed, opened } from "./escape";
import { hatchLines } from "./hatch";
import { gateIcon, symbolIcon } from "./icons";
import { hasHouses, hasWays, type Model, type Style } from "./model";
import { outlineOf } from "./shapes";
import type { Store, View } from "./view";
import { hasTwo } from "./ways";

export function startLegend(model: Model, store: Store): void {
  const { study } = model;
  const box = byId("legende");
  const reach = toggle("Wegzeiten", (on) => store.set({ reach: on }));
  const ring = toggle("Luftlinie zum Vergleich", (on) => store.set({ ring: on }));
  const common = toggle("Gemeinsamer Raum", (on) => store.set({ common: on }));
  const commonText = el("span", {});
  const commonEntry = el("li", {});
  const shared = model.neighbourhood !== null;
  const houses = hasHouses(study), ways = hasWays(study);
  const grounds = toggle(houses ? "Gelände, Häuser, Tore" : "Gelände und Tore", (on) => store.set({ grounds: on }));
  const sites = houses || ways || study.gates.length > 0;
  const two = el(
    "ul", { class: "samples two-tone" },
    el("li", {}, reachSample(study.style, 0), "gesichert: Wege bekannt und geeignet"),
    el("li", {}, possibleSample(study.style), "nach Datenlage möglich: Zustand nicht überall bekannt"),
  );
  const content = el(
    "div", { class: "legend-content", attr: { id: "legende-inhalt" } },
    ways && reach.element,
    ways && el("ul", { class: "samples" }, ...study.minutes.map((minutes, step) =>
      el("li", {}, reachSample(study.style, step), `bis ${minutes}\u00a0Minuten`))),
    ways && two,
    ways && ring.element,
    shared && common.element,
    shared && el("ul", { class: "samples two-tone", attr: { id: "legende-gemeinsam", "aria-live": "polite" } }, commonEntry),
    sites && grounds.element,
    sites && el(
      "ul", { class: "samples two" },
      el("li", {}, groundsSample(study.style), "Gelände"),
      houses && el("li", {}, houseSample(study.style), "Haus"),
      el("li", {}, gateIcon(study, { status: "open" }, 24), "Tor offen"),
      el("li", {}, gateIcon(study, { status: "locked" }, 24), "Tor geschlossen"),
      study.gates.some(({ status }) => status !== "open" && status !== "locked")
        && el("li", {}, gateIcon(study, { status: "hours" }, 24), "Tor zeitweise"),
    ),
    el("p", { class: "legend-title" }, "Orte"),
    el("ul", { class: "samples two" }, ...study.layers.map((layer) =>
      el("li", {}, symbolIcon(study, layer, null, 22), layer.label))),
    el("p", { class: "legend-note" }, ways ? "Kleine Zeichen: weiter entfernt oder zu dicht beieinander." : "Kleine Zeichen: zu dicht beieinander."),
  );
  const button = el(
    "button",
    {
      class: "legend-button",
      attr: { type: "button", "aria-controls": content.id },
      on: { click: () => unfold(content.hidden === true) },
    },
    "Legende", chevron(),
  );
  const unfold = (open: boolean, byHand = true): void => {
    content.hidden = !open;
    button.setAttribute("aria-expanded", `${open}`);
    if (open && byHand) opened("legend", () => { unfold(false); button.focus(); });
    else closed("legend");
  };
  replace(box, button, content);
  unfold(window.matchMedia("(min-width: 1500px) and (min-height: 850px)").matches, false);

  const show = (view: View): void => {
    reach.input.checked = view.reach;
    two.hidden = !hasTwo(study, view);
    ring.input.checked = view.ring;
    grounds.input.checked = view.grounds;
    common.input.checked = view.common;
    if (shared) {
      const { text, found } = commonWords(model, view);
      commonText.textContent = text;
      const name = el("span", { class: "on-paper" }, "Gemeinsamer Raum: ");
      replace(commonEntry, found && commonSample(study.style), el("span", {}, found && name, commonText));
    }
  };
  show(store.view);
  store.watch(show);
}

function toggle(text: string, change: (on: boolean) => void): { element: HTMLElement; input: HTMLInputElement } {
  const input = el("input", { attr: { type: "checkbox" }, on: { change: () => change(input.checked) } });
  return { element: el("label", { class: "check" }, input, el("span", {}, text)), input };
}

function reachSample({ isochrones }: Style, step: number): SVGElement {
  const { colour, fill, dash, width } = isochrones;
  const at = <T>(list: T[]): T => list[Math.min(step, list.length - 1)]!;
  return svg(
    "svg", { viewBox: "0 0 44 22", width: 44, height: 22, "aria-hidden": "true" },
    svg("rect", { x: 1.5, y: 1.5, width: 41, height: 19, rx: 5, fill: colour, "fill-opacity": at(fill) }),
    svg("rect", {
      x: 1.5, y: 1.5, width: 41, height: 19, rx: 5, fill: "none", stroke: colour,
      "stroke-width": at(width), "stroke-dasharray": at(dash) || "none",
    }),
  );
}

/** As on the map: rising lines, a thin border, nothing filled. */
function possibleSample({ isochrones }: Style): SVGElement {
  const { colour, fill, width, hatch_step, hatch_opacity, possible_width } = isochrones;
  const lineWidth = (fill[0]! * hatch_step) / (hatch_opacity * Math.SQRT2);
  return svg(
    "svg", { viewBox: "0 0 44 22", width: 44, height: 22, "aria-hidden": "true" },
    svg(
      "svg", { x: 1.5, y: 1.5, width: 41, height: 19, viewBox: "0 0 41 19" },
      svg("path", { d: hatchLines(41, 19, hatch_step), stroke: colour, "stroke-width": lineWidth, "stroke-opacity": hatch_opacity }),
    ),
    svg("rect", { x: 1.5, y: 1.5, width: 41, height: 19, rx: 2, fill: "none", stroke: colour, "stroke-width": width[0]! * possible_width }),
  );
}

function groundsSample({ grounds }: Style): SVGElement {
  const lines = [-12, -3, 6, 15, 24].map((x) => `M${x} 2l18 18`).join("");
  return svg(
    "svg", { viewBox: "0 0 30 22", width: 30, height: 22, "aria-hidden": "true" },
    svg("path", { d: lines, stroke: grounds.colour, "stroke-width": 1, "stroke-opacity": 0.4 }),
    svg("rect", { x: 1, y: 1, width: 28, height: 20, fill: "none", stroke: grounds.colour, "stroke-width": grounds.width }),
  );
}

function houseSample({ house }: Style): SVGElement {
  return svg(
    "svg", { viewBox: "-1 -1 26 26", width: 24, height: 24, "aria-hidden": "true" },
    svg("path", { d: outlineOf(house.shape).path, fill: house.colour }),
  );
}

function chevron(): SVGElement {
  return svg(
    "svg", { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true", class: "chevron" },
    svg("path", { d: "M6 9l6 6 6-6", fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
}

