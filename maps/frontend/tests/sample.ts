// A small model for tests: two origins, one gate, four places on a line; on foot and by wheelchair.
import type { Category, Model, Place } from "../src/model";
import { Coverage } from "../src/coverage";
import { Reach } from "../src/reachpacks";
import { AccessTable, Times, type TimeTable } from "../src/times";
import type { View } from "../src/view";

const NONE = new Uint32Array(12);
const NOTHING = {
  x0: 0, y0: 0, length: 0, kind: new Uint8Array(), partsFrom: new Uint32Array(1),
  pointsFrom: new Uint32Array(1), xs: new Int32Array(), ys: new Int32Array(), bounds: new Int32Array(),
};

function category(id: string, label: string): Category {
  return {
    id, label, plural: `${label}n`, layer: "services", group: "Nahversorgung", completeness: "high",
    indicator: true, minor: false, glyph: "x",
  };
}

function place(index: number, id: string, name: string, more: Partial<Place> = {}): Place {
  return {
    index, id, name, category: 0, kind: "Bäckerei", osmIds: [id], campus: -1, wheelchair: "unknown",
    hours: "", address: "", operator: "", website: "", partner: false, area: false,
    x: 100 * index, y: 0, ...more,
  };
}

/** Seconds plus one, 0 is out of reach; a metre each second. */
function table(seconds: number[], unknown: number[] = []): TimeTable {
  const marks = new Uint8Array(8);
  return {
    seconds: Uint16Array.from(seconds),
    metres: Uint32Array.from(seconds, (value) => Math.max(0, value - 1)),
    marks,
    unknown: unknown.length ? Uint32Array.from(unknown) : new Uint32Array(8),
  };
}

export function sampleModel(): Model {
  const places = [
    place(0, "n1", "Brot & Mehr", { address: "Lange Straße 5", wheelchair: "yes" }),
    place(1, "n2", "", { campus: 0 }),
    place(2, "n3", "Ärztehaus", { category: 1, kind: "Arztpraxis", partner: true }),
    place(3, "n4", "Zum Anker", { wheelchair: "limited", operator: "Café GmbH" }),
  ];
  const tables = [
    table([301, 61, 601, 0, 1201, 1, 601, 901]),
    // By wheelchair: n1 is sure but longer, n2 as quick, n3 only possible.
    table([501, 71, 0, 0, 0, 1, 0, 0]),
    table([351, 71, 701, 0, 1301, 1, 0, 951], [41, 1, 301, 0, 0, 1, 0, 1]),
  ];
  return {
    study: {
      name: "Probe", fictional: true, source: "", date: "", attribution: "", own: "", snapshot: "", release: "internal", minutes: [5, 10, 15],
      profiles: [
        {
          id: "resident", label: "zu Fuß", way: "zu Fuß", mode: "foot", speed: 1, rules: ["3,6 km/h"], rest: null,
          confirmed: 0, possible: null,
        },
        {
          id: "wheelchair", label: "Mit Rollstuhl", way: "mit dem Rollstuhl", mode: "wheels", speed: 0.9, rules: ["stufenlos"],
          rest: null, confirmed: 1, possible: 2,
        },
      ],
      origins: [
        { id: "s1", kind: "site", name: "Hof", site: "s1", mark: "", points: [[0, 0]], summary: [] },
        { id: "h 1&", kind: "house", name: "Haus A", site: "s1", mark: "A", points: [[9, 9]], summary: [] },
      ],
      sentences: [],
      gates: [{ id: "t1", name: "", site: "s1", status: "open", stepFree: "yes", derived: false, x: 0, y: 0 }],
      layers: [{ id: "services", label: "Versorgung", colour: "#000000", shape: "circle", shown: true }],
      categories: [category("bakery", "Bäckerei"), category("doctors", "Arztpraxis")],
      glyphs: {}, style: {} as Model["study"]["style"], warnings: [],
    },
    places,
    times: new Times(8, 4, tables),
    access: new AccessTable(2, 2, NONE, NONE, NONE, [NONE, NONE, NONE], NONE),
    coverage: new Coverage(2, 3, NONE, NONE, NONE),
    reach: new Reach(3, [NOTHING, NOTHING, NOTHING]),
    base: { groups: [], names: [], named: new Uint32Array(), shapes: NOTHING },
    grounds: NOTHING,
    outlines: NOTHING,
    placement: null,
    neighbourhood: null,
  };
}

export function sampleView(change: Partial<View> = {}): View {
  return {
    origin: 0, profile: 0, hidden: new Set(), within: 15, wheelchair: false, partners: false, sure: false, query: "",
    order: "time", reach: true, ring: false, common: false, grounds: true, project: -1,
    weights: null, compared: [], listed: 5, pin: null, selected: null, pointed: null, ...change,
  };
}
