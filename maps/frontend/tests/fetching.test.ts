import { afterEach, describe, expect, test, vi } from "vitest";
import { Fetching, Outdated, type Part } from "../src/fetching";

const PARTS: Part[] = [
  { id: "a", address: "daten/a", bytes: 6 },
  // Ä takes two bytes, so ten letters are eleven.
  { id: "b", address: "daten/b", bytes: 11 },
];
const BODIES: Record<string, string> = { "daten/a": "abcdef", "daten/b": "Ä123456789" };

/** A server that answers with these bodies, or fails as told. */
function server(status: Record<string, number> = {}): { get: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const get = (async (address: string) => {
    asked.push(address);
    const code = status[address] ?? 200;
    if (code === 0) throw new TypeError("no connection");
    return new Response(BODIES[address], { status: code });
  }) as typeof fetch;
  return { get, asked };
}

afterEach(() => vi.useRealTimers());

describe("fetching the data of a page", () => {
  test("brings all texts, asked for at once", async () => {
    const { get, asked } = server();
    const shares: number[] = [];
    const running = new Fetching(PARTS, get, (share) => shares.push(share)).run();
    expect(asked).toEqual(["daten/a", "daten/b"]);
    expect([...(await running)].sort()).toEqual([["a", "abcdef"], ["b", "Ä123456789"]]);
    expect(shares.at(-1)).toBe(1);
    expect(Math.min(...shares)).toBe(0);
    // 6 or 11 of 17 bytes are there when one of them is.
    expect(shares.some((share) => share === 6 / 17 || share === 11 / 17)).toBe(true);
  });

  test.each([404, 410])("says that the data are outdated when they are gone (%i)", async (code) => {
    const { get } = server({ "daten/b": code });
    await expect(new Fetching(PARTS, get, () => undefined).run()).rejects.toThrow(Outdated);
  });

  test("fetches only what is missing when tried again", async () => {
    const broken = { "daten/b": 503 };
    const { get, asked } = server(broken);
    const fetching = new Fetching(PARTS, get, () => undefined);
    const failure = await fetching.run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(Outdated);
    broken["daten/b"] = 200;
    expect((await fetching.run()).size).toBe(2);
    expect(asked).toEqual(["daten/a", "daten/b", "daten/b"]);
  });

  test("does not take half a file for a whole one", async () => {
    const parts = [{ ...PARTS[0]!, bytes: 7 }];
    await expect(new Fetching(parts, server().get, () => undefined).run()).rejects.toThrow("6 of 7");
  });

  test("gives up when the server stays silent", async () => {
    vi.useFakeTimers();
    const silent = ((_: string, { signal }: RequestInit) => new Promise((_resolve, reject) => {
      signal!.addEventListener("abort", () => reject(new Error("aborted")));
    })) as unknown as typeof fetch;
    const running = new Fetching(PARTS, silent, () => undefined).run();
    const ended = expect(running).rejects.toThrow("aborted");
    await vi.advanceTimersByTimeAsync(31_000);
    await ended;
  });
});
