import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { pegaRepository } from "entrepot/pega";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportName, lines, modelRows } from "./exports.ts";
import { openPegaWorld, type PegaWorld } from "./world.ts";

const model = "datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots";

describe("a Pega repository that nobody can be asked about", () => {
  let world: PegaWorld;
  let offline: Depot;
  beforeEach(async () => {
    world = await openPegaWorld();
    const cache = { dir: join(world.folder, "cache") };
    offline = entrepot({ ...world.s3.options, cache, env: {}, envFile: false, network: "offline" });
    for (const day of [1, 2]) await world.put(exportName(model, day, ".json"), lines(modelRows(3, day)));
  });
  afterEach(async () => {
    await offline.close();
    await world.close();
  });
  const repository = (downloadDir = world.downloadDir) => pegaRepository(offline, "s3://testbucket/", { downloadDir });

  test("is what was fetched before, and by when is told", async () => {
    const { files } = await world.pega.fetchTable("modelSnapshot");
    world.operations();
    const got = await repository().fetchTable("modelSnapshot");
    expect(got.files).toEqual(files.map((file) => ({ ...file, status: "present" })));
    expect(got.asOf?.getTime()).toBeGreaterThan(Date.UTC(2021, 0));
    expect(got.summary).toMatch(/skipped 2 files\. Offline: what was fetched by [-0-9: ]{19} GMT\.$/);
    const { models, remarks } = await repository().admDatamart();
    expect(models.height).toBe(6);
    expect(remarks.map(({ kind, table, count }) => [kind, table, count])).toEqual([
      ["offline", "models", 2],
      ["offline", "predictors", 0],
    ]);
    await rm(files[0]?.path ?? "");
    const less = await repository().fetchTable("modelSnapshot");
    expect([less.files.length, less.summary]).toEqual([1, expect.stringContaining("without 1 that is not here")]);
    expect(world.operations()).toEqual([]);
  });

  test("of which nothing was fetched is not cached; the way out is a folder that can be pinned", async () => {
    await expect(repository().fetchTable("modelSnapshot")).rejects.toMatchObject({
      code: "not-cached",
      hint: expect.stringContaining('entrepot cache pin "s3://testbucket/datamart/".'),
    });
    await world.pega.fetchTable("modelSnapshot");
    await expect(repository(join(world.folder, "other")).fetchFiles("")).rejects.toMatchObject({ code: "not-cached" });
  });

  test("comes out of the cache where its folder was pinned, small files and large ones", async () => {
    await world.put("datamart/large", new Uint8Array(1_100_000).fill(7));
    await world.data.cache.pin("s3://testbucket/datamart/");
    world.operations();
    const { files, asOf, fetched } = await repository().fetchFiles("datamart/");
    expect([files.length, asOf, fetched]).toEqual([3, undefined, 3]);
    expect((await repository().readTable("modelSnapshot")).height).toBe(6);
    expect(world.operations()).toEqual([]);
  });
});
