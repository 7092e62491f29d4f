import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sources } from "entrepot";
import { type FetchedFile, pegaRepository, readExport } from "entrepot/pega";
import "entrepot/table";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportName } from "./exports.ts";
import { openPegaWorld, type PegaWorld } from "./world.ts";

const key = exportName("datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots", 1, ".json");
const row = (positives: number, times = 1) => `{"pyModelID":"a","pyPositives":${positives}}\n`.repeat(times);
const replaceWith = (body: string) => ({
  operation: "GetObject",
  effect: { replaceWith: new TextEncoder().encode(body) },
  times: 1,
});

describe("a file of a Pega repository that is replaced", () => {
  let world: PegaWorld;
  beforeEach(async () => {
    world = await openPegaWorld();
  });
  afterEach(() => world.close());
  const positives = async (pega = world.pega) =>
    (await pega.readTable("modelSnapshot")).getColumn("pyPositives").toArray()[0];

  test.each([
    ["small", 1],
    ["large", 40_000],
  ])("between listing and reading is asked for again, and never taken for what was listed: %s", async (_, times) => {
    await world.put(key, row(111, times));
    world.s3.inject(replaceWith(row(222, times)));
    const { files, fetched, skipped } = await world.pega.fetchTable("modelSnapshot");
    const { etag } = await world.data.stat(`s3://testbucket/${key}`);
    expect([files[0]?.etag, files[0]?.status, fetched, skipped]).toEqual([etag, "new", 1, 0]);
    expect(await positives()).toBe(222);
    // back to what the first listing told of
    await world.put(key, row(111, times));
    expect(await positives()).toBe(111);
  });

  test.each([
    ["small", 1],
    ["large", 40_000],
  ])("is not there when it is asked for is looked for again: %s", async (_, times) => {
    await world.put(key, row(111, times));
    world.s3.inject("GetObject 404 NoSuchKey x1");
    expect(await positives()).toBe(111);
    expect(world.operations().filter((operation) => operation === "ListObjectsV2").length).toBe(2);
    await world.put(key, row(222, times));
    world.s3.inject("GetObject 404 NoSuchKey always");
    await expect(positives()).rejects.toEqual(
      expect.objectContaining({ code: "not-found", message: expect.stringContaining("is listed, but is not there") }),
    );
    expect(world.operations().filter((operation) => operation === "ListObjectsV2").length).toBe(3);
  });

  test("each time while it comes is told as changed", async () => {
    await world.put(key, row(111));
    world.s3.inject("GetObject etag wrong always");
    await expect(world.pega.fetchTable("modelSnapshot")).rejects.toEqual(
      expect.objectContaining({ code: "changed", message: expect.stringContaining("each time") }),
    );
    expect(world.operations().filter((operation) => operation === "ListObjectsV2").length).toBe(3);
  });

  test.each([
    ["is written over", (path: string, body: string) => writeFileSync(path, body)],
    [
      "has another in its place",
      (path: string, body: string) => {
        writeFileSync(`${path}.new`, body);
        renameSync(`${path}.new`, path);
      },
    ],
  ])("here, before it is read, is fetched again where it %s", async (_, replace) => {
    await world.put(key, row(111));
    let replaced = 0;
    const onProgress = () => {
      replaced += 1;
      if (replaced === 1) replace(join(world.downloadDir, key), row(999));
    };
    const frame = await world.pega.readTable("modelSnapshot", { onProgress });
    expect(frame.getColumn("pyPositives").toArray()).toEqual([111]);
    expect(await positives()).toBe(111);
  });

  test("between its listing and reading it there is changed, and never kept as what was listed", async () => {
    const incremental = join(world.folder, "kept");
    const read = (from: Sources) => readExport(from, { data: world.data, incremental });
    await world.put(key, row(111));
    const replaced = async function* () {
      yield* world.data.list("s3://testbucket/datamart/");
      await world.put(key, row(222));
    };
    await expect(read(replaced())).rejects.toEqual(
      expect.objectContaining({ code: "changed", uri: `s3://testbucket/${key}` }),
    );
    await world.put(key, row(111));
    const now = await read(world.data.list("s3://testbucket/datamart/"));
    expect(now.getColumn("pyPositives").toArray()).toEqual([111]);
  });

  test("here by another repository is refused where it was handed on", async () => {
    await world.put(key, row(111));
    await world.data.createBucket("s3://prod");
    await world.data.with({ cache: false }).writeText(`s3://prod/${key}`, row(999));
    const other = pegaRepository(world.data, "s3://prod/", { downloadDir: world.downloadDir });
    const { files } = await world.pega.fetchTable("modelSnapshot");
    const read = (from: readonly FetchedFile[]) => readExport(from, { data: world.data });
    expect((await read(files)).getColumn("pyPositives").toArray()).toEqual([111]);
    expect(await positives(other)).toBe(999);
    await expect(read(files)).rejects.toEqual(
      expect.objectContaining({ code: "changed", hint: expect.stringContaining("downloadDir each") }),
    );
    for (const _ of [1, 2]) expect([await positives(), await positives(other)]).toEqual([111, 999]);
  });

  test("here by a repository that is read at the same time is never taken for its own", async () => {
    await world.data.createBucket("s3://prod");
    await world.put(key, row(111));
    await world.data.with({ cache: false }).writeText(`s3://prod/${key}`, row(999));
    const other = pegaRepository(world.data, "s3://prod/", { downloadDir: world.downloadDir });
    const both = await Promise.allSettled([positives(), positives(other)]);
    const seen = both.map((each) => (each.status === "fulfilled" ? each.value : each.reason.code));
    for (const [index, expected] of [111, 999].entries()) expect([expected, "changed"]).toContain(seen[index]);
    expect([await positives(), await positives(other)]).toEqual([111, 999]);
  });
});
