import { expect, it } from "vitest";
import { around, Boxes, meet, union } from "../src/boxes";

it("finds boxes across cells", () => {
  const boxes = new Boxes();
  boxes.add(around(100, 100, 300, 20));
  expect(boxes.isFree(around(240, 100, 10, 10))).toBe(false);
  expect(boxes.isFree(around(240, 130, 10, 10))).toBe(true);
  expect(boxes.isFree(around(-500, -500, 10, 10))).toBe(true);
});

it("takes all or none", () => {
  const boxes = new Boxes();
  expect(boxes.take([around(0, 0, 10, 10), around(50, 0, 10, 10)])).toBe(true);
  expect(boxes.take([around(200, 0, 10, 10), around(52, 0, 10, 10)])).toBe(false);
  expect(boxes.isFree(around(200, 0, 10, 10))).toBe(true);
});

it("lets boxes touch", () => {
  expect(meet(around(0, 0, 10, 10), around(10, 0, 10, 10))).toBe(false);
  expect(meet(around(0, 0, 10, 10), around(9, 0, 10, 10))).toBe(true);
});

it("unites", () => {
  expect(union([around(0, 0, 2, 2), around(10, 5, 2, 2)])).toEqual({ left: -1, top: -1, right: 11, bottom: 6 });
});
