import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { Times } from "../src/times";

const packed = (numbers: number[]): string =>
  deflateSync(Uint8Array.from(numbers)).toString("base64");
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

it("reads runs, differences, marks and what is not known", async () => {
  // Two origins, two places.
  const table = {
    speed: 0.5, reference: null, runs: 4, cells: 3,
    data: packed([
      0, 1, 1, 2, // a way, none, two ways
      ...[10, 0, 7].map(zigzag), // metres
      ...[0, 0, -1].map(zigzag), // seconds less metres / 0.5
      5, 0, 2, // marks
      4, 0, 1, // unknown metres plus one
    ]),
  };
  // Expects the metres of the first one.
  const other = {
    speed: 1, reference: 0, runs: 4, cells: 3,
    data: packed([
      0, 2, 1, 1, // two ways, none, one
      ...[2, 3, -1].map(zigzag), ...[0, 1, 0].map(zigzag), 0, 0, 0, 0, 0, 0,
    ]),
  };
  const times = await Times.unpack([table, other], 2, 2);
  // The second one is read first: it asks for the first one itself.
  expect(times.metresTo(1, 0, 0)).toBe(12);
  expect(times.metresTo(1, 0, 1)).toBe(3); // nothing expected where the first has no way
  expect(times.metresTo(1, 1, 1)).toBe(6);
  expect(times.secondsTo(1, 1, 0)).toBeNull();
  expect(times.secondsTo(1, 0, 1)).toBe(4);
  expect(times.secondsTo(0, 0, 0)).toBe(20);
  expect(times.secondsTo(0, 0, 1)).toBeNull();
  expect(times.secondsTo(0, 1, 0)).toBe(0);
  expect(times.secondsTo(0, 1, 1)).toBe(13);
  expect(times.secondsTo(0, -1, 0)).toBeNull();
  expect([times.isEstimated(0, 0, 0), times.isPrivate(0, 0, 0), times.isByHours(0, 0, 0)])
    .toEqual([true, false, true]);
  expect(times.isPrivate(0, 1, 1)).toBe(true);
  expect(times.unknownTo(0, 0, 0)).toBe(3);
  expect(times.unknownTo(0, 1, 0)).toBeNull();
  expect(times.unknownTo(0, 1, 1)).toBe(0);
});
