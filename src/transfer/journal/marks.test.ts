import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { openMemoryStore } from "../../store/index.ts";
import type { CopyJob } from "../object-jobs.ts";
import { Marks } from "./marks.ts";

const disk = openNodeDisk();
const store = openMemoryStore();
let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-marks-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fresh(): Promise<string> {
  count += 1;
  const path = join(folder, `${count}.ndjson`);
  await writeFile(path, "");
  return path;
}

const job = (name: string, more: Partial<CopyJob> = {}): CopyJob => ({
  from: { store, key: name, uri: `s3://b/${name}` },
  to: { store, key: name, uri: `file:///t/${name}` },
  sizeBytes: 10,
  etag: '"1"',
  ...more,
});
const written = (etag: string) => ({ uri: "file:///t/a", etag, sizeBytes: 10, versionId: undefined });

test("what was done is known to the next process, for this version of the source and this target only", async () => {
  const path = await fresh();
  const first = await Marks.open(disk, path, "boot");
  first.done(job("a"), written("local"));
  await first.flush();
  const next = await Marks.open(disk, path, "boot");
  expect(next.wasDone(job("a"))).toBe(true);
  expect(next.isAsDone(job("a"), { etag: "local", sizeBytes: 10 })).toBe(true);
  expect(next.isAsDone(job("a"), { etag: "somebody's", sizeBytes: 10 })).toBe(false);
  expect(next.isAsDone(job("a"), { etag: "local", sizeBytes: 11 })).toBe(false);
  const others = [job("b"), job("a", { etag: '"2"' }), job("a", { sizeBytes: 11 }), job("a", { etag: undefined })];
  expect(others.filter((other) => next.wasDone(other))).toEqual([]);
  const elsewhere = { store, key: "a", uri: "file:///u/a" };
  expect(next.wasDone(job("a", { to: elsewhere }))).toBe(false);
});

test("what only waits to be sent was not done", async () => {
  const path = await fresh();
  const marks = await Marks.open(disk, path, "boot");
  marks.done(job("a"), { ...written("queued"), queued: true });
  await marks.flush();
  expect((await Marks.open(disk, path, "boot")).wasDone(job("a"))).toBe(false);
});

test("a journal cut at any byte never knows more than was done", async () => {
  const path = await fresh();
  const marks = await Marks.open(disk, path, "boot");
  await marks.began(job("a"), { file: ".part" });
  marks.got(job("a"), 0, 4);
  marks.got(job("a"), 4, 8);
  marks.done(job("b"), written("b"));
  await marks.flush();
  const whole = await readFile(path);
  const cutPath = await fresh();
  let last = 0;
  for (let cut = 0; cut <= whole.length; cut += 1) {
    await writeFile(cutPath, whole.subarray(0, cut));
    const found = await Marks.open(disk, cutPath, "boot");
    const end = found.largeState(job("a"))?.got.at(-1)?.[1] ?? 0;
    expect([0, 4, 8]).toContain(end);
    expect(end).toBeGreaterThanOrEqual(last);
    last = end;
    if (cut < whole.length) expect(found.wasDone(job("b"))).toBe(false);
  }
  expect(last).toBe(8);
});

test("ranges count for the file that they are in, and not when the machine has started anew", async () => {
  const path = await fresh();
  const marks = await Marks.open(disk, path, "first boot");
  await marks.began(job("a"), { file: "one.part" });
  marks.got(job("a"), 0, 100);
  await marks.flush();
  expect((await Marks.open(disk, path, "first boot")).largeState(job("a"))?.got).toEqual([[0, 100]]);
  const later = await Marks.open(disk, path, "second boot");
  expect(later.largeState(job("a"))).toMatchObject({ file: "one.part", got: [] });
  await later.flush();
  expect((await Marks.open(disk, path, "second boot")).largeState(job("a"))?.got).toEqual([]);
  await later.began(job("a"), { file: "two.part" });
  later.got(job("a"), 50, 60);
  await later.flush();
  const last = await Marks.open(disk, path, "second boot");
  expect(last.largeState(job("a"))).toMatchObject({ file: "two.part", got: [[50, 60]] });
});

test("what was begun from another version of the source is given back once, to be taken away", async () => {
  const path = await fresh();
  const marks = await Marks.open(disk, path, "boot");
  await marks.began(job("a"), { upload: "id" });
  const next = await Marks.open(disk, path, "boot");
  const newer = job("a", { etag: '"2"' });
  expect(next.largeState(newer)).toBeUndefined();
  expect(next.takeStale(newer)).toMatchObject([{ target: "file:///t/a", upload: "id" }]);
  expect(next.takeStale(newer)).toEqual([]);
  await next.flush();
  expect((await Marks.open(disk, path, "boot")).large).toEqual([]);
});
