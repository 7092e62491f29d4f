/** Journals as files of this disk: what lies in them, what becomes of them when they cannot be written, are damaged or forgotten. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DepotEvent, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDepot } from "../../src/depot/index.ts";
import { openNodeDisk } from "../../src/disk/index.ts";

let server: S3Server;
let folder: string;
let data: ReturnType<typeof open>;
const open = (dir = path.join(folder, "cache"), onEvent?: (event: DepotEvent) => void) =>
  entrepot({ ...server.options, cache: { dir }, onEvent });
beforeEach(async () => {
  server = await startS3Server({ buckets: ["bucket"] });
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-kept-"));
  data = open();
});
afterEach(async () => {
  await data.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const jobs = () => path.join(folder, "cache", "jobs");
const refuse = (key: string) => server.inject({ operation: "GetObject", key, effect: { status: 403 } });

async function failedCopy(): Promise<string> {
  for (const name of ["1", "2", "3"]) await data.writeText(`s3://bucket/a/${name}`, name);
  refuse("a/2");
  return (await data.copy("s3://bucket/a/", `${folder}/down/`, { onError: "ignore" })).jobId ?? "";
}

async function interruptedUpload(): Promise<void> {
  await writeFile(path.join(folder, "large"), Buffer.alloc(72 * 1024 * 1024, "up"));
  const stop = new AbortController();
  const up = data.copy(`${folder}/large`, "s3://bucket/large", { signal: stop.signal });
  await server.waitFor("UploadPart");
  stop.abort(new Error("enough"));
  await expect(up).rejects.toThrow("enough");
}

test("a job that cannot be given up keeps none of the others", async () => {
  await interruptedUpload();
  const id = await failedCopy();
  server.inject({ operation: "AbortMultipartUpload", effect: { status: 403 } });
  await expect(data.jobs.gc({ olderThan: 0 })).rejects.toMatchObject({ code: "forbidden" });
  expect((await data.jobs.list()).map((job) => [job.to, job.id === id])).toEqual([["s3://bucket/large", false]]);
  expect((await data.jobs.gc({ olderThan: 0 })).length).toBe(1);
});

test("a plan whose process died while it was made goes with gc, one that is being made stays", async () => {
  await failedCopy();
  const disk = openNodeDisk({ now: () => Date.now() + 2 * 3_600_000 });
  const dead = path.join(jobs(), `.entrepot-${"1".repeat(32)}.tmp`);
  await writeFile(dead, "a plan");
  const made = await disk.createPending(jobs());
  const later = openDepot({ ...server.options, cache: { dir: path.join(folder, "cache") } }, { disk });
  expect(await later.jobs.gc({ dryRun: true })).toEqual([]);
  expect((await readdir(jobs())).filter((name) => name.endsWith(".tmp"))).toContain(path.basename(dead));
  expect(await later.jobs.gc()).toEqual([]);
  const left = (await readdir(jobs())).filter((name) => name.startsWith("."));
  expect(left).toEqual([path.basename(made.path)]);
  await made.discard();
  await later.close();
});

test("where no journal can be kept, that is said once", async () => {
  await failedCopy();
  await writeFile(path.join(folder, "file"), "");
  const told: string[] = [];
  const elsewhere = open(path.join(folder, "file", "cache"), (event) => {
    if (event.type === "warning" && event.error.message.includes("journal")) told.push(event.error.message);
  });
  const { copied, jobId } = await elsewhere.copy("s3://bucket/a/", `${folder}/another/`);
  expect([copied.objects, jobId]).toEqual([3, undefined]);
  expect(told).toEqual([expect.stringContaining(path.join(folder, "file", "cache", "jobs"))]);
  await elsewhere.close();
});

describe("addresses of the web with a query", () => {
  const signed = async () => {
    const names = ["1", "2", "3"];
    for (const name of names) await data.writeText(`s3://bucket/a/${name}`, name);
    return Promise.all(names.map((name) => data.presign(`s3://bucket/a/${name}`)));
  };
  const kept = async () => {
    const files = await readdir(jobs(), { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(path.join(file.parentPath, file.name), "utf8"));
    return (await Promise.all(texts)).join("");
  };

  test("lie on no disk, and their job is gone on with by the same call only", async () => {
    const urls = await signed();
    refuse("a/2");
    const { jobId = "" } = await data.copy(urls, `${folder}/down/`, { onError: "ignore" });
    expect(await kept()).not.toContain("X-Amz");
    expect(JSON.stringify(await data.jobs.list())).not.toContain("X-Amz");
    server.clearRequests();
    const resumed = await data.jobs.resume(jobId, { onError: "ignore" });
    expect(resumed.skipped.objects).toBe(2);
    expect(resumed.failed).toMatchObject([
      { error: { code: "unsupported", hint: expect.stringContaining("same call") } },
    ]);
    expect(server.count("GetObject")).toBe(0);
    expect(await kept()).not.toContain("X-Amz");
    const { copied, skipped } = await data.copy(urls, `${folder}/down/`);
    expect((await readdir(path.join(folder, "down"))).sort()).toEqual(["1", "2", "3"]);
    expect([copied.objects, skipped.objects]).toEqual([1, 2]);
    expect(await data.jobs.list()).toEqual([]);
  });

  test("of a large object: the address of the job is shown without it", async () => {
    await server.load({ "s3://bucket/large": Buffer.alloc(72 * 1024 * 1024, "down") });
    const url = await data.presign("s3://bucket/large");
    const stop = new AbortController();
    const down = data.copy(url, `${folder}/large`, {
      signal: stop.signal,
      onProgress: ({ doneBytes }) => {
        if (doneBytes > 10 * 1024 * 1024) stop.abort(new Error("enough"));
      },
    });
    await expect(down).rejects.toThrow("enough");
    expect((await data.jobs.list()).map(({ from }) => from)).toEqual([url.slice(0, url.indexOf("?"))]);
    expect(await kept()).not.toContain("X-Amz");
    server.clearRequests();
    await data.copy(url, `${folder}/large`);
    const sent = server.received({ operation: "GetObject" }).reduce((sum, { bytesOut }) => sum + bytesOut, 0);
    expect(sent).toBeLessThan(70 * 1024 * 1024);
    expect((await stat(path.join(folder, "large"))).size).toBe(72 * 1024 * 1024);
  });
});

describe("a journal that is damaged", () => {
  const damaged = async () => {
    const id = await failedCopy();
    for (const name of ["job", "plan", "marks"]) {
      const file = path.join(jobs(), id, `${name}.ndjson`);
      const bytes = await readFile(file);
      bytes[9] = (bytes[9] ?? 0) ^ 1;
      await writeFile(file, bytes);
    }
    return id;
  };

  test("is listed as such, and can be given up", async () => {
    const id = await damaged();
    expect(await data.jobs.list()).toMatchObject([
      { id, state: "damaged", verb: undefined, pid: undefined, objects: 0 },
    ]);
    await expect(data.jobs.resume(id)).rejects.toMatchObject({ code: "malformed" });
    expect((await data.jobs.gc({ olderThan: 0 })).map((job) => job.id)).toEqual([id]);
    expect(await data.jobs.list()).toEqual([]);
    expect((await data.jobs.abort(await damaged())).state).toBe("damaged");
    expect(await readdir(jobs())).toEqual([]);
  });

  test("is gone on with by the same call: what of it is whole still counts", async () => {
    const id = await damaged();
    const { jobId, copied } = await data.copy("s3://bucket/a/", `${folder}/down/`);
    expect([jobId, copied.objects]).toEqual([id, 1]);
    expect(await data.jobs.list()).toEqual([]);
  });
});
