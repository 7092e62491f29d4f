import { readdir, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { type FetchedFiles, readExport } from "entrepot/pega";
import "entrepot/table";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportName, gzOf, lines, modelRows, zipOf } from "./exports.ts";
import { openPegaWorld, type PegaWorld } from "./world.ts";

const prefix = "datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots";
const error = (code: string) => expect.objectContaining({ name: "EntrepotError", code });

describe("a table of a Pega repository", () => {
  let world: PegaWorld;
  beforeEach(async () => {
    world = await openPegaWorld();
  });
  afterEach(() => world.close());

  test("is all its files as one, fetched and read once each", async () => {
    await world.put(exportName(prefix, 1, ".json.gz"), gzOf(lines(modelRows(5, 1))));
    await world.put(exportName(prefix, 2, ".zip"), zipOf({ "data.json": lines(modelRows(5, 2)) }));
    const first = await world.pega.readTable("modelSnapshot");
    expect(first.height).toBe(10);
    expect(first.toRecords().map((row) => row["pyPositives"])).toEqual([0, 1, 2, 3, 4, 0, 2, 4, 6, 8]);
    await world.put(exportName(prefix, 3, ".json"), lines(modelRows(5, 3)));
    const later = await world.pega.readTable("modelSnapshot", { sourceColumn: "from" });
    expect(world.operations()).toEqual(["ListObjectsV2", "GetObject"]);
    expect(later.columns).toEqual([...first.columns, "from"]);
    const from = later.toRecords().map((row) => row["from"]);
    expect(from.slice(4, 6)).toEqual(
      [1, 2].map((day) => join(world.downloadDir, exportName(prefix, day, day === 1 ? ".json.gz" : ".zip"))),
    );
    // what fetchTable gave is what readExport takes
    const { files } = await world.pega.fetchTable("modelSnapshot");
    expect((await readExport(files, { data: world.data })).height).toBe(15);
    // what lies here in pieces is fetched and read again
    await truncate(files[0]?.path ?? "", 10);
    expect((await world.pega.readTable("modelSnapshot")).height).toBe(15);
    expect(await readdir(join(world.downloadDir, ".entrepot-pega"))).toHaveLength(2);
  });

  test("comes from the server again when its folder here was removed", async () => {
    await world.put(exportName(prefix, 1, ".json"), lines(modelRows(2)));
    for (const _ of [1, 2]) {
      expect((await world.pega.readTable("modelSnapshot")).height).toBe(2);
      await rm(world.downloadDir, { recursive: true });
    }
  });

  test("that has no file is not found, and the prefix is told", async () => {
    await world.put("datamart/other.json", "{}");
    await expect(world.pega.readTable("modelSnapshot")).rejects.toEqual(
      expect.objectContaining({ code: "not-found", message: expect.stringContaining(`s3://testbucket/${prefix}`) }),
    );
    await world.put(exportName(prefix, 1, ".json"), lines(modelRows(2)));
    const marked = world.pega.readTable("modelSnapshot", { useMetaFiles: true });
    await expect(marked).rejects.toEqual(error("not-found"));
    await expect(marked).rejects.toThrow("1 without a marker");
  });

  test("tells which files it is of, and which wait", async () => {
    const keys = [1, 2].map((day) => exportName(prefix, day, ".json"));
    for (const key of keys) await world.put(key, lines(modelRows(2)));
    const marked = (key = "") => `${key.replace("datamart/", "datamart/.")}.meta`;
    for (const key of [keys[0], "datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots_gone.json"])
      await world.put(marked(key), "{}");
    const told: FetchedFiles[] = [];
    const read = await world.pega.readTable("modelSnapshot", { useMetaFiles: true, onFetched: (it) => told.push(it) });
    expect(read.height).toBe(2);
    expect(
      told.map(({ files, unmarked, incomplete, asOf }) => [files.length, unmarked.length, incomplete.length, asOf]),
    ).toEqual([[1, 1, 1, undefined]]);
  });

  test("with a damaged file names it as it is called there, or is made without it", async () => {
    const zip = zipOf({ "data.json": lines(modelRows(5, 2)) });
    await world.put(exportName(prefix, 1, ".json"), lines(modelRows(5, 1)));
    await world.put(exportName(prefix, 2, ".zip"), zip.subarray(0, zip.length - 40));
    await world.put(exportName(prefix, 3, ".json"), `${lines(modelRows(1, 3))}{"pyModelID":"half`);
    await world.put(exportName(prefix, 4, ".json.gz"), gzOf(lines(modelRows(50, 4))).subarray(0, 200));
    const uri = (day: number, suffix: string) => `s3://testbucket/${exportName(prefix, day, suffix)}`;
    await expect(readExport(uri(2, ".zip"), { data: world.data })).rejects.toMatchObject({
      uri: uri(2, ".zip"),
      message: `the zip ${uri(2, ".zip")} ends without its index`,
    });
    await expect(world.pega.readTable("modelSnapshot")).rejects.toMatchObject({ uri: uri(2, ".zip") });
    for (const _ of [1, 2]) {
      const broken: (string | undefined)[] = [];
      const table = await world.pega.readTable("modelSnapshot", { onBroken: (each) => broken.push(each.uri) });
      expect([table.height, broken]).toEqual([5, [uri(2, ".zip"), uri(3, ".json"), uri(4, ".json.gz")]]);
    }
    const told: unknown[] = [];
    const options = { data: world.data, files: "all", onBroken: (error: unknown) => told.push(error) } as const;
    expect((await readExport("s3://testbucket/datamart/", options)).height).toBe(5);
    const { models, remarks } = await world.pega.admDatamart({ onBroken: () => undefined });
    expect([models.height, told.length, remarks.map(({ kind }) => kind)]).toEqual([5, 3, Array(3).fill("broken")]);
  });

  test("is read straight from the bucket, too, where one export is meant", async () => {
    for (const day of [1, 12, 3]) await world.put(exportName(prefix, day, ".json"), lines(modelRows(day)));
    const newest = await readExport("s3://testbucket/datamart/", { data: world.data });
    expect(newest.height).toBe(12);
    const one = await readExport(`s3://testbucket/${exportName(prefix, 3, ".json")}`, { data: world.data });
    expect(one.height).toBe(3);
    const listed = await readExport(world.data.list("s3://testbucket/datamart/"), { data: world.data });
    expect(listed.height).toBe(16);
  });
});
