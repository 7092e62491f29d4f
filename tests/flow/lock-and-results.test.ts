/** A lock in force: results that are kept, and engines, are held to it as reads are. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { type Depot, entrepot, recordReads } from "entrepot";
import { cached, dataflow, driver, lockOf, resultStore, threadsEngine, withLock } from "entrepot/flow";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let s3: S3Server;
let folder: string;
let data: Depot;
beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["kept"] });
  const { accessKeyId, secretAccessKey } = s3.credentials;
  const credentials = { accessKeyId, secretAccessKey };
  const sdk = new S3Client({ endpoint: s3.endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await sdk.send(new PutBucketVersioningCommand({ Bucket: "kept", VersioningConfiguration }));
  sdk.destroy();
  folder = await mkdtemp(join(tmpdir(), "entrepot-lock-"));
  data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
  await data.writeText("s3://kept/k", "first");
});
afterAll(async () => {
  await data.close();
  await s3.close();
  await rm(folder, { recursive: true });
});

describe("results that are kept", () => {
  test("are found under a lock only where they read what it names", async () => {
    const results = resultStore({ dir: join(folder, "results"), data });
    const kept = cached(async () => data.readText("s3://kept/k"), { results });
    const inFlow = () => driver(dataflow({ nodes: { kept } }), { results }).execute(["kept"]);
    const { reads } = await recordReads(() => data.readText("s3://kept/k"));
    const lock = lockOf(reads);
    await data.writeText("s3://kept/k", "second");
    expect([await kept(), (await inFlow()).kept]).toEqual(["second", "second"]);
    expect(await withLock(data, lock, async () => [await kept(), (await inFlow()).kept])).toEqual(["first", "first"]);
    expect([await kept(), (await inFlow()).kept]).toEqual(["second", "second"]);
    await expect(withLock(data, lockOf([]), kept)).rejects.toMatchObject({ code: "changed" });
    await results.close();
  });

  test("cannot be computed on an engine under a lock", async () => {
    const engine = await threadsEngine({ module: new URL("./no-such-module.mjs", import.meta.url) });
    const run = driver(dataflow({ nodes: { one: () => 1 } }), { engine });
    await expect(withLock(data, lockOf([]), () => run.execute(["one"]))).rejects.toMatchObject({
      code: "unsupported",
      hint: "leave out the engine of the driver for a frozen run",
    });
    await engine.close();
  });
});
