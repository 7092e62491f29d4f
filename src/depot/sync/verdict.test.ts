import { describe, expect, test } from "vitest";
import type { Found } from "./found.ts";
import type { Compare } from "./types.ts";
import { judge } from "./verdict.ts";

const md5 = (digit: string, parts = "") => `"${digit.repeat(32)}${parts}"`;
const found = (over: Partial<Found> = {}): Found => ({
  uri: "s3://b/k",
  path: "k",
  sizeBytes: 3,
  modifiedMs: 5_000,
  etag: md5("a"),
  ...over,
});

const server = { kind: "server", keepsTimes: false } as const;
const file = { kind: "at-hand", keepsTimes: true } as const;
const memory = { kind: "at-hand", keepsTimes: false } as const;
const ways = {
  "up to a server": { from: file, to: server },
  "down to files": { from: server, to: file },
  "between servers": { from: server, to: server },
  "between files": { from: file, to: file },
  "into memory": { from: file, to: memory },
};
type Way = keyof typeof ways;

const told = (way: Way, source: Partial<Found>, target: Partial<Found>, compare: Compare = "auto") => {
  const verdict = judge(found(source), found(target), compare, ways[way]);
  return verdict === "contents" ? verdict : `${verdict.same ? "" : "not "}same: ${verdict.reason} (${verdict.means})`;
};

describe.each(Object.keys(ways) as Way[])("%s", (way) => {
  test.each(["auto", "checksum", "size-time", "size"] as const)("another size is another object, by %s", (compare) => {
    expect(told(way, { sizeBytes: 5 }, {}, compare)).toBe("not same: size 3 → 5 (size)");
  });
  test("the same size is enough only where that was asked for", () => {
    expect(told(way, { modifiedMs: 9_000, etag: md5("b") }, {}, "size")).toBe("same: same size (size)");
  });
  test("two empty objects hold the same bytes", () => {
    const [source, target] = [{ sizeBytes: 0, modifiedMs: 9_000, etag: '"x"' }, { sizeBytes: 0 }];
    expect(told(way, source, target)).toBe("same: both empty (size)");
    expect(told(way, source, target, "checksum")).toBe("same: both empty (size)");
  });
  test("a newer source is another object by time", () => {
    expect(told(way, { modifiedMs: 6_000 }, {}, "size-time")).toBe("not same: newer at the source (time)");
  });
});

describe("by time", () => {
  test("a server stamps what it is given later than the source", () => {
    for (const way of ["up to a server", "between servers", "into memory"] as const)
      expect(told(way, { modifiedMs: 1_000 }, {}, "size-time")).toBe("same: same size, not newer (time)");
  });
  test("a file bears the very time of its source, so that a later one was changed by somebody else", () => {
    for (const way of ["down to files", "between files"] as const) {
      expect(told(way, {}, {}, "size-time")).toBe("same: same size and time (time)");
      expect(told(way, { modifiedMs: 5_000.25 }, {}, "size-time")).toBe("same: same size and time (time)");
      expect(told(way, { modifiedMs: 1_000 }, {}, "size-time")).toBe("not same: newer at the target (time)");
    }
  });
});

describe("by auto", () => {
  test("between servers equal ETags are the same bytes, whatever the times", () => {
    expect(told("between servers", { modifiedMs: 9_000 }, {})).toBe("same: same ETag (etag)");
    const parts = { etag: md5("a", "-3") };
    expect(told("between servers", parts, parts)).toBe("same: same ETag (etag)");
  });
  test("ETags that were made up or are weak prove nothing", () => {
    for (const etag of ["", 'W/"entrepot-3-x"', 'W/"a"'])
      expect(told("between servers", { etag }, { etag })).toBe("contents");
  });
  test("between servers two digests that differ are of other bytes where the source is newer, else perhaps", () => {
    expect(told("between servers", { etag: md5("b"), modifiedMs: 6_000 }, {})).toBe("not same: ETag differs (etag)");
    expect(told("between servers", { etag: md5("b"), modifiedMs: 1_000 }, {})).toBe("contents");
  });
  test("between servers an upload in parts and one in a piece are compared by contents, newer or not", () => {
    for (const modifiedMs of [1_000, 6_000])
      expect(told("between servers", { etag: md5("b", "-2"), modifiedMs }, {})).toBe("contents");
  });
  test("times that agree are enough with a file on one side, others ask for the contents", () => {
    expect(told("up to a server", { modifiedMs: 1_000 }, {})).toBe("same: same size, not newer (time)");
    expect(told("up to a server", { modifiedMs: 6_000 }, {})).toBe("contents");
    expect(told("down to files", {}, {})).toBe("same: same size and time (time)");
    expect(told("down to files", {}, { modifiedMs: 6_000 })).toBe("contents");
    expect(told("between files", {}, { modifiedMs: 4_000 })).toBe("contents");
  });
});

describe("by checksum", () => {
  test("times count for nothing", () => {
    for (const way of ["up to a server", "down to files", "between files", "into memory"] as const)
      expect(told(way, {}, {}, "checksum")).toBe("contents");
    expect(told("between servers", {}, {}, "checksum")).toBe("same: same ETag (etag)");
    expect(told("between servers", { modifiedMs: 6_000, etag: md5("b") }, {}, "checksum")).toBe("contents");
  });
});
