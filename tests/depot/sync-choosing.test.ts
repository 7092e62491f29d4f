/** What `data.sync` takes and what it leaves: filters, marks of folders, names that no file can bear. */
import { readdir, readFile } from "node:fs/promises";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SyncWorld } from "./sync-world.ts";

let world: SyncWorld;
let s3: S3Server;
let folder: string;
let data: Depot;
beforeEach(async () => {
  world = await SyncWorld.open();
  ({ s3, folder, data } = world);
});
afterEach(() => world.close());

describe("what is not meant", () => {
  test("stays: match leaves it out on both sides", async () => {
    const at = world.places["a folder"];
    for (const path of ["a.csv", "b.txt", "d/c.csv"]) await data.writeText(at + path, path);
    for (const path of ["old.csv", "old.txt", "d/old.csv"]) await data.writeText(`s3://b/tree/${path}`, path);
    const report = await data.sync(at, "s3://b/tree/", { match: /\.csv$/, delete: true });
    expect([report.copied.objects, report.removed.objects]).toEqual([2, 2]);
    expect(Object.keys(await world.texts("s3://b/tree/"))).toEqual(["a.csv", "d/c.csv", "old.txt"]);
  });

  test("is left alone: marks of folders, and what lies beside the folder", async () => {
    await data.writeText(`${world.places["a folder"]}a`, "1");
    for (const key of ["tree/", "tree/marked/", "tree2", "tree-x/y", "tre"])
      await data.writeText({ bucket: "b", key }, "");
    const report = await data.sync(world.places["a folder"], "s3://b/tree", { delete: true });
    expect(report.removed.objects).toBe(0);
    expect([...s3.objects("b").keys()]).toEqual(["tre", "tree-x/y", "tree/", "tree/a", "tree/marked/", "tree2"]);
  });

  test("is written nowhere: hostile keys stay out of a folder's parents, and nothing is removed then", async () => {
    const at = world.places["a folder"];
    await data.writeText({ bucket: "b", key: "tree/../../up" }, "x");
    await data.writeText({ bucket: "b", key: "tree/fine" }, "x");
    await data.writeText(`${at}extra`, "x");
    const before = (await readdir(folder)).sort();
    await expect(data.sync("s3://b/tree/", at, { delete: true })).rejects.toMatchObject({ code: "unsafe-key" });
    expect((await readdir(folder)).sort()).toEqual(before);
    expect(await readFile(`${at}extra`, "utf8")).toBe("x");
  });
});

describe("filters", () => {
  test("choose on both sides, by the source's size where it holds the object", async () => {
    const at = world.places["a folder"];
    for (const [path, text] of Object.entries({ "a.csv": "aaaa", "b.csv": "b", "skip.csv": "ssss", "d/e.txt": "eeee" }))
      await data.writeText(at + path, text);
    for (const path of ["b.csv", "big.csv", "skip.csv", "old.txt"])
      await data.writeText(`s3://b/tree/${path}`, "long text");
    const { told } = await world.synced(at, "s3://b/tree/", {
      include: "*.csv",
      exclude: "skip*",
      minSize: 2,
      delete: true,
    });
    expect(told).toEqual({ "a.csv": "copy: new", "big.csv": "remove: not in the source" });
    expect(await world.texts("s3://b/tree/")).toEqual({
      "a.csv": "aaaa",
      "b.csv": "long text",
      "old.txt": "long text",
      "skip.csv": "long text",
    });
  });

  test("with a literal beginning ask for that alone", async () => {
    await data.writeText("s3://b/tree/2026/a", "1");
    await data.writeText("s3://b/tree/2025/a", "1");
    s3.clearRequests();
    const report = await data.sync("s3://b/tree/", "s3://other/tree/", { include: "2026/**" });
    expect(report.copied.objects).toBe(1);
    expect(s3.requests.flatMap(({ operation, query }) => (operation === "ListObjectsV2" ? [query] : []))).toEqual([
      expect.objectContaining({ prefix: "tree/2026/" }),
      expect.objectContaining({ prefix: "tree/2026/" }),
    ]);
  });
});

describe("names that no file can bear", () => {
  const hostile = ["a", "a//b", "a/b", "../x", "fine", "z"];
  beforeEach(async () => {
    for (const path of hostile) await data.writeText({ bucket: "b", key: `tree/${path}` }, path);
  });

  test("are refused as a whole, with a list, before anything is written or removed", async () => {
    const at = world.places["a folder"];
    await data.writeText(`${at}extra`, "x");
    const failed = await data.sync("s3://b/tree/", at, { delete: true }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "unrepresentable-name", hint: expect.stringContaining("map") });
    expect((failed as { failures: unknown[] }).failures.length).toBe(3);
    expect(await world.texts(at)).toEqual({ extra: "x" });
  });

  test("are mapped where that is asked for, known again, taken away and brought back", async () => {
    const at = world.places["a folder"];
    const names = "map" as const;
    expect((await data.sync("s3://b/tree/", at, { names })).copied.objects).toBe(6);
    const again = await world.synced("s3://b/tree/", at, { names, delete: true });
    expect(again.report).toMatchObject({ copied: { objects: 0 }, removed: { objects: 0 }, skipped: { objects: 6 } });
    await data.remove({ bucket: "b", key: "tree/a//b" });
    await data.writeText({ bucket: "b", key: "tree/../x" }, "longer");
    const changed = await data.sync("s3://b/tree/", at, { names, delete: true });
    expect(changed).toMatchObject({ copied: { objects: 1 }, removed: { objects: 1 }, skipped: { objects: 4 } });
    const back = await data.sync(at, "s3://other/tree/", { names });
    expect(back.copied.objects).toBe(5);
    expect([...s3.objects("other").keys()]).toEqual(["tree/../x", "tree/a", "tree/a/b", "tree/fine", "tree/z"]);
    expect(await data.readText({ bucket: "other", key: "tree/../x" })).toBe("longer");
    const up = await data.sync(at, "s3://b/tree/", { names, delete: true });
    expect(up).toMatchObject({ copied: { objects: 0 }, removed: { objects: 0 }, skipped: { objects: 5 } });
  });
});
