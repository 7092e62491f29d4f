/** What is told and asked of a job that is gone on with: its plan is what is left. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

let server: S3Server;
let folder: string;
let data: ReturnType<typeof open>;
const heads: { readonly start: number; readonly end: number }[] = [];
const open = () =>
  entrepot({
    ...server.options,
    cache: { dir: path.join(folder, "cache") },
    onEvent(event) {
      if (event.type !== "request" || event.method !== "HEAD") return;
      heads.push({ start: event.startedMs, end: event.startedMs + event.ms });
    },
  });
beforeEach(async () => {
  server = await startS3Server({ buckets: ["bucket"] });
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-continued-"));
  data = open();
  heads.length = 0;
});
afterEach(async () => {
  await data.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const uris = async (at: string) => data.list(at).uris();
const refuse = (operation: "GetObject" | "PutObject" | "DeleteObject", key: string) =>
  server.inject({ operation, key, effect: { status: 403 } });

test("a move to this disk takes the mark of its folder when the rest has come, and not before", async () => {
  await server.load({ "s3://bucket/a/": "", "s3://bucket/a/1": "one", "s3://bucket/a/2": "two" });
  refuse("GetObject", "a/2");
  const { jobId = "" } = await data.move("s3://bucket/a/", `${folder}/moved/`, { onError: "ignore" });
  expect([...server.objects("bucket").keys()]).toEqual(["a/", "a/2"]);
  refuse("GetObject", "a/2");
  const again = await data.jobs.resume(jobId, { onError: "ignore" });
  expect([again.removed.objects, [...server.objects("bucket").keys()]]).toEqual([0, ["a/", "a/2"]]);
  const rest = await data.jobs.resume(jobId);
  expect([rest.copied.objects, rest.removed.objects]).toEqual([1, 1]);
  expect([...server.objects("bucket").keys()]).toEqual([]);
  expect((await readdir(path.join(folder, "moved"))).sort()).toEqual(["1", "2"]);
  expect(await data.jobs.list()).toEqual([]);
});

/** Ten files to the bucket, one of which failed. */
async function oneLeft(list = false): Promise<{ readonly id: string; readonly again: () => string | string[] }> {
  const names = Array.from({ length: 10 }, (_, index) => `${index}`);
  for (const name of names) await data.writeText(`${folder}/up/${name}`, "x".repeat(1 + Number(name)));
  refuse("PutObject", "up/3");
  const again = () => (list ? names.map((name) => `${folder}/up/${name}`) : `${folder}/up/`);
  const { jobId = "" } = await data.copy(again(), "s3://bucket/up/", { onError: "ignore" });
  server.clearRequests();
  return { id: jobId, again };
}

test.each([false, true])(
  "the same call again plans what is left and counts its looks, a list of addresses: %s",
  async (list) => {
    const { again, id } = await oneLeft(list);
    const { plan, copied, skipped, jobId } = await data.copy(again(), "s3://bucket/up/");
    expect(plan).toMatchObject({ objects: 1, sizeBytes: 4, requests: { put: 1, head: 9, total: 10 } });
    expect([server.count("PutObject"), server.count("HeadObject")]).toEqual([1, 9]);
    expect([copied.objects, skipped.objects, jobId]).toEqual([1, 9, id]);
  },
);

test("a dry run of what is resumed tells only what is left, and a limit is held against that", async () => {
  const { id, again } = await oneLeft();
  const told: string[] = [];
  const onFile = ({ action, uri }: { readonly action: string; readonly uri: string }) =>
    void told.push(`${action} ${uri.slice(-1)}`);
  const dryRuns = [
    () => data.jobs.resume(id, { dryRun: true, onFile }),
    () => data.copy(again(), "s3://bucket/up/", { dryRun: true, onFile }),
  ];
  for (const dryRun of dryRuns) {
    expect(await dryRun()).toMatchObject({ plan: { objects: 1, sizeBytes: 4, requests: { put: 1, head: 9 } } });
    expect(told.splice(0).filter((line) => line.startsWith("copy"))).toEqual(["copy 3"]);
  }
  await expect(data.jobs.resume(id, { maxBytes: "3B" })).rejects.toMatchObject({ code: "limit-exceeded" });
  const { copied } = await data.jobs.resume(id, { maxBytes: "4B" });
  expect(copied).toEqual({ objects: 1, sizeBytes: 4 });
  expect(await data.jobs.list()).toEqual([]);
});

test("what a continued call left is looked at again when its job is resumed, and what it had is told", async () => {
  const { id, again } = await oneLeft();
  refuse("PutObject", "up/3");
  await data.copy(again(), "s3://bucket/up/", { onError: "ignore" });
  expect(await data.jobs.list()).toMatchObject([{ id, objects: 10, doneObjects: 9, failedObjects: 1 }]);
  await data.remove("s3://bucket/up/7");
  const { copied, skipped } = await data.jobs.resume(id);
  expect([copied.objects, skipped.objects]).toEqual([2, 8]);
  expect((await uris("s3://bucket/up/")).length).toBe(10);
});

test("a move and a removal that are resumed count their looks", async () => {
  for (let index = 0; index < 4; index += 1) await data.writeText(`s3://bucket/a/${index}`, "x");
  refuse("GetObject", "a/2");
  const { jobId: moved = "" } = await data.move("s3://bucket/a/", `${folder}/moved/`, { onError: "ignore" });
  const counted = async (id: string) => {
    server.clearRequests();
    const { plan } = await data.jobs.resume(id);
    expect(plan?.requests.head).toBe(server.count("HeadObject"));
    return plan?.requests;
  };
  expect(await counted(moved)).toMatchObject({ get: 1, delete: 1 });
  for (let index = 0; index < 4; index += 1) await data.writeText(`s3://bucket/a/${index}`, "x");
  refuse("DeleteObject", "a/2");
  const { jobId: removed = "" } = await data.remove("s3://bucket/a/", { recursive: true, onError: "ignore" });
  expect(await counted(removed)).toMatchObject({ head: 4, delete: 1 });
});

test("objects of a job are looked at side by side", async () => {
  for (let index = 0; index < 12; index += 1) await data.writeText(`s3://bucket/a/${index}`, "x");
  refuse("DeleteObject", "a/2");
  const { jobId: id = "" } = await data.remove("s3://bucket/a/", { recursive: true, onError: "ignore" });
  server.inject({ operation: "HeadObject", times: 12, effect: { latency: { kind: "constant", ms: 100 } } });
  heads.length = 0;
  await data.jobs.resume(id);
  const together = heads.map(({ start }) => heads.filter((each) => each.start <= start && start < each.end).length);
  expect(Math.max(...together)).toBeGreaterThan(4);
});

test("a call that is said with its defaults goes on with the job of the one without", async () => {
  const { id } = await oneLeft();
  const options = { names: "refuse", durable: false, markers: false, decompress: false, compress: false } as const;
  const { jobId } = await data.copy(`${folder}/up/`, "s3://bucket/up/", options);
  expect(jobId).toBe(id);
});

test("what was there already, and was not to be replaced, leaves no job", async () => {
  await data.writeText("s3://bucket/a/1", "one");
  await data.writeText("s3://bucket/a/2", "two");
  await data.writeText(`${folder}/down/1`, "mine");
  const options = { ifNoneMatch: "*", onError: "ignore" } as const;
  const { failed, copied, jobId } = await data.copy("s3://bucket/a/", `${folder}/down/`, options);
  expect([failed.length, copied.objects, jobId]).toEqual([1, 1, undefined]);
  const again = data.copy("s3://bucket/a/", `${folder}/down/`, { ifNoneMatch: "*" });
  await expect(again).rejects.toMatchObject({ hint: expect.not.stringContaining("jobs resume") });
  expect(await data.jobs.list()).toEqual([]);
});

test("new files and what was to be published leave no job: their own calls begin anew", async () => {
  await data.writeText("s3://bucket/a/1", "one");
  await data.writeText("s3://bucket/a/2", "two");
  refuse("GetObject", "a/2");
  await expect(data.copyNew("s3://bucket/a/", `${folder}/new/`)).rejects.toMatchObject({ code: "forbidden" });
  expect(await data.jobs.list()).toEqual([]);
  await writeFile(path.join(folder, "new", "2"), "two");
  server.inject({ operation: "PutObject", key: /files\/2$/, effect: { status: 403 } });
  const publishing = data.dataset("s3://bucket/published/").publish(`${folder}/new/`);
  await expect(publishing).rejects.toMatchObject({ code: "forbidden" });
  expect(await data.jobs.list()).toEqual([]);
});
