import { describe, expect, test } from "vitest";
import { type FilterRequest, filterOf, narrowed } from "./filter.ts";
import type { Moment } from "./filter-options.ts";
import { momentMs, parseMoment } from "./moment.ts";

const now = Date.UTC(2024, 5, 15);
const passing = async (request: FilterRequest, paths: readonly string[]) => {
  const filter = await filterOf(request, now);
  return paths.filter((path) => filter.passes({ path, sizeBytes: 1, modifiedMs: now }));
};
const paths = ["a.csv", "a.txt", "tmp/x.csv", "2024/a.csv", "2024/tmp/b.csv", "2024/01/c.csv.gz", ".hidden"];

describe("names", () => {
  test.each<[request: FilterRequest, expected: readonly string[]]>([
    [{}, paths],
    [{ include: "*.csv" }, ["a.csv", "tmp/x.csv", "2024/a.csv", "2024/tmp/b.csv"]],
    [{ include: "/*.csv" }, ["a.csv"]],
    [{ include: "2024/*.csv" }, ["2024/a.csv"]],
    [{ include: "2024/" }, ["2024/a.csv", "2024/tmp/b.csv", "2024/01/c.csv.gz"]],
    [{ include: "tmp/" }, ["tmp/x.csv", "2024/tmp/b.csv"]],
    [{ include: "/tmp/" }, ["tmp/x.csv"]],
    [{ include: ["*.txt", "*.gz"] }, ["a.txt", "2024/01/c.csv.gz"]],
    [{ exclude: "*.csv" }, ["a.txt", "2024/01/c.csv.gz", ".hidden"]],
    [{ exclude: ["tmp/", ".*"] }, ["a.csv", "a.txt", "2024/a.csv", "2024/01/c.csv.gz"]],
    [{ include: "*.csv", exclude: "**/tmp/**" }, ["a.csv", "2024/a.csv"]],
    [{ include: "*.{csv,txt}", exclude: "*.csv" }, ["a.txt"]],
    [{ include: "[!a]*.csv" }, ["tmp/x.csv", "2024/tmp/b.csv"]],
    [{ include: [] }, []],
    [{ exclude: [] }, paths],
    [{ match: /tmp/, include: "*.csv" }, ["tmp/x.csv", "2024/tmp/b.csv"]],
  ])("%j", async (request, expected) => {
    expect(await passing(request, paths)).toEqual(expected);
  });

  test.each<[include: string | readonly string[], prefix: string]>([
    ["2024/**", "2024/"],
    ["2024/01/*.csv", "2024/01/"],
    ["/logs-*", "logs-"],
    [["2024/01/*", "2024/02/*"], "2024/0"],
    [["2024/01/*", "*.csv"], ""],
    ["*.csv", ""],
    ["2024/", ""],
    ["/2024/", "2024/"],
    [["a/\u{10000}", "a/\u{10001}"], "a/"],
  ])("of %j the server is asked for what begins with %j", async (include, prefix) => {
    expect((await filterOf({ include }, now)).prefix).toBe(prefix);
  });

  test("a prefix and an include narrow each other, or leave nothing", async () => {
    const filter = await filterOf({ include: "/2024/*" }, now);
    expect(narrowed("data/", "data/", filter)).toBe("data/2024/");
    expect(narrowed("data/2", "data/", filter)).toBe("data/2024/");
    expect(narrowed("data/2024/01", "data/", filter)).toBe("data/2024/01");
    expect(narrowed("data/1", "data/", filter)).toBeUndefined();
  });

  test.each(["", "/", "a**/b"])("%j is no glob", async (include) => {
    await expect(filterOf({ include }, now)).rejects.toThrow(TypeError);
  });
});

describe("sizes and ages", () => {
  const day = 86_400_000;
  test.each<[request: FilterRequest, sizeBytes: number, ageDays: number, passes: boolean]>([
    [{ minSize: 10 }, 10, 0, true],
    [{ minSize: 10 }, 9, 0, false],
    [{ minSize: 1 }, 0, 0, false],
    [{ maxSize: "1kB" }, 1_000, 0, true],
    [{ maxSize: "1kB" }, 1_001, 0, false],
    [{ newerThan: "7d" }, 1, 6.9, true],
    [{ newerThan: "7d" }, 1, 7.1, false],
    [{ olderThan: "7d" }, 1, 7.1, true],
    [{ olderThan: "7d" }, 1, 6.9, false],
    [{ newerThan: "2024-06-14" }, 1, 0.5, true],
    [{ newerThan: "2024-06-14" }, 1, 1.5, false],
    [{ newerThan: "30d", olderThan: new Date(now - day) }, 1, 5, true],
    [{ newerThan: 0 }, 1, 0, false],
  ])("%j of %i bytes, %d days old: %s", async (request, sizeBytes, ageDays, passes) => {
    const filter = await filterOf(request, now);
    expect(filter.passes({ path: "x", sizeBytes, modifiedMs: now - ageDays * day })).toBe(passes);
  });

  test("a folder has no size and no age: only its path counts", async () => {
    const filter = await filterOf({ minSize: 10, newerThan: "1h", include: "/a*/**" }, now);
    expect(filter.passes({ path: "ab/c/" })).toBe(true);
    expect(filter.passes({ path: "c/" })).toBe(false);
  });
});

describe("moments", () => {
  test.each<[moment: Moment, ms: number]>([
    ["1h", now - 3_600_000],
    [0, now],
    ["2024-01-31", Date.UTC(2024, 0, 31)],
    ["2024-01-31T12:00", Date.UTC(2024, 0, 31, 12)],
    ["2024-01-31 12:00:30", Date.UTC(2024, 0, 31, 12, 0, 30)],
    ["2024-01-31T12:00:00+02:00", Date.UTC(2024, 0, 31, 10)],
    [new Date(5), 5],
  ])("%s", (moment, ms) => {
    expect(momentMs(moment, now)).toBe(ms);
  });

  test.each(["7", "yesterday", "2024-13-01", "2024-1-1", "", "-7d"])("%j is none", (text) => {
    expect(() => parseMoment(text)).toThrow(RangeError);
  });
  test("an invalid Date is none", () => {
    expect(() => momentMs(new Date("x"), now)).toThrow(RangeError);
  });
});
