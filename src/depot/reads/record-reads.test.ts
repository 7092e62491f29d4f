import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Depot } from "../depot.ts";
import { entrepot } from "../entrepot.ts";
import { noteReads, recordReads } from "./record-reads.ts";
import type { SeenRead } from "./seen-read.ts";

let folder: string;
let data: Depot;
/** `file:` URI of a name in the folder. */
const at = (name: string) => `file://${folder}/${name}`;
const uris = (reads: readonly SeenRead[]) => reads.map(({ uri }) => uri.slice(at("").length));
const kinds = (reads: readonly SeenRead[]) => reads.map(({ kind }) => kind);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-reads-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  data = entrepot({ roots: { here: folder }, location: "here", cache: false, env: {}, envFile: false });
  await data.writeText("a.txt", "one");
  await data.writeText("in/b.txt", "two");
  await data.writeText("in/c.csv", "x,y\n1,2\n");
});
afterEach(async () => {
  await data.remove("", { recursive: true });
  await data.close();
});

describe("what is read is told", () => {
  test.each<[verb: string, read: () => Promise<unknown>]>([
    ["readText", () => data.readText("a.txt")],
    ["readBytes", () => data.readBytes("a.txt")],
    ["readLines", () => data.readLines("a.txt")],
    ["readLines with a limit", () => data.readLines("a.txt", { limit: 1 })],
    ["readRange", () => data.readRange("a.txt", { suffix: 1 })],
    ["readRanges", () => data.readRanges("a.txt", [{ start: 0, end: 1 }, { suffix: 1 }])],
    ["stat", () => data.stat("a.txt")],
    ["exists", () => data.exists("a.txt")],
    ["localCopy", async () => (await data.localCopy("a.txt")).close()],
    ["readMany", () => data.readMany(["a.txt"]).toArray()],
    [
      "open",
      async () => {
        const file = await data.open("a.txt");
        await file.close();
      },
    ],
    [
      "readStream",
      async () => {
        for await (const _ of data.readStream("a.txt"));
      },
    ],
  ])("by %s", async (_verb, read) => {
    const { reads } = await recordReads(read);
    expect(reads).toMatchObject([{ kind: "object", uri: at("a.txt"), sizeBytes: 3, etag: expect.any(String) }]);
  });

  test("with a checksum where all of it was read", async () => {
    const { reads } = await recordReads(() => data.readText("a.txt"));
    expect(reads).toMatchObject([
      { checksum: "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed" },
    ]);
  });

  test("each once, with the value, across awaits and whichever depot is used", async () => {
    const other = data.with({});
    const { value, reads } = await recordReads(async () => {
      await data.stat("a.txt");
      const texts = await Promise.all([data.readText("a.txt"), other.readText("in/b.txt"), other.readText("a.txt")]);
      return texts.join();
    });
    expect(value).toBe("one,two,one");
    expect(uris(reads)).toEqual(["a.txt", "in/b.txt"]);
    expect(reads[0]).toHaveProperty("checksum");
  });

  test("what is not there, too", async () => {
    const { value, reads } = await recordReads(async () => [
      await data.exists("none"),
      await data.readText("no", { onError: "allow-missing" }),
    ]);
    expect(value).toEqual([false, undefined]);
    expect(reads).toEqual([
      { kind: "absent", uri: at("none") },
      { kind: "absent", uri: at("no") },
    ]);
  });

  test("nothing outside of the work", async () => {
    const work = recordReads(async () => data.readText("a.txt"));
    await data.readText("in/b.txt");
    expect(uris((await work).reads)).toEqual(["a.txt"]);
    expect((await recordReads(() => 1)).reads).toEqual([]);
  });

  test("a file that was opened before counts when it is read", async () => {
    const file = await data.open("a.txt");
    const { reads } = await recordReads(() => file.read({ start: 0, end: 1 }));
    await file.close();
    expect(uris(reads)).toEqual(["a.txt"]);
  });

  test("a recording in a recording counts in both, and what is found again can be counted as read", async () => {
    let inner: readonly SeenRead[] = [];
    const { reads } = await recordReads(async () => {
      inner = (await recordReads(() => data.readText("a.txt"))).reads;
      noteReads([{ kind: "absent", uri: at("z") }]);
    });
    expect(uris(inner)).toEqual(["a.txt"]);
    expect(uris(reads)).toEqual(["a.txt", "z"]);
  });

  test("what fails rejects as it does", async () => {
    await expect(recordReads(() => data.readText("none"))).rejects.toMatchObject({ code: "not-found" });
    await expect(recordReads(1 as never)).rejects.toThrow(TypeError);
    await expect(data.changedSince("x" as never)).rejects.toThrow(TypeError);
  });
});

describe("what the work wrote itself is no input", () => {
  test("neither an object nor its absence after a removal", async () => {
    const { reads } = await recordReads(async () => {
      await data.writeText("out", "x");
      await data.readText("out");
      await data.remove("out");
      await data.exists("out");
    });
    expect(reads).toEqual([]);
  });

  test("what was read before is, though it was written then", async () => {
    const { reads } = await recordReads(() => data.update("a.txt", async (now) => `${await now?.text()}!`));
    expect(uris(reads)).toEqual(["a.txt"]);
  });

  test("a listing goes without it, now and when it is asked again", async () => {
    const { reads } = await recordReads(async () => {
      await data.writeText("in/out", "x");
      return data.list("in/").uris();
    });
    expect(reads).toMatchObject([{ kind: "listing", uri: at("in/"), entries: 2, without: [at("in/out")] }]);
    expect(await data.changedSince(reads)).toEqual([]);
    await data.remove("in/out");
    expect(await data.changedSince(reads)).toEqual([]);
    await data.writeText("in/d", "x");
    expect(await data.changedSince(reads)).toHaveLength(1);
  });

  test("a copy reads its source and writes its target", async () => {
    const { reads } = await recordReads(async () => {
      await data.copy("a.txt", "copied");
      await data.readText("copied");
    });
    expect(uris(reads.filter(({ kind }) => kind === "object"))).toEqual(["a.txt"]);
  });
});

describe("listings", () => {
  test("are one read each, by what was asked", async () => {
    const { reads } = await recordReads(async () => {
      await data.list("in/").uris();
      await data.list("in/").uris();
      await data.glob("in/*.csv").uris();
    });
    expect(kinds(reads)).toEqual(["listing", "listing"]);
    expect(reads).toMatchObject([
      { uri: at("in/"), entries: 2, options: { verb: "list" } },
      { uri: at("in/"), entries: 1, options: { verb: "glob", patterns: [`${folder}/in/*.csv`] } },
    ]);
  });

  test("that were left early count as far as they were read", async () => {
    const { reads } = await recordReads(async () => {
      for await (const _ of data.list("in/")) break;
    });
    expect(reads).toMatchObject([{ entries: 1, ended: true }]);
    await data.writeText("in/z", "behind what was seen");
    expect(await data.changedSince(reads)).toEqual([]);
    await data.writeText("in/a", "before it");
    expect(await data.changedSince(reads)).toMatchObject([{ kind: "changed" }]);
  });

  test("of a glob do not see what the glob leaves out", async () => {
    const { reads } = await recordReads(() => data.glob("in/**/*.csv").uris());
    await data.writeText("in/new.txt", "no csv");
    expect(await data.changedSince(reads)).toEqual([]);
    await data.writeText("in/deep/new.csv", "1");
    expect(await data.changedSince(reads)).toMatchObject([{ why: "it has more than the 1 entries that it had" }]);
  });

  test("are asked again with what they were asked", async () => {
    const { reads } = await recordReads(async () => {
      await data.list("in/", { match: /B/i, exclude: "*.csv", minSize: 1, newerThan: "1d", kind: "any" }).uris();
      for await (const _ of data.walk(""));
      await data.exists("in/");
    });
    expect(await data.changedSince(JSON.parse(JSON.stringify(reads)))).toEqual([]);
    await data.writeText("in/b.txt", "twice");
    expect(await data.changedSince(reads)).toHaveLength(3);
  });
});

describe("changedSince", () => {
  test("tells what changed, what is gone and what has come, in the order of the reads", async () => {
    const { reads } = await recordReads(async () => {
      await data.readText("a.txt");
      await data.readText("in/b.txt");
      await data.exists("later");
      await data.readText("in/c.csv");
    });
    expect(await data.changedSince(reads)).toEqual([]);
    await data.writeText("a.txt", "other");
    await data.remove("in/b.txt");
    await data.writeText("later", "");
    expect(await data.changedSince(reads)).toEqual([
      { read: reads[0], kind: "changed", why: "it had 3 bytes, and has 5 now" },
      { read: reads[1], kind: "gone", why: "it is gone" },
      { read: reads[2], kind: "appeared", why: "it was not there, and is now" },
    ]);
  });

  test("a file that was touched or written anew with the same bytes is what it was, where all of it was read", async () => {
    const { reads } = await recordReads(async () => {
      await data.readText("a.txt");
      await data.readRange("in/b.txt", { start: 0, end: 1 });
    });
    for (const name of ["a.txt", "in/b.txt"]) await utimes(join(folder, name), 1, 1);
    expect(await data.changedSince(reads)).toMatchObject([
      { read: { uri: at("in/b.txt") }, why: "it was written or touched since, and its bytes were not all read then" },
    ]);
    await writeFile(join(folder, "a.txt"), "six"); // as long as before
    expect(await data.changedSince(reads.slice(0, 1))).toMatchObject([{ why: "its bytes are others" }]);
  });

  test("is no read of the work that asks", async () => {
    const { reads } = await recordReads(() => data.readText("a.txt"));
    expect((await recordReads(() => data.changedSince(reads))).reads).toEqual([]);
  });
});
