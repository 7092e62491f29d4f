import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, backends } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });

describe.each(backends)("on $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
  });
  afterAll(() => bench.close());

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

    test("several patterns are one listing in key order, each entry once", async () => {
      const uris = await data.glob(["l/b/*", "l/*.csv", "l/a*", "l/none*"]).uris();
      expect(uris).toEqual(await data.glob("l/**").uris());
      expect(await data.glob([]).uris()).toEqual([]);
      const [first] = await data.glob(["l/*.csv", "l/b/*"]).uris();
      for await (const entry of data.glob(["l/*.csv", "l/b/*"])) {
        expect(entry.uri).toBe(first);
        break;
      }
    });

    test("the depth of a glob counts levels below its folder", async () => {
      expect((await data.glob("l/**", { depth: 1 }).toArray()).map((e) => e.path)).toEqual([
        "a.csv",
        "b-x.csv",
        "é.csv",
      ]);
      for (const depth of [0, -1, 1.5]) {
        expect(() => data.glob("l/**", { depth })).toThrow(RangeError);
        expect(() => data.list("l/", { depth })).toThrow(RangeError);
      }
      expect(() => data.glob("l/*", { prefix: true } as never)).toThrow(/prefix/);
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

    test("a folder that is named without its / is not said to be removed", async () => {
      await data.writeText("d2/a", "x");
      const error = await data.remove("d2", { recursive: true }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "not-found", hint: expect.stringContaining("d2/") });
      expect(await data.exists("d2/a")).toBe(true);
      expect((await data.remove("d2-none", { recursive: true })).removed.objects).toBe(0);
    });

    test("a folder goes to this disk and back", async () => {
      const disk = `${join(bench.folder, "dest")}/`;
      await data.copy("l/", disk);
      expect(await readFile(join(disk, "b/d.txt"), "utf8")).toBe("l/b/d.txt");
      expect((await data.copy(disk, "back/")).copied.objects).toBe(5);
      expect(await data.readText("back/é.csv")).toBe("l/é.csv");
    });
  });
});
