/** Jobs of every verb that are gone on with later: by then the world may be another one. */
import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

let server: S3Server;
let folder: string;
let data: ReturnType<typeof open>;
const open = () => entrepot({ ...server.options, cache: { dir: path.join(folder, "cache") } });

beforeEach(async () => {
  server = await startS3Server({ buckets: ["bucket"] });
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-resumed-"));
  data = open();
  for (let index = 0; index < 4; index += 1) await data.writeText(`s3://bucket/a/${index}`, `body ${index}`);
});
afterEach(async () => {
  await data.close();
  await server.close();
  await rm(folder, { recursive: true });
});

test("a removal leaves alone what was replaced since, and says so", async () => {
  for (const key of ["a/1", "a/2"]) server.inject({ operation: "DeleteObject", key, effect: { status: 403 } });
  const { jobId = "", failed } = await data.remove("s3://bucket/a/", { recursive: true, onError: "ignore" });
  expect(failed.map(({ uri }) => uri)).toEqual(["s3://bucket/a/1", "s3://bucket/a/2"]);
  await data.writeText("s3://bucket/a/1", "somebody's");
  const rest = await data.jobs.resume(jobId, { onError: "ignore" });
  expect(rest).toMatchObject({
    removed: { objects: 1 },
    failed: [{ uri: "s3://bucket/a/1", error: { code: "changed" } }],
  });
  expect(await data.list("s3://bucket/a/").uris()).toEqual(["s3://bucket/a/1"]);
});

test("a move takes the rest, and what it took is not missed", async () => {
  server.inject({ operation: "GetObject", key: "a/2", effect: { status: 403 } });
  const { jobId = "" } = await data.move("s3://bucket/a/", `${folder}/moved/`, { onError: "ignore" });
  expect(await data.list("s3://bucket/a/").uris()).toEqual(["s3://bucket/a/2"]);
  const rest = await data.jobs.resume(jobId);
  expect(rest).toMatchObject({ copied: { objects: 1 }, skipped: { objects: 3 } });
  expect(await data.list("s3://bucket/a/").uris()).toEqual([]);
  expect(await readFile(path.join(folder, "moved", "2"), "utf8")).toBe("body 2");
});

test("a sync copies the rest, then removes what its plan said", async () => {
  await data.copy("s3://bucket/a/", `${folder}/tree/`);
  await data.remove("s3://bucket/a/3");
  for (const index of [0, 1]) await data.writeText(`s3://bucket/a/${index}`, `newer ${index}`);
  server.inject({ operation: "GetObject", key: "a/1", effect: { status: 403 } });
  const first = await data.sync("s3://bucket/a/", `${folder}/tree/`, { delete: true, onError: "ignore" });
  expect(first).toMatchObject({ removed: { objects: 0 }, failed: [{ uri: "s3://bucket/a/1" }] });
  await data.jobs.resume(first.jobId ?? "");
  expect((await readdir(path.join(folder, "tree"))).sort()).toEqual(["0", "1", "2"]);
  expect(await readFile(path.join(folder, "tree", "1"), "utf8")).toBe("newer 1");
  expect(await data.jobs.list()).toEqual([]);
});

test("a plan that is not whole is not carried out: the same call plans anew", async () => {
  server.inject({ operation: "GetObject", key: "a/2", effect: { status: 403 } });
  const { jobId = "" } = await data.copy("s3://bucket/a/", `${folder}/down/`, { onError: "ignore" });
  const plan = path.join(folder, "cache", "jobs", jobId, "plan.ndjson");
  const lines = (await readFile(plan, "utf8")).split("\n");
  await rm(plan);
  await data.writeText(plan, lines.filter((line) => !line.includes("a/2")).join("\n"));
  await expect(data.jobs.resume(jobId)).rejects.toMatchObject({ code: "malformed" });
  const { copied, skipped } = await data.copy("s3://bucket/a/", `${folder}/down/`);
  expect([copied.objects, skipped.objects]).toEqual([1, 3]);
});

test.each(["copy", "sync"] as const)("a %s under mapped names goes on, with the list of these names", async (verb) => {
  // no disk can hold these beside each other, or at all
  for (const key of ["a/0/below", "a/x//y", "a/z/"]) await data.writeText({ bucket: "bucket", key }, key);
  const to = path.join(folder, "mapped");
  server.inject({ operation: "GetObject", key: /^a\/(0\/below|x|1)/, times: 3, effect: { status: 403 } });
  const first = await data[verb]("s3://bucket/a/", `${to}/`, { names: "map", onError: "ignore" });
  expect(first.failed.length).toBe(3);
  // as if it had died before the first of them was written
  await rm(path.join(to, ".entrepot-names.ndjson"));
  server.clearRequests();
  const rest = await data.jobs.resume(first.jobId ?? "");
  expect([rest.copied.objects, rest.failed]).toEqual([3, []]);
  expect(server.count({ operation: "GetObject" })).toBe(3);
  expect(await data.jobs.list()).toEqual([]);
  await data[verb](`${to}/`, "s3://bucket/back/", { names: "map" });
  const keys = (at: string) =>
    [...server.objects("bucket").keys()].filter((key) => key.startsWith(at)).map((key) => key.slice(at.length));
  expect(keys("back/")).toEqual(keys("a/"));
});

test("a job that nobody came back to for 30 days goes when another begins", async () => {
  const jobs = path.join(folder, "cache", "jobs");
  const interrupted = async (to: string) => {
    server.inject({ operation: "GetObject", key: "a/2", effect: { status: 403 } });
    return (await data.copy("s3://bucket/a/", `${folder}/${to}/`, { onError: "ignore" })).jobId ?? "";
  };
  const [forgotten, recent] = [await interrupted("1"), await interrupted("2")];
  const old = new Date(Date.now() - 31 * 24 * 3_600_000);
  await utimes(path.join(jobs, forgotten, "marks.ndjson"), old, old);
  const another = await interrupted("3");
  expect((await data.jobs.list()).map(({ id }) => id).sort()).toEqual([recent, another].sort());
});
