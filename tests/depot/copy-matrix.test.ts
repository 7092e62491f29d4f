/** Every kind of source to every kind of target, between all places: which keys there are afterwards, written down by hand. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot, isEntrepotError, type Sources } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

/** Below the source. */
const made = ["a.csv", "dir/b.csv", "dir/sub/c.csv", "dirx.csv", "z/ä+%20.csv"];
/** Below the target, before. */
const there = ["file", "have/old"];

type Source = "object" | "folder/" | "folder" | "prefix" | "glob" | "list";
type Target = "have/" | "have" | "new/" | "new" | "file" | "";

/** What is new, below the target; or the code of the error. */
type Outcome = readonly string[] | string;

const inFolder = ["b.csv", "sub/c.csv"];
const ofPrefix = ["dir/b.csv", "dir/sub/c.csv", "dirx.csv"];
const ofGlob = ["dir/b.csv", "z/ä+%20.csv"];
const ofList = ["a.csv", "b.csv"];

const matrix: readonly (readonly [Source, Readonly<Record<Target, Outcome>>])[] = [
  [
    "object",
    {
      "have/": ["have/a.csv"],
      have: ["have"],
      "new/": ["new/a.csv"],
      new: ["new"],
      file: ["file"],
      "": ["a.csv"],
    },
  ],
  [
    "folder/",
    {
      "have/": ["have/b.csv", "have/sub/c.csv"],
      have: ["have/b.csv", "have/sub/c.csv"],
      "new/": ["new/b.csv", "new/sub/c.csv"],
      new: ["new/b.csv", "new/sub/c.csv"],
      file: ["file/b.csv", "file/sub/c.csv"],
      "": inFolder,
    },
  ],
  [
    "folder",
    {
      "have/": "not-found",
      have: "not-found",
      "new/": "not-found",
      new: "not-found",
      file: "not-found",
      "": "not-found",
    },
  ],
  [
    "prefix",
    {
      "have/": ["have/dir/b.csv", "have/dir/sub/c.csv", "have/dirx.csv"],
      have: ["have/dir/b.csv", "have/dir/sub/c.csv", "have/dirx.csv"],
      "new/": ["new/dir/b.csv", "new/dir/sub/c.csv", "new/dirx.csv"],
      new: ["new/dir/b.csv", "new/dir/sub/c.csv", "new/dirx.csv"],
      file: ["file/dir/b.csv", "file/dir/sub/c.csv", "file/dirx.csv"],
      "": ofPrefix,
    },
  ],
  [
    "glob",
    {
      "have/": ["have/dir/b.csv", "have/z/ä+%20.csv"],
      have: ["have/dir/b.csv", "have/z/ä+%20.csv"],
      "new/": ["new/dir/b.csv", "new/z/ä+%20.csv"],
      new: ["new/dir/b.csv", "new/z/ä+%20.csv"],
      file: ["file/dir/b.csv", "file/z/ä+%20.csv"],
      "": ofGlob,
    },
  ],
  [
    "list",
    {
      "have/": ["have/a.csv", "have/b.csv"],
      have: ["have/a.csv", "have/b.csv"],
      "new/": ["new/a.csv", "new/b.csv"],
      new: ["new/a.csv", "new/b.csv"],
      file: ["file/a.csv", "file/b.csv"],
      "": ofList,
    },
  ],
];

/** A disk has no file and folder of one name: what goes into `file/` is refused as a whole, and no file can replace `have`. */
const onDisk: readonly (readonly [Source, Target])[] = [
  ["object", "have"],
  ["folder/", "file"],
  ["prefix", "file"],
  ["glob", "file"],
  ["list", "file"],
];

let s3: S3Server;
let folder: string;
let data: Depot;
beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["from", "to"] });
  folder = await mkdtemp(join(tmpdir(), "entrepot-matrix-"));
  data = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
});
afterAll(async () => {
  await data.close();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const ways = [
  ["S3", "this disk"],
  ["this disk", "S3"],
  ["S3", "S3"],
  ["memory", "memory"],
  ["this disk", "this disk"],
] as const;

describe.each(ways)("from %s to %s", (fromPlace, toPlace) => {
  const place = (name: string, side: "from" | "to"): string => {
    if (name === "S3") return `s3://${side}/`;
    return name === "memory" ? `memory:///${side}/` : `${join(folder, side)}/`;
  };
  let from: string;
  let to: string;
  beforeAll(async () => {
    from = place(fromPlace, "from");
    to = place(toPlace, "to");
    for (const key of made) await data.writeText(from + key, key);
  });
  beforeEach(async () => {
    await data.remove(to, { recursive: true });
    for (const key of there) await data.writeText(to + key, "old");
  });

  const sourceOf = (source: Source): string | Sources => {
    const sources: Record<Source, () => string | Sources> = {
      object: () => `${from}a.csv`,
      "folder/": () => `${from}dir/`,
      folder: () => `${from}dir`,
      prefix: () => data.list(`${from}dir`, { prefix: true }),
      glob: () => data.glob(`${from}*/*.csv`),
      list: () => [`${from}a.csv`, `${from}dir/b.csv`],
    };
    return sources[source]();
  };
  const keysNow = async () =>
    Object.fromEntries(
      await Promise.all(
        (await data.list(to).toArray()).map(async ({ path, uri }) => [path, await data.readText(uri)] as const),
      ),
    );

  const rows = matrix.flatMap(([source, targets]) =>
    Object.entries(targets).map(([target, outcome]) => ({ source, target: target as Target, outcome })),
  );
  test.each(rows)("$source to '$target'", async ({ source, target, outcome }) => {
    const impossible = toPlace === "this disk" && onDisk.some(([s, t]) => s === source && t === target);
    const expected = impossible ? "unrepresentable-name" : outcome;
    const before = await keysNow();
    const report = await data.copy(sourceOf(source), to + target).catch((error: unknown) => error);
    const after = await keysNow();
    if (typeof expected === "string") {
      expect(isEntrepotError(report, expected as never), String(report)).toBe(true);
      expect(after).toEqual(before);
      return;
    }
    expect(report).toMatchObject({ failed: [], copied: { objects: expected.length } });
    const fresh = Object.entries(after).filter(([key, text]) => before[key] !== text);
    expect(fresh.map(([key]) => key)).toEqual([...expected].sort());
    // each is the object that its name says, or the only one
    for (const [key, text] of fresh)
      if (source !== "object") expect(key.endsWith(text.replace(/^.*\//, ""))).toBe(true);
    for (const key of there) if (!expected.includes(key)) expect(after[key]).toBe("old");
  });
});
