/** `data.sync` with `delete`: what it never takes away. */
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let s3: S3Server;
let folder: string;
let data: Depot;
beforeEach(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  folder = `${await mkdtemp(join(tmpdir(), "entrepot-"))}/`;
  data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
});
afterEach(async () => {
  await data.close();
  await s3.close();
  await rm(folder, { recursive: true });
});

async function fill(at: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await data.writeText(`${at}f${index}`, "x");
}
const held = () => s3.objects("b").size;
const changes = () => s3.requests.filter(({ method }) => method !== "GET" && method !== "HEAD").length;

describe("nothing is removed, and nothing copied", () => {
  test.each(["a missing", "an empty"])("when there is %s source", async (what) => {
    if (what === "an empty") await data.writeText({ bucket: "b", key: "from/" }, "");
    await fill("s3://b/to/", 3);
    const before = held();
    for (const deleteLimit of [undefined, 1_000, "99%"] as const)
      await expect(data.sync("s3://b/from/", "s3://b/to/", { delete: true, deleteLimit })).rejects.toMatchObject({
        code: "not-found",
        hint: expect.stringContaining("nothing was changed"),
      });
    await expect(data.sync(`${folder}nowhere`, "s3://b/to/", { delete: true })).rejects.toMatchObject({
      code: "not-found",
    });
    expect(held()).toBe(before);
  });

  test("when more than half of the target would go, unless that was allowed", async () => {
    await fill(`${folder}from/`, 2);
    await fill("s3://b/to/", 30);
    s3.clearRequests();
    for (const options of [{}, { deleteLimit: "90%" }, { deleteLimit: 27 }, { dryRun: true }] as const)
      await expect(data.sync(`${folder}from/`, "s3://b/to/", { delete: true, ...options })).rejects.toMatchObject({
        code: "limit-exceeded",
        message: expect.stringContaining("28 of the 30"),
        hint: expect.stringContaining("--max-delete"),
      });
    expect([held(), changes()]).toEqual([30, 0]);
    const plan = await data.sync(`${folder}from/`, "s3://b/to/", { delete: true, deleteLimit: "100%", dryRun: true });
    expect([plan.removed.objects, held()]).toEqual([28, 30]);
    const report = await data.sync(`${folder}from/`, "s3://b/to/", { delete: true, deleteLimit: 28 });
    expect([report.removed.objects, held()]).toEqual([28, 2]);
  });

  test("when the source can be listed only in part", async () => {
    await fill("s3://b/from/", 1);
    await fill("s3://b/to/", 3);
    s3.inject({
      operation: "ListObjectsV2",
      query: { prefix: "from/" },
      effect: { status: 403, code: "AccessDenied" },
    });
    await expect(data.sync("s3://b/from/", "s3://b/to/", { delete: true })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(held()).toBe(4);
  });

  test("offline", async () => {
    await fill(`${folder}from/`, 1);
    await fill("s3://b/to/", 3);
    s3.clearRequests();
    await expect(
      data.with({ network: "offline" }).sync(`${folder}from/`, "s3://b/to/", { delete: true }),
    ).rejects.toMatchObject({ code: "unreachable" });
    expect(s3.requests).toEqual([]);
  });
});

test("a source without objects empties the target only at 100%", async () => {
  await fill("s3://b/to/", 30);
  const report = await data.sync("s3://b/from/", "s3://b/to/", { delete: true, deleteLimit: "100%" });
  expect([report.removed.objects, held()]).toEqual([30, 0]);
});

test("a source on this disk that is not there, or is a file, empties nothing at any share", async () => {
  await fill("s3://b/to/", 30);
  const all = { delete: true, deleteLimit: "100%" } as const;
  for (const missing of [`${folder}mistyped/`, `${folder}mistyped`])
    await expect(data.sync(missing, "s3://b/to/", all)).rejects.toMatchObject({ code: "not-found" });
  await data.writeText(`${folder}file`, "x");
  await expect(data.sync(`${folder}file`, "s3://b/to/", all)).rejects.toMatchObject({ code: "not-found" });
  expect(held()).toBe(30);
});

test("a file where a folder is needed, or the reverse, is named as what is in the way", async () => {
  await data.writeText("s3://b/from/x/f", "1");
  await data.writeText("s3://b/from/y", "2");
  await data.writeText(`${folder}to/x`, "old");
  await data.writeText(`${folder}to/y/g`, "old");
  const error = await data.sync("s3://b/from/", `${folder}to/`, { delete: true }).catch((thrown: unknown) => thrown);
  expect(
    (error as { failures: readonly Error[] }).failures.map(({ message }) => message.slice(message.indexOf(":", 5))),
  ).toEqual([': "x" is a file, where a folder is needed', ': "y" is a folder with files, where a file is needed']);
});

test("a handful may go whatever share of the target it is", async () => {
  await fill(`${folder}from/`, 1);
  await fill("s3://b/to/", 11);
  expect((await data.sync(`${folder}from/`, "s3://b/to/", { delete: true })).removed.objects).toBe(10);
});

test("when a copy has failed nothing is removed, and each says so", async () => {
  await fill(`${folder}from/`, 3);
  await fill("s3://b/to/", 1);
  await data.writeText("s3://b/to/extra", "x");
  s3.inject("PUT to/f1 403 AccessDenied x1");
  const told: Record<string, string> = {};
  const report = await data.sync(`${folder}from/`, "s3://b/to/", {
    delete: true,
    onError: "ignore",
    onFile: ({ uri, action, status, reason }) => {
      told[uri.slice(uri.lastIndexOf("/") + 1)] = `${action} ${status}: ${reason}`;
    },
  });
  expect(report.failed.map(({ uri, error }) => [uri, error?.code])).toEqual([[`file://${folder}from/f1`, "forbidden"]]);
  expect(report.removed.objects).toBe(0);
  expect(await data.exists("s3://b/to/extra")).toBe(true);
  expect(told["extra"]).toBe("skip done: not removed, since not everything was copied");
  expect((await data.sync(`${folder}from/`, "s3://b/to/", { delete: true })).removed.objects).toBe(1);
});

test("what failed in part is a job: resumed, it copies the rest, and only then removes", async () => {
  await fill(`${folder}from/`, 3);
  await data.writeText("s3://b/to/extra", "x");
  s3.inject("PUT to/f1 403 AccessDenied x1");
  const first = await data.sync(`${folder}from/`, "s3://b/to/", { delete: true, onError: "ignore" });
  expect([first.copied.objects, first.removed.objects, first.failed.length]).toEqual([2, 0, 1]);
  const [job] = await data.jobs.list();
  expect(job).toMatchObject({ id: first.jobId, verb: "sync" });
  s3.clearRequests();
  const rest = await data.jobs.resume(first.jobId ?? "");
  expect([rest.copied.objects, rest.removed.objects, rest.failed.length]).toEqual([1, 1, 0]);
  expect(s3.requests.flatMap(({ method, key }) => (method === "PUT" ? [key] : []))).toEqual(["to/f1"]);
  expect([...s3.objects("b").keys()]).toEqual(["to/f0", "to/f1", "to/f2"]);
  expect(await data.jobs.list()).toEqual([]);
});

test("nothing is removed through a link that leads out of the target", async () => {
  await fill(`${folder}from/`, 1);
  await data.writeText(`${folder}outside/precious`, "x");
  await data.writeText(`${folder}to/f0`, "other");
  await symlink(`${folder}outside`, `${folder}to/link`);
  await expect(data.sync(`${folder}from/`, `${folder}to/`, { delete: true })).rejects.toMatchObject({
    code: "unsafe-key",
    uri: `file://${folder}to/link/precious`,
  });
  const [job] = await data.jobs.list();
  await expect(data.jobs.resume(job?.id ?? "")).rejects.toMatchObject({ code: "unsafe-key" });
  expect(await data.readText(`${folder}outside/precious`)).toBe("x");
});

describe("what somebody else does to an object after the plan was made", () => {
  beforeEach(async () => {
    await fill(`${folder}from/`, 2);
    await data.writeText("s3://b/to/extra", "x");
  });
  const newer = new TextEncoder().encode("newer");

  test.each(["HEAD", "DELETE"] as const)("is not lost: a new version is not removed, seen by %s", async (method) => {
    s3.inject({ method, key: "to/extra", effect: { replaceWith: newer } });
    await expect(data.sync(`${folder}from/`, "s3://b/to/", { delete: true })).rejects.toMatchObject({
      code: "changed",
      uri: "s3://b/to/extra",
    });
    expect(s3.pendingFaults).toEqual([]);
    expect(await data.readText("s3://b/to/extra")).toBe("newer");
    expect(await data.exists("s3://b/to/f1")).toBe(true);
  });

  test.each(["HEAD", "DELETE"] as const)("may be what was wanted: it is gone, seen by %s", async (method) => {
    s3.inject({ method, key: "to/extra", effect: { deleteBefore: true } });
    const report = await data.sync(`${folder}from/`, "s3://b/to/", { delete: true });
    expect([report.removed.objects, held()]).toEqual([1, 2]);
    expect(s3.pendingFaults).toEqual([]);
  });
});
