import { describe, expect, it } from "vitest";
import { inQuotes } from "../src/rankwords";
import {
  counted, decimal, detourInWords, folded, gateInWords, metresInWords, minutesInWords, places,
  shortMinutes, statusInWords, wheelchairInWords, wholeMinutes,
} from "../src/words";

const soft = (text: string): string => text.replaceAll("\u00a0", " ");

describe("minutes", () => {
  it.each([[0, 1], [1, 1], [60, 1], [61, 2], [600, 10], [601, 11], [1800, 30]])(
    "%d seconds are %d begun minutes", (seconds, minutes) => {
      expect(wholeMinutes(seconds)).toBe(minutes);
    },
  );

  it("knows singular and plural", () => {
    expect(soft(minutesInWords(30))).toBe("1 Minute");
    expect(soft(minutesInWords(90))).toBe("2 Minuten");
    expect(soft(shortMinutes(90))).toBe("2 Min.");
  });
});

describe("names", () => {
  it("keep their own quotation marks apart from those around them", () => {
    expect(inQuotes("Bürgerhaus")).toBe("»Bürgerhaus«");
    expect(inQuotes("Parkallee, 350 m von »Parkcafé«")).toBe("»Parkallee, 350 m von ›Parkcafé‹«");
  });
});

describe("metres", () => {
  it.each([[0, "0 m"], [114, "110 m"], [994, "990 m"], [996, "1,0 km"], [1549, "1,5 km"], [12000, "12,0 km"]])(
    "%d are said as %s", (metres, text) => {
      expect(soft(metresInWords(metres))).toBe(text);
    },
  );
});

it("counts nothing, one and many", () => {
  expect(soft(places(0))).toBe("keine Orte");
  expect(soft(places(1))).toBe("1 Ort");
  expect(soft(places(2))).toBe("2 Orte");
  expect(soft(counted(1, "Haus", "Häuser"))).toBe("1 Haus");
});

it("writes decimals with a comma", () => {
  expect(decimal(1.25, 1)).toBe("1,3");
  expect(decimal(2, 1)).toBe("2,0");
});

it("says how much longer the way is", () => {
  expect(detourInWords(1.05)).toContain("fast so kurz");
  expect(detourInWords(2.34)).toBe("Der Weg ist 2,3-mal so lang wie die Luftlinie.");
});

it("calls the unknown unknown", () => {
  expect(wheelchairInWords("unknown")).toBe("Rollstuhl: nicht erfasst");
  expect(statusInWords("not_recorded")).toBe("nicht erfasst");
  expect(statusInWords("something new")).toBe("");
});

it("tells the states of a gate", () => {
  expect(gateInWords("open")).toBe("offen");
  expect(gateInWords("locked")).toBe("geschlossen");
  expect(gateInWords("Mo-Fr 07:00-19:00")).toBe("nur zu bestimmten Zeiten offen");
});

it("folds what people type and what is written", () => {
  expect(folded("STRAẞE")).toBe("strasse");
  expect(folded("Größe")).toBe("grosse");
  expect(folded("Café")).toBe("cafe");
});
