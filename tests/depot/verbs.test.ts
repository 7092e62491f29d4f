import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Depot, isEntrepotError } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, backends } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe.each(backends)("on $name", ({ name, open }) => {
  let bench: Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
  });
  afterAll(() => bench.close());

  describe("values", () => {
    test("text comes back as it was written", async () => {
      const written = await data.writeText("v/a.txt", "häß ☃ 😀\n");
      expect(written).toMatchObject({ uri: data.resolve("v/a.txt"), sizeBytes: 15 });
      expect(await data.readText("v/a.txt")).toBe("häß ☃ 😀\n");
      expect((await data.stat("v/a.txt")).etag).toBe(written.etag);
    });

    test("an empty object is not a missing one", async () => {
      await data.writeBytes("v/empty", new Uint8Array(0));
      expect(await data.readBytes("v/empty")).toEqual(new Uint8Array(0));
      expect(await data.exists("v/empty")).toBe(true);
      expect(await data.exists("v/missing")).toBe(false);
      expect(await data.readRange("v/empty", { start: 0, end: 10 })).toEqual(new Uint8Array(0));
      expect(await data.readLines("v/empty")).toEqual([]);
    });

    test("value verbs go by suffix both ways, byte verbs never", async () => {
      await data.writeText("v/c.txt.gz", "packed\n");
      expect(gunzipSync(await data.readBytes("v/c.txt.gz")).toString()).toBe("packed\n");
      expect(await data.readText("v/c.txt.gz")).toBe("packed\n");
      expect(await data.readText("v/c.txt.gz", { decompress: "gzip" })).toBe("packed\n");
      expect(text(await data.readBytes("v/c.txt.gz", { decompress: "by-suffix" }))).toBe("packed\n");
    });

    test("asking for a compression adds its suffix, once", async () => {
      expect((await data.writeText("v/d.json", "{}", { compress: "gzip" })).uri).toBe(data.resolve("v/d.json.gz"));
      expect((await data.writeText("v/e.json.gz", "{}", { compress: "gzip" })).uri).toBe(data.resolve("v/e.json.gz"));
      expect(await data.readJson("v/e.json.gz")).toEqual({});
      expect((await data.writeText("v.gz/f.json", "{}", { compress: "gzip" })).uri).toBe(
        data.resolve("v.gz/f.json.gz"),
      );
    });

    test("JSON, lines and CSV come back as values", async () => {
      await data.writeJson("v/g.json", { a: [1, null, "x"] });
      expect(await data.readJson("v/g.json")).toEqual({ a: [1, null, "x"] });
      await data.writeLines("v/h.txt", ["one", "", "three"]);
      expect(await data.readText("v/h.txt")).toBe("one\n\nthree\n");
      expect(await data.readLines("v/h.txt")).toEqual(["one", "", "three"]);
      expect(await data.readLines("v/h.txt", { limit: 2 })).toEqual(["one", ""]);
      await data.writeCsv("v/i.csv", [
        ["a", 'b "c"'],
        [1, "x\ny"],
      ]);
      expect(await data.readCsv("v/i.csv")).toEqual([
        ["a", 'b "c"'],
        ["1", "x\ny"],
      ]);
    });

    test("bytes that are no UTF-8 are malformed, not replaced", async () => {
      await data.writeBytes("v/j.txt", Uint8Array.of(0x61, 0xff));
      await expect(data.readText("v/j.txt")).rejects.toEqual(code("malformed"));
    });

    test("what is missing is not-found and says where", async () => {
      await expect(data.readText("v/none")).rejects.toMatchObject({ code: "not-found", uri: data.resolve("v/none") });
      expect(await data.readText("v/none", { onError: "allow-missing" })).toBeUndefined();
      expect(await data.stat("v/none", { onError: "allow-missing" })).toBeUndefined();
      expect(await data.open("v/none", { onError: "ignore" })).toBeUndefined();
      expect(await data.localCopy("v/none", { onError: "allow-missing" })).toBeUndefined();
    });

    test("allow-missing allows absence only", async () => {
      await expect(data.readText("v/j.txt", { onError: "allow-missing" })).rejects.toEqual(code("malformed"));
      expect(await data.readText("v/j.txt", { onError: "ignore" })).toBeUndefined();
    });

    test("a caller's mistake throws whatever onError says", async () => {
      await expect(data.readText("gs://x/y", { onError: "ignore" })).rejects.toEqual(code("invalid-address"));
      await expect(data.writeText("v/x", 5 as never, { onError: "ignore" })).rejects.toThrow(TypeError);
      await expect(data.writeText("v/x", "x", { ifMatch: undefined } as never)).rejects.toThrow(/ifMatch/);
      await expect(data.readText("v/x", { onError: "skip" as never })).rejects.toThrow(TypeError);
    });

    test("an abort rejects with its reason", async () => {
      const reason = new Error("enough");
      await expect(data.readText("v/a.txt", { signal: AbortSignal.abort(reason), onError: "ignore" })).rejects.toBe(
        reason,
      );
      await expect(data.with({ signal: AbortSignal.abort(reason) }).writeText("v/zz", "x")).rejects.toBe(reason);
    });
  });

  describe("conditions", () => {
    test("create-only fails when it is there, and changes nothing", async () => {
      await data.writeText("c/a", "1", { ifNoneMatch: "*" });
      await expect(data.writeText("c/a", "2", { ifNoneMatch: "*" })).rejects.toEqual(code("already-exists"));
      expect(await data.readText("c/a")).toBe("1");
    });

    test("a swap takes exactly the version it names", async () => {
      const { etag } = await data.writeText("c/b", "1");
      await data.writeText("c/b", "2", { ifMatch: etag });
      await expect(data.writeText("c/b", "3", { ifMatch: etag })).rejects.toEqual(code("precondition-failed"));
      expect(await data.readText("c/b")).toBe("2");
    });

    test("ten concurrent updates lose nothing", async () => {
      const add = () => data.update("c/n", async (now) => String(now === undefined ? 1 : Number(await now.text()) + 1));
      await Promise.all(Array.from({ length: 10 }, add));
      expect(await data.readText("c/n")).toBe("10");
    });
  });

  describe("ranges, files, streams", () => {
    const big = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) % 256);
    beforeAll(() => data.writeBytes("r/big.bin", big));

    test("ranges are half open, clamp, and count from the end", async () => {
      expect(await data.readRange("r/big.bin", { start: 10, end: 20 })).toEqual(big.slice(10, 20));
      expect(await data.readRange("r/big.bin", { start: 299_990, end: 999_999 })).toEqual(big.slice(299_990));
      expect(await data.readRange("r/big.bin", { suffix: 8 })).toEqual(big.slice(-8));
      expect(await data.readRange("r/big.bin", { start: 300_000 })).toEqual(new Uint8Array(0));
      await expect(data.readRange("r/big.bin", { start: 300_001 })).rejects.toEqual(code("invalid-range"));
      await expect(data.readRange("r/big.bin", { start: 2, end: 1 })).rejects.toThrow(RangeError);
    });

    test("many ranges come in their order", async () => {
      const got = await data.readRanges("r/big.bin", [
        { start: 200_000, end: 200_010 },
        { start: 0, end: 4 },
        { suffix: 2 },
      ]);
      expect(got).toEqual([big.slice(200_000, 200_010), big.slice(0, 4), big.slice(-2)]);
    });

    test("an open file is read anywhere", async () => {
      const file = await data.open("r/big.bin");
      expect(file.byteLength).toBe(300_000);
      expect(await file.read({ start: 5, end: 9 })).toEqual(big.slice(5, 9));
      expect(new Uint8Array(await file.slice(-4))).toEqual(big.slice(-4));
      expect(Buffer.from(await file.bytes()).equals(big)).toBe(true);
      await file.close();
      await expect(file.read({ start: 0 })).rejects.toThrow(/closed/);
    });

    test("a replaced object is changed, never a mixture", async () => {
      await data.writeBytes("r/swap.bin", big);
      const file = await data.open("r/swap.bin", { cache: "bypass" });
      await file.read({ start: 0, end: 10 });
      await data.writeBytes("r/swap.bin", big.slice(0, 299_000));
      await expect(file.read({ start: 10, end: 20 })).rejects.toEqual(code("changed"));
      await file.close();
    });

    test("streams flow both ways", async () => {
      const written = await data.writeStream("r/streamed.bin", data.readStream("r/big.bin"));
      expect(written.sizeBytes).toBe(300_000);
      expect(Buffer.from(await data.readBytes("r/streamed.bin")).equals(big)).toBe(true);
    });

    test("a stream that fails leaves nothing", async () => {
      async function* broken() {
        yield new Uint8Array(100_000);
        throw new Error("the source broke");
      }
      await expect(data.writeStream("r/broken.bin", broken())).rejects.toThrow("the source broke");
      expect(await data.exists("r/broken.bin")).toBe(false);
    });

    test("a local copy is a real file with the object's suffix", async () => {
      const copy = await data.localCopy("r/big.bin");
      expect(copy.path.endsWith(".bin")).toBe(true);
      expect((await readFile(copy.path)).equals(big)).toBe(true);
      await copy.close();
      expect(await data.localCopy("r/big.bin", async (path) => (await readFile(path)).byteLength)).toBe(300_000);
    });

    test("what a tool wrote becomes the object when it ends, and nothing when it throws", async () => {
      await data.writeFrom("r/made.txt", (path) => writeFile(path, "made"));
      expect(await data.readText("r/made.txt")).toBe("made");
      const failing = data.writeFrom("r/never.txt", async (path) => {
        await writeFile(path, "half");
        throw new Error("tool failed");
      });
      await expect(failing).rejects.toThrow("tool failed");
      expect(await data.exists("r/never.txt")).toBe(false);
      await expect(data.writeFrom("r/never.txt", async () => undefined)).rejects.toEqual(code("not-found"));
      await writeFile(join(bench.folder, "before.txt"), "before");
      await data.writeFrom("r/before.txt", join(bench.folder, "before.txt"));
      expect(await data.readText("r/before.txt")).toBe("before");
    });

    test("lines of an open file decode by suffix", async () => {
      await data.writeLines(
        "r/log.txt.gz",
        Array.from({ length: 1_000 }, (_, index) => `line ${index}`),
      );
      const file = await data.open("r/log.txt.gz");
      const lines: string[] = [];
      for await (const line of file.lines()) if (lines.push(line) === 3) break;
      await file.close();
      expect(lines).toEqual(["line 0", "line 1", "line 2"]);
    });
  });

  describe("listing and moving", () => {
    beforeAll(async () => {
      for (const key of ["l/a.csv", "l/b/c.csv", "l/b/d.txt", "l/b-x.csv", "l/é.csv"]) await data.writeText(key, key);
    });

    test("a folder lists its objects in key order, with paths below it", async () => {
      expect((await data.list("l/").toArray()).map((entry) => entry.path)).toEqual([
        "a.csv",
        "b-x.csv",
        "b/c.csv",
        "b/d.txt",
        "é.csv",
      ]);
      expect(await data.list("l").uris()).toEqual(await data.list("l/").uris());
    });

    test("folders are shown when asked for, at their place in the order", async () => {
      expect((await data.list("l/", { depth: 1, kind: "any" }).toArray()).map((e) => [e.kind, e.path])).toEqual([
        ["object", "a.csv"],
        ["object", "b-x.csv"],
        ["folder", "b/"],
        ["object", "é.csv"],
      ]);
      expect((await data.list("l/", { kind: "folder" }).toArray()).map((e) => e.path)).toEqual(["b/"]);
    });

    test("a missing folder lists nothing, and does not exist", async () => {
      expect(await data.list("nothing/").toArray()).toEqual([]);
      expect(await data.exists("nothing/")).toBe(false);
      expect(await data.exists("l/")).toBe(true);
      expect(await data.exists("l")).toBe(false);
    });

    test("prefix and match choose what is listed", async () => {
      expect((await data.list("l/b", { prefix: true }).toArray()).map((e) => e.path)).toEqual([
        "b-x.csv",
        "b/c.csv",
        "b/d.txt",
      ]);
      expect((await data.list("l/", { match: /\.txt$/ }).toArray()).map((e) => e.path)).toEqual(["b/d.txt"]);
      expect(await data.usage("l/b/")).toEqual({ objects: 2, sizeBytes: 18 });
    });

    test("globs", async () => {
      const paths = async (pattern: string) => (await data.glob(pattern).toArray()).map((e) => e.path);
      expect(await paths("l/*.csv")).toEqual(["a.csv", "b-x.csv", "é.csv"]);
      expect(await paths("l/**/*.csv")).toEqual(["a.csv", "b-x.csv", "b/c.csv", "é.csv"]);
      expect(await paths("l/{a,b/c}.csv")).toEqual(["a.csv", "b/c.csv"]);
      expect(await paths("l/[!a]*.csv")).toEqual(["b-x.csv", "é.csv"]);
      expect(await paths("l/none*")).toEqual([]);
      expect((await data.glob("l/*", { kind: "folder" }).toArray()).map((e) => e.path)).toEqual(["b/"]);
    });

    test("an object is copied to a name, into a folder, and a folder with its contents", async () => {
      expect((await data.copy("l/a.csv", "m/one.csv")).written).toMatchObject({
        uri: data.resolve("m/one.csv"),
        sizeBytes: 7,
      });
      await data.copy("l/a.csv", "m/into/");
      expect((await data.copy("l/", "m/all/")).copied).toEqual({ objects: 5, sizeBytes: 42 });
      expect((await data.list("m/").toArray()).map((e) => e.path)).toEqual([
        "all/a.csv",
        "all/b-x.csv",
        "all/b/c.csv",
        "all/b/d.txt",
        "all/é.csv",
        "into/a.csv",
        "one.csv",
      ]);
    });

    test("nothing copied is an error that says why", async () => {
      await expect(data.copy("l/none", "m/x")).rejects.toMatchObject({
        code: "not-found",
        failures: [code("not-found")],
      });
      await expect(data.copy("none/", "m/x/")).rejects.toEqual(code("not-found"));
      await expect(data.copy("l/b", "m/x")).rejects.toMatchObject({
        code: "not-found",
        hint: expect.stringContaining("l/b/"),
      });
      expect((await data.copy("l/none", "m/x", { onError: "ignore" })).failed).toHaveLength(1);
      await expect(data.copy("l/a.csv", "l/a.csv")).rejects.toEqual(code("invalid-address"));
    });

    test("a copy may create only", async () => {
      await data.copy("l/a.csv", "m/only", { ifNoneMatch: "*" });
      await expect(data.copy("l/b-x.csv", "m/only", { ifNoneMatch: "*" })).rejects.toEqual(code("already-exists"));
      expect(await data.readText("m/only")).toBe("l/a.csv");
    });

    test("a glob and a list go into a folder", async () => {
      expect((await data.copy(data.glob("l/**/*.txt"), "m/glob/")).copied.objects).toBe(1);
      expect((await data.copy(["l/a.csv", "l/b-x.csv"], "m/list/")).copied.objects).toBe(2);
      expect(await data.exists("m/glob/b/d.txt")).toBe(true);
      expect(await data.exists("m/list/b-x.csv")).toBe(true);
    });

    test("a dry run changes nothing and says the same", async () => {
      const files: string[] = [];
      const plan = await data.copy("l/", "dry/", {
        dryRun: true,
        onFile: (file) => files.push(`${file.status} ${file.target}`),
      });
      expect(plan).toMatchObject({ dryRun: true, copied: { objects: 5 } });
      expect(files).toContain(`planned ${data.resolve("dry/a.csv")}`);
      expect(await data.exists("dry/")).toBe(false);
    });

    test("a move leaves nothing behind", async () => {
      await data.copy("l/", "mv/from/");
      expect((await data.move("mv/from/", "mv/to/")).copied.objects).toBe(5);
      expect(await data.exists("mv/from/")).toBe(false);
      await data.move("mv/to/a.csv", "mv/renamed.csv");
      expect(await data.readText("mv/renamed.csv")).toBe("l/a.csv");
      expect(await data.exists("mv/to/a.csv")).toBe(false);
    });

    test("removing is idempotent, and a folder wants to be meant", async () => {
      await data.writeText("d/a", "x");
      expect((await data.remove("d/a")).removed).toEqual({ objects: 1, sizeBytes: 1 });
      expect((await data.remove("d/a")).removed).toEqual({ objects: 0, sizeBytes: 0 });
      await data.writeText("d/b", "x");
      await expect(data.remove("d/")).rejects.toThrow(/recursive/);
      expect((await data.remove("d/", { recursive: true })).removed.objects).toBe(1);
      const { etag } = await data.writeText("d/c", "x");
      await data.writeText("d/c", "yy");
      await expect(data.remove("d/c", { ifMatch: etag })).rejects.toEqual(code("precondition-failed"));
      expect(await data.exists("d/c")).toBe(true);
    });

    test("a folder goes to this disk and back", async () => {
      const disk = `${join(bench.folder, "dest")}/`;
      await data.copy("l/", disk);
      expect(await readFile(join(disk, "b/d.txt"), "utf8")).toBe("l/b/d.txt");
      expect((await data.copy(disk, "back/")).copied.objects).toBe(5);
      expect(await data.readText("back/é.csv")).toBe("l/é.csv");
    });
  });

  test("methods are bound, and everything has an end", async () => {
    const { readText, writeText } = data;
    await writeText("bound", "yes");
    expect(await readText("bound")).toBe("yes");
    expect(isEntrepotError(await readText("bound-missing").catch((error: unknown) => error), "not-found")).toBe(true);
    expect(name).not.toBe("");
  });
});
