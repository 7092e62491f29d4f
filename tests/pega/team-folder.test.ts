import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { pegaRepository } from "entrepot/pega";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportName, lines, modelRows } from "./exports.ts";
import { openPegaWorld, type PegaWorld } from "./world.ts";

const model = "team/datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots";

describe("a Pega repository that is a folder of a bucket", () => {
  let world: PegaWorld;
  beforeEach(async () => {
    world = await openPegaWorld();
  });
  afterEach(() => world.close());
  const repository = (data: Depot = world.data) =>
    pegaRepository(data, "s3://testbucket/team/", { downloadDir: world.downloadDir });

  test("is what was fetched before where nobody can be asked", async () => {
    for (const day of [1, 2]) await world.put(exportName(model, day, ".json"), lines(modelRows(3, day)));
    const { files } = await repository().fetchTable("modelSnapshot");
    const cache = { dir: join(world.folder, "cache") };
    const offline = entrepot({ ...world.s3.options, cache, env: {}, envFile: false, network: "offline" });
    try {
      const got = await repository(offline).fetchTable("modelSnapshot");
      expect(got.files).toEqual(files.map((file) => ({ ...file, status: "present" })));
    } finally {
      await offline.close();
    }
  });

  test("has a datamart of files of the usual names, whatever they end in", async () => {
    await world.put(`${model}_1`, lines(modelRows(3, 1)));
    await world.put(exportName(model, 2, ".json"), lines(modelRows(3, 2)));
    const { models } = await repository().admDatamart();
    expect(models.height).toBe(6);
  });
});
