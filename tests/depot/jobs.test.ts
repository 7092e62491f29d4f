/** Jobs by the front door, over a socket: what was done is not done again. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let server: S3Server;
let folder: string;
beforeEach(async () => {
  server = await startS3Server({ buckets: ["bucket"] });
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-jobs-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const open = () => entrepot({ ...server.options, cache: { dir: path.join(folder, "cache") } });

const jobsOf = async () => readdir(path.join(folder, "cache", "jobs"));
const operations = (operation: string) => server.count({ operation });

describe("a journal", () => {
  test("lets the same call go on where failures stopped it, and is gone when all is done", async () => {
    const data = open();
    for (let index = 0; index < 10; index += 1) await data.writeText(`s3://bucket/a/${index}`, `body ${index}`);
    server.inject({ operation: "GetObject", key: "a/3", effect: { status: 403 } });
    const first = await data.copy("s3://bucket/a/", `${folder}/down/`, { onError: "ignore" });
    expect(first).toMatchObject({ copied: { objects: 9 }, failed: [{ uri: "s3://bucket/a/3" }] });
    expect(await jobsOf()).toEqual([first.jobId]);
    server.clearRequests();
    const second = await data.copy("s3://bucket/a/", `${folder}/down/`);
    expect(second).toMatchObject({ copied: { objects: 1 }, skipped: { objects: 9 }, jobId: first.jobId });
    expect(server.received({ operation: "GetObject" }).map(({ key }) => key)).toEqual(["a/3"]);
    expect(await jobsOf()).toEqual([]);
    expect(await readFile(path.join(folder, "down", "3"), "utf8")).toBe("body 3");
    await data.close();
  });

  test("takes again what changed at the source or at the target meanwhile", async () => {
    const data = open();
    for (let index = 0; index < 4; index += 1) await data.writeText(`s3://bucket/a/${index}`, `body ${index}`);
    server.inject({ operation: "GetObject", key: "a/3", effect: { status: 403 } });
    await data.copy("s3://bucket/a/", `${folder}/down/`, { onError: "ignore" });
    await data.writeText("s3://bucket/a/0", "newer");
    await writeFile(path.join(folder, "down", "1"), "somebody's");
    await rm(path.join(folder, "down", "2"));
    const { copied } = await data.copy("s3://bucket/a/", `${folder}/down/`);
    expect(copied.objects).toBe(4);
    const bodies = await Promise.all(
      [0, 1, 2, 3].map((name) => readFile(path.join(folder, "down", `${name}`), "utf8")),
    );
    expect(bodies).toEqual(["newer", "body 1", "body 2", "body 3"]);
    await data.close();
  });

  test("is none of a dry run, of one small object, or of what was done at once", async () => {
    const data = open();
    await data.writeText("s3://bucket/a/0", "x");
    await data.copy("s3://bucket/a/", `${folder}/down/`, { dryRun: true });
    await data.copy("s3://bucket/a/0", `${folder}/one`);
    await expect(jobsOf()).rejects.toMatchObject({ code: "ENOENT" });
    await data.close();
  });

  test("sends the missing parts of an interrupted upload only", async () => {
    const data = open();
    const bytes = Buffer.alloc(72 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at);
    await writeFile(path.join(folder, "large"), bytes);
    const stop = new AbortController();
    const copying = data.copy(`${folder}/large`, "s3://bucket/large", { signal: stop.signal });
    await server.waitFor({ operation: "UploadPart", status: 200 }, { times: 2 });
    stop.abort(new Error("enough"));
    await expect(copying).rejects.toThrow("enough");
    expect(operations("AbortMultipartUpload")).toBe(0);
    const there = server.received({ operation: "UploadPart", status: 200 }).length;
    server.clearRequests();
    await data.copy(`${folder}/large`, "s3://bucket/large");
    expect([operations("CreateMultipartUpload"), operations("ListParts")]).toEqual([0, 1]);
    expect(operations("UploadPart")).toBeLessThanOrEqual(9 - there);
    expect(Buffer.compare(Buffer.from(await data.readBytes("s3://bucket/large")), bytes)).toBe(0);
    expect(await jobsOf()).toEqual([]);
    await data.close();
  });

  test("fetches the missing ranges of an interrupted download only", async () => {
    const data = open();
    const bytes = Buffer.alloc(72 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at);
    await server.load({ "s3://bucket/large": bytes });
    const stop = new AbortController();
    const copying = data.copy("s3://bucket/large", `${folder}/large`, {
      signal: stop.signal,
      onProgress: ({ doneBytes }) => {
        if (doneBytes > 30 * 1024 * 1024) stop.abort(new Error("enough"));
      },
    });
    await expect(copying).rejects.toThrow("enough");
    server.clearRequests();
    const { written } = await data.copy("s3://bucket/large", `${folder}/large`);
    const sent = server.received({ operation: "GetObject" }).reduce((sum, { bytesOut }) => sum + bytesOut, 0);
    expect(sent).toBeLessThan(45 * 1024 * 1024);
    expect(written?.sizeBytes).toBe(bytes.length);
    expect(Buffer.compare(await readFile(path.join(folder, "large")), bytes)).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(["cache", "large"]);
    await data.close();
  });

  test("of a download starts again when the source is another version", async () => {
    const data = open();
    await server.load({ "s3://bucket/large": Buffer.alloc(72 * 1024 * 1024, "old") });
    const stop = new AbortController();
    const copying = data.copy("s3://bucket/large", `${folder}/large`, {
      signal: stop.signal,
      onProgress: ({ doneBytes }) => {
        if (doneBytes > 30 * 1024 * 1024) stop.abort(new Error("enough"));
      },
    });
    await expect(copying).rejects.toThrow("enough");
    const bytes = Buffer.alloc(72 * 1024 * 1024, "new");
    await server.load({ "s3://bucket/large": bytes });
    await data.copy("s3://bucket/large", `${folder}/large`);
    expect(Buffer.compare(await readFile(path.join(folder, "large")), bytes)).toBe(0);
    await data.close();
  });
});

describe("data.jobs", () => {
  const failing = async (data: ReturnType<typeof open>) => {
    for (let index = 0; index < 5; index += 1) await data.writeText(`s3://bucket/a/${index}`, `body ${index}`);
    server.inject({ operation: "GetObject", key: "a/3", effect: { status: 403 } });
    const list = [0, 1, 2, 3].map((name) => `s3://bucket/a/${name}`);
    return data.copy(list, `${folder}/down/`, { onError: "ignore" });
  };

  test("lists what failed, and resumes just that, a list of addresses too", async () => {
    const data = open();
    const { jobId = "" } = await failing(data);
    const [job, ...others] = await data.jobs.list();
    expect(others).toEqual([]);
    expect(job).toMatchObject({
      id: jobId,
      verb: "copy",
      from: undefined,
      to: `file://${folder}/down/`,
      state: "failed",
      pid: undefined,
      objects: 4,
      doneObjects: 3,
      failed: [{ uri: "s3://bucket/a/3", code: "forbidden" }],
      failedObjects: 1,
    });
    server.clearRequests();
    const report = await data.jobs.resume(jobId);
    expect(report).toMatchObject({ copied: { objects: 1 }, skipped: { objects: 3 } });
    expect(server.received({ operation: "GetObject" }).map(({ key }) => key)).toEqual(["a/3"]);
    expect(await data.jobs.list()).toEqual([]);
    expect(await readFile(path.join(folder, "down", "3"), "utf8")).toBe("body 3");
    await data.close();
  });

  test("aborts: an upload's parts and a download's file go with the job", async () => {
    const data = open();
    await writeFile(path.join(folder, "large"), Buffer.alloc(72 * 1024 * 1024, "up"));
    await server.load({ "s3://bucket/there": Buffer.alloc(72 * 1024 * 1024, "down") });
    const stop = new AbortController();
    const up = data.copy(`${folder}/large`, "s3://bucket/large", { signal: stop.signal });
    const down = data.copy("s3://bucket/there", `${folder}/here/there`, {
      signal: stop.signal,
      onProgress: ({ doneBytes }) => {
        if (doneBytes > 10 * 1024 * 1024) void server.waitFor("UploadPart").then(() => stop.abort(new Error("enough")));
      },
    });
    await Promise.allSettled([up, down]);
    expect(await readdir(path.join(folder, "here"))).toEqual([expect.stringMatching(/^\.entrepot-.*\.part$/)]);
    const uploads = await data.jobs.uploads("s3://bucket/");
    expect(uploads).toMatchObject([{ uri: "s3://bucket/large", isRunning: false }]);
    const jobs = await data.jobs.list();
    expect(jobs.map(({ state }) => state)).toEqual(["interrupted", "interrupted"]);
    for (const { id } of jobs) await data.jobs.abort(id);
    expect(operations("AbortMultipartUpload")).toBe(1);
    expect(await data.jobs.uploads("s3://bucket/", { all: true })).toEqual([]);
    expect(await readdir(path.join(folder, "here"))).toEqual([]);
    expect(await data.jobs.list()).toEqual([]);
    await data.close();
  });

  test("forgets by age only what nobody is at", async () => {
    const data = open();
    const { jobId } = await failing(data);
    expect(await data.jobs.gc()).toEqual([]);
    expect((await data.jobs.gc({ olderThan: 0, dryRun: true })).map(({ id }) => id)).toEqual([jobId]);
    expect((await data.jobs.gc({ olderThan: 0 })).map(({ id }) => id)).toEqual([jobId]);
    expect(await data.jobs.list()).toEqual([]);
    await expect(data.jobs.resume(jobId ?? "")).rejects.toMatchObject({ code: "not-found" });
    await data.close();
  });

  test("shows whose an upload is, and aborts others' only when told", async () => {
    const data = open();
    const theirs = entrepot({ ...server.options, cache: { dir: path.join(folder, "their-cache") } });
    await writeFile(path.join(folder, "large"), Buffer.alloc(72 * 1024 * 1024, "up"));
    const stop = new AbortController();
    const up = theirs.copy(`${folder}/large`, "s3://bucket/theirs/large", { signal: stop.signal });
    await server.waitFor("UploadPart");
    stop.abort(new Error("enough"));
    await expect(up).rejects.toThrow("enough");
    expect(await data.jobs.uploads("s3://bucket/")).toEqual([]);
    expect(await data.jobs.abortUploads("s3://bucket/")).toEqual([]);
    const [upload] = await data.jobs.uploads("s3://bucket/theirs/", { all: true });
    expect(upload).toMatchObject({ uri: "s3://bucket/theirs/large", jobId: undefined });
    expect(await data.jobs.abortUploads("s3://bucket/", { all: true, olderThan: "1d" })).toEqual([]);
    expect(await data.jobs.abortUploads("s3://bucket/", { all: true })).toEqual([upload]);
    expect(await data.jobs.uploads("s3://bucket/", { all: true })).toEqual([]);
    await data.close();
    await theirs.close();
  });

  test("refuses a second process while one is at it, and names it", async () => {
    const data = open();
    await writeFile(path.join(folder, "large"), Buffer.alloc(72 * 1024 * 1024, "up"));
    const stop = new AbortController();
    const copy = () => data.copy(`${folder}/large`, "s3://bucket/large", { signal: stop.signal });
    const first = copy();
    await server.waitFor("UploadPart");
    await expect(copy()).rejects.toMatchObject({ code: "busy", message: expect.stringContaining(`${process.pid}`) });
    const [job] = await data.jobs.list();
    expect(job).toMatchObject({ state: "running", pid: process.pid });
    await expect(data.jobs.abort(job?.id ?? "")).rejects.toMatchObject({ code: "busy" });
    expect(await data.jobs.abortUploads("s3://bucket/")).toEqual([]);
    await first;
    await data.close();
  });
});
