import type { Depot, Progress } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, backends } from "./backends.ts";

const size = 1_000_000;
const lines = "a line of some length\n".repeat(Math.ceil(size / 22));

describe.each(backends)("progress on $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
    await data.writeText("x", lines);
  });
  afterAll(() => bench.close());

  const whole = { doneObjects: 1, totalObjects: 1, doneBytes: lines.length, totalBytes: lines.length };
  type Options = { readonly onProgress: (progress: Progress) => void };

  test.each<[string, (options: Options) => Promise<unknown>, Partial<Progress>]>([
    ["readBytes", (options) => data.readBytes("x", options), whole],
    ["readText", (options) => data.readText("x", options), whole],
    ["readStream", (options) => new Response(data.readStream("x", options)).text(), whole],
    ["localCopy", (options) => data.localCopy("x", () => undefined, options), whole],
    [
      "localCopy past the cache",
      (options) => data.localCopy("x", () => undefined, { ...options, cache: "bypass" }),
      whole,
    ],
    [
      "readRange",
      (options) => data.readRange("x", { start: 5, end: 25 }, options),
      { ...whole, doneBytes: 20, totalBytes: 20 },
    ],
    [
      "readRanges",
      (options) =>
        data.readRanges(
          "x",
          [
            { start: 0, end: 10 },
            { start: 900_000, end: 900_005 },
          ],
          options,
        ),
      { ...whole, doneBytes: 15, totalBytes: 15 },
    ],
    [
      "readLines with a limit",
      (options) => data.readLines("x", { ...options, limit: 2 }),
      { doneObjects: 1, doneBytes: 65_536 },
    ],
    ["writeText", (options) => data.writeText("y", lines, options), whole],
    ["writeLines", (options) => data.writeLines("y", lines.trim().split("\n"), options), whole],
    ["writeFrom", (options) => data.localCopy("x", (path) => data.writeFrom("y", path, options)), whole],
  ])("%s ends with all that it moved", async (_, run, last) => {
    const told: Progress[] = [];
    await run({ onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject(last);
    expect(new Set(told.map(({ uri }) => uri)).size).toBe(1);
  });
});
