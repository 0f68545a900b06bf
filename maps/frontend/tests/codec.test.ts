import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytesOf, Numbers, unpackShapes } from "../src/codec";

function varints(values: number[]): number[] {
  return values.flatMap((value) => {
    const bytes: number[] = [];
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return [...bytes, rest];
      bytes.push((rest % 128) + 128);
    }
  });
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

describe("numbers", () => {
  it("reads one to five bytes", () => {
    const values = [0, 1, 127, 128, 16383, 16384, 2 ** 31, 2 ** 32 - 1];
    const numbers = new Numbers(Uint8Array.from(varints(values)));
    expect(values.map(() => numbers.next())).toEqual(values);
  });

  it("reads signed ones", () => {
    const values = [0, -1, 1, -2, 2, -(2 ** 31), 2 ** 31];
    const numbers = new Numbers(Uint8Array.from(varints(values.map(zigzag))));
    expect(values.map(() => numbers.nextSigned())).toEqual(values);
  });

  it("complains about a pack that ends too early", () => {
    expect(() => new Numbers(Uint8Array.from([128])).next()).toThrow(RangeError);
  });
});

it("reads base64 bytes above 127", () => {
  expect([...bytesOf("AP+A")]).toEqual([0, 255, 128]);
});

it("unpacks a point, a line and a polygon with a hole", async () => {
  const numbers = [
    0, 1, 2, // kinds
    1, 1, 2, // parts per shape
    1, 2, 3, 3, // points per part
    ...[5, 10, 10, -25, 30, 0, -20, 5, 0].map(zigzag),
    ...[7, 0, 3, -10, 0, 40, -30, 0, 5].map(zigzag),
  ];
  const data = deflateSync(Uint8Array.from(varints(numbers))).toString("base64");
  const shapes = await unpackShapes({ x: 1000, y: 2000, unit: 1, shapes: 3, parts: 4, points: 9, data });
  expect([...shapes.kind]).toEqual([0, 1, 2]);
  expect([...shapes.partsFrom]).toEqual([0, 1, 2, 4]);
  expect([...shapes.pointsFrom]).toEqual([0, 1, 3, 6, 9]);
  expect([...shapes.xs]).toEqual([5, 15, 25, 0, 30, 30, 10, 15, 15]);
  expect([...shapes.ys]).toEqual([7, 7, 10, 0, 0, 40, 10, 10, 15]);
  expect([...shapes.bounds.subarray(4, 8)]).toEqual([15, 7, 25, 10]);
  expect([...shapes.bounds.subarray(8)]).toEqual([0, 0, 30, 40]);
  expect(shapes.x0).toBe(1000);
  const coarse = await unpackShapes({ x: 1000, y: 2000, unit: 4, shapes: 3, parts: 4, points: 9, data });
  expect([...coarse.xs]).toEqual([...shapes.xs].map((x) => 4 * x));
  expect([...coarse.bounds.subarray(8)]).toEqual([0, 0, 120, 160]);
});
