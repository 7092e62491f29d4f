import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { lockJob } from "./job-lock.ts";
import type { LineRecord } from "./sealed-lines.ts";
import { sealLine } from "./sealed-lines.ts";
import { sweepJobs } from "./sweep-jobs.ts";

const day = 24 * 3_600_000;
const nowMs = Date.UTC(2026, 0, 31);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-sweep-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function job(digit: string, ageMs: number, ...marks: readonly LineRecord[]): Promise<string> {
  const id = digit.repeat(16);
  const path = join(folder, id, "marks.ndjson");
  await mkdir(join(folder, id));
  await writeFile(path, marks.map(sealLine).join(""));
  await utimes(path, new Date(nowMs - ageMs), new Date(nowMs - ageMs));
  return id;
}

test("what is older than 30 days goes, unless it is one's own, somebody's, half done or no job", async () => {
  const disk = openNodeDisk();
  const begun = { large: 7, target: "s3://b/large", upload: "id" };
  await job("0", 31 * day);
  await job("1", 31 * day, begun, { large: 7, over: true });
  const left = [
    await job("2", 29 * day),
    await job("3", 31 * day, begun),
    await job("4", 31 * day),
    await job("5", 31 * day),
    "notes",
  ];
  await mkdir(join(folder, "notes"));
  await lockJob(disk, join(folder, "4".repeat(16)));
  const places = { source: nowhere, target: nowhere };
  await sweepJobs({ disk, folder, places, now: () => nowMs }, "5".repeat(16));
  expect((await readdir(folder)).sort()).toEqual(left);
});

function nowhere(): never {
  throw new Error("nobody is asked");
}
