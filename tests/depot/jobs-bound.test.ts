/** Jobs belong to the server that they were begun with: nothing of one is done at another that has a bucket of the same name. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

let servers: readonly [S3Server, S3Server];
let folder: string;
beforeEach(async () => {
  servers = [await startS3Server({ buckets: ["bucket"] }), await startS3Server({ buckets: ["bucket"] })];
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-bound-"));
});
afterEach(async () => {
  for (const server of servers) await server.close();
  await rm(folder, { recursive: true });
});

const open = (server: S3Server) => entrepot({ ...server.options, cache: { dir: path.join(folder, "cache") } });
const keysOf = (server: S3Server) => [...server.objects("bucket").keys()];
const both = () =>
  expect.objectContaining({
    code: "misconfigured",
    message: expect.stringMatching(new RegExp(`${servers[0].endpoint}.*${servers[1].endpoint}`)),
  });

async function failedCopy(list = false): Promise<string> {
  const [first] = servers;
  await mkdir(path.join(folder, "up"));
  for (const name of ["a", "b", "c"]) await writeFile(path.join(folder, "up", name), name);
  first.inject({ operation: "PutObject", key: "b", effect: { status: 403 } });
  const data = open(first);
  const from = list ? ["a", "b", "c"].map((name) => path.join(folder, "up", name)) : `${folder}/up/`;
  const { jobId = "" } = await data.copy(from, "s3://bucket/", { onError: "ignore" });
  await data.close();
  return jobId;
}

async function interruptedUpload(): Promise<void> {
  const [first] = servers;
  await writeFile(path.join(folder, "large"), Buffer.alloc(72 * 1024 * 1024, "up"));
  const data = open(first);
  const stop = new AbortController();
  const up = data.copy(`${folder}/large`, "s3://bucket/large", { signal: stop.signal });
  await first.waitFor("UploadPart");
  stop.abort(new Error("enough"));
  await expect(up).rejects.toThrow("enough");
  await data.close();
}

test.each([false, true])(
  "a job is not resumed at another server than it was begun with, a list of addresses: %s",
  async (list) => {
    const id = await failedCopy(list);
    const elsewhere = open(servers[1]);
    await expect(elsewhere.jobs.resume(id)).rejects.toEqual(both());
    await expect(elsewhere.jobs.resume(id, { dryRun: true })).rejects.toEqual(both());
    expect(keysOf(servers[1])).toEqual([]);
    expect((await elsewhere.jobs.list()).map((job) => job.id)).toEqual([id]);
    await elsewhere.close();
    const data = open(servers[0]);
    expect((await data.jobs.resume(id)).copied.objects).toBe(1);
    await data.close();
  },
);

test("what belongs to a list of addresses in a bucket is not taken from another server's", async () => {
  const [first, second] = servers;
  const there = { "s3://bucket/1": "one", "s3://bucket/2": "two" };
  for (const server of servers) await server.load(there);
  first.inject({ operation: "GetObject", key: "2", effect: { status: 403 } });
  const data = open(first);
  const { jobId = "" } = await data.copy(Object.keys(there), `${folder}/down/`, { onError: "ignore" });
  await data.close();
  const elsewhere = open(second);
  await expect(elsewhere.jobs.resume(jobId)).rejects.toEqual(both());
  expect(await readdir(path.join(folder, "down"))).toEqual(["1"]);
  await elsewhere.close();
});

test("who asks without a signature does not go on with what was signed", async () => {
  const id = await failedCopy();
  const data = entrepot({ endpoint: servers[0].endpoint, anonymous: true, cache: { dir: path.join(folder, "cache") } });
  await expect(data.jobs.resume(id)).rejects.toMatchObject({
    code: "misconfigured",
    message: expect.stringMatching(/signed.*anonymous/),
  });
  await data.close();
});

test("the same call to another server is another job", async () => {
  const id = await failedCopy();
  const elsewhere = open(servers[1]);
  const { copied, jobId } = await elsewhere.copy(`${folder}/up/`, "s3://bucket/");
  expect([copied.objects, jobId === id]).toEqual([3, false]);
  expect((await elsewhere.jobs.list()).map((job) => job.id)).toEqual([id]);
  await elsewhere.close();
});

test("an upload that is half done elsewhere is neither forgotten by abort or gc, nor known among another server's", async () => {
  await interruptedUpload();
  const elsewhere = open(servers[1]);
  const [job] = await elsewhere.jobs.list();
  await expect(elsewhere.jobs.abort(job?.id ?? "")).rejects.toEqual(both());
  await expect(elsewhere.jobs.gc({ olderThan: 0 })).rejects.toEqual(both());
  expect(await elsewhere.jobs.uploads("s3://bucket/")).toEqual([]);
  expect(await elsewhere.jobs.list()).toEqual([job]);
  await elsewhere.close();
  const data = open(servers[0]);
  expect((await data.jobs.gc({ olderThan: 0 })).map(({ id }) => id)).toEqual([job?.id]);
  expect(await data.jobs.uploads("s3://bucket/", { all: true })).toEqual([]);
  await data.close();
});

test("a job that left nothing at its server can be given up without it", async () => {
  const id = await failedCopy();
  const elsewhere = open(servers[1]);
  await elsewhere.jobs.abort(id);
  expect(await elsewhere.jobs.list()).toEqual([]);
  await elsewhere.close();
});

test("what was taken from a server says nothing of another one", async () => {
  for (const server of servers) await server.load({ "s3://bucket/in/1": "one" });
  const taken = async (server: S3Server, state?: string) => {
    const data = open(server);
    try {
      return (await data.copyNew("s3://bucket/in/", `${folder}/new/`, { state })).newFiles.length;
    } finally {
      await data.close();
    }
  };
  expect(await taken(servers[0])).toBe(1);
  expect([await taken(servers[1]), await taken(servers[1]), await taken(servers[0])]).toEqual([1, 0, 0]);
  const state = path.join(folder, "state");
  expect(await taken(servers[0], state)).toBe(1);
  await expect(taken(servers[1], state)).rejects.toEqual(both());
});
