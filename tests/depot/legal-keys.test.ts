/** Keys that nobody thought of: drawn from what S3 allows, by a fixed seed, they survive every verb byte for byte. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { openS3 } from "./backends.ts";

const pieces = [
  ..."/./..//%#?+&=;:@!$'()*,[]{}<>|\\^~` \t\"-_",
  ..."aAzZ09éßİœ漢字🚀\u0301\u200d\u202e",
  ...[
    "%2F",
    "%00",
    "../",
    "./",
    "//",
    "con",
    "nul.txt",
    ".entrepot-",
    "__ep",
    "a".repeat(90),
    "é".repeat(60),
    "versionId=x",
    " ",
  ],
];

/** Numbers from 0 to below 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function legalKeys(count: number, seed: number): readonly string[] {
  const random = seeded(seed);
  const keys = new Set<string>();
  while (keys.size < count) {
    let key = "";
    const length = 1 + Math.floor(random() ** 2 * 24);
    for (let index = 0; index < length; index += 1) key += pieces[Math.floor(random() * pieces.length)];
    // what is left of the 1,024 bytes is for the folder that they lie in
    if (Buffer.byteLength(key) <= 1_000) keys.add(key);
  }
  return [...keys];
}

test.each([1, 2])(
  "is written, listed, read, copied, downloaded, uploaded and removed as itself (seed %i)",
  async (seed) => {
    const bench = await openS3(false);
    const { data, s3 } = bench;
    const keys = [...legalKeys(80, seed)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const at = (folder: string) =>
      [...s3.objects("b").keys()].filter((key) => key.startsWith(folder)).map((key) => key.slice(folder.length));
    try {
      for (const key of keys) await data.writeText({ bucket: "b", key: `in/${key}` }, key);
      expect(at("in/").sort()).toEqual(keys.sort());
      // what marks a folder is an empty object; these hold something, so they are objects like all others
      expect((await data.list("s3://b/in/").toArray()).map(({ path }) => path)).toEqual(keys);
      for (const key of keys) expect(await data.readText({ bucket: "b", key: `in/${key}` })).toBe(key);
      await data.copy("s3://b/in/", "s3://b/copied/");
      expect(at("copied/").sort()).toEqual(keys.sort());
      const here = `${join(bench.folder, "here")}/`;
      const down = await data.copy("s3://b/in/", here, { names: "map", onError: "ignore" });
      // the disk has a limit of its own for a whole path
      expect(down.failed.filter(({ error }) => error?.code !== "unrepresentable-name")).toEqual([]);
      const refused = new Set(down.failed.map(({ uri }) => uri));
      const held = keys.filter((key) => !refused.has(data.resolve({ bucket: "b", key: `in/${key}` })));
      expect(held.length).toBeGreaterThan(70);
      await data.copy(here, "s3://b/back/", { names: "map" });
      expect(at("back/").sort()).toEqual(held.sort());
      for (const key of held) expect(await data.readText({ bucket: "b", key: `back/${key}` })).toBe(key);
      await data.remove("s3://b/copied/", { recursive: true });
      for (const key of keys) await data.remove({ bucket: "b", key: `in/${key}` });
      expect([at("copied/"), at("in/")]).toEqual([[], []]);
    } finally {
      await bench.close();
    }
  },
);
