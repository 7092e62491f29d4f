import { describe, expect, test } from "vitest";
import type { Found } from "./found.ts";
import { pairs } from "./pairs.ts";

async function* listing(side: string, paths: readonly string[], ended?: () => void): AsyncGenerator<Found> {
  try {
    for (const path of paths) yield { path, uri: `${side}:${path}`, sizeBytes: 1, modifiedMs: 0, etag: "" };
  } finally {
    ended?.();
  }
}

async function paired(source: readonly string[], target: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for await (const pair of pairs(listing("s", source), listing("t", target)))
    all.push(`${pair.source?.path ?? "-"}|${pair.target?.path ?? "-"}`);
  return all;
}

describe("two listings in key order", () => {
  test.each([
    [[], [], []],
    [["a"], [], ["a|-"]],
    [[], ["a"], ["-|a"]],
    [
      ["a", "b", "d"],
      ["b", "c", "d", "e"],
      ["a|-", "b|b", "-|c", "d|d", "-|e"],
    ],
    [
      ["a-b", "a/b", "a0"],
      ["a.b", "a/b"],
      ["a-b|-", "-|a.b", "a/b|a/b", "a0|-"],
    ],
    // UTF-16 would have them the other way round
    [["\uffee", "\u{1f600}"], ["\u{1f600}"], ["\uffee|-", "\u{1f600}|\u{1f600}"]],
  ])("%j and %j are one stream of pairs", async (source, target, expected) => {
    expect(await paired(source, target)).toEqual(expected);
  });

  test.each([
    [["b", "a"], ["a"]],
    [["a"], ["a", "a"]],
  ])("%j and %j are refused: what comes late would be taken for missing", async (source, target) => {
    await expect(paired(source, target)).rejects.toMatchObject({ code: "protocol", message: /after .*no order/ });
  });

  test("are both ended when nobody reads on", async () => {
    const ended: string[] = [];
    const both = pairs(
      listing("s", ["a", "b"], () => ended.push("s")),
      listing("t", ["a", "b"], () => ended.push("t")),
    );
    for await (const _ of both) break;
    expect(ended.sort()).toEqual(["s", "t"]);
  });

  test("are read no further than one entry ahead", async () => {
    let read = 0;
    const counted = (async function* () {
      for await (const entry of listing("s", ["a", "b", "c", "d"])) {
        read += 1;
        yield entry;
      }
    })();
    for await (const { source } of pairs(counted, listing("t", []))) {
      expect(read).toBeLessThanOrEqual(1 + ["a", "b", "c", "d"].indexOf(source?.path ?? ""));
    }
    expect(read).toBe(4);
  });
});
