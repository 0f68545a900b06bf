import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { placesFrom } from "../src/model";
import { AccessTable } from "../src/times";
import { sampleModel } from "./sample";

const packed = (numbers: number[]): string =>
  deflateSync(Uint8Array.from(numbers)).toString("base64");

it("keeps what is not known apart from nought", async () => {
  const whole = sampleModel().study;
  const study = { ...whole, profiles: whole.profiles.slice(0, 1) };
  // Two origins, two categories.
  const table = await AccessTable.unpack(
    packed([
      1, 3, 0, 2, // reachable, not recorded, no indicators, only on campus
      4, 0, 0, 0, // the fourth place
      120, 0, 0, 0, // 1.2 times
      1, 1, 0, 0, 2, 1, 0, 0, 3, 1, 0, 0, // 0, 1 and 2 places; 0; not known
      1, 1, 0, 6,
    ]),
    study,
  );
  expect(table.of(0, 0, 0)).toEqual({
    status: "reachable", nearest: 3, detour: 1.2, counts: [0, 1, 2], onCampus: 0,
  });
  expect(table.of(0, 0, 1)).toEqual({
    status: "not_recorded", nearest: -1, detour: null, counts: [0, 0, 0], onCampus: 0,
  });
  expect(table.of(0, 1, 0)).toBeUndefined();
  expect(table.of(0, 1, 1)).toEqual({
    status: "only_on_campus", nearest: -1, detour: null, counts: [null, null, null], onCampus: 5,
  });
});

it("reads places column by column", () => {
  const [place] = placesFrom({
    x0: 100, y0: 200, x: [1], y: [2], id: ["n1"], name: ["Name"], category: [0], kinds: ["a", "b"],
    kind: [1], hours: ["", "24/7"], hour: [1], operators: ["o"], operator: [0], address: ["x"],
    website: [""], osmIds: [""], campus: [-1], wheelchair: [2], partner: [1], area: [0],
  });
  expect(place).toMatchObject({
    x: 101, y: 202, kind: "b", hours: "24/7", osmIds: ["n1"], wheelchair: "limited", partner: true,
    area: false, campus: -1,
  });
});
