import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Liveness, openNodeDisk, type ProcessOwner, type ProcessTable } from "../../disk/index.ts";
import { holderOf, lockJob } from "./job-lock.ts";

const disk = openNodeDisk();
let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "entrepot-lock-"));
});
afterAll(() => rm(root, { recursive: true }));

async function fresh(): Promise<string> {
  count += 1;
  const folder = join(root, String(count));
  await mkdir(folder);
  return folder;
}

const owner = (pid: number): ProcessOwner => ({ host: "here", boot: "b", namespace: "n", pid, start: String(pid) });
/** Of the processes with these numbers it is known how they are; all others are dead. */
const table = (pid: number, lives: Readonly<Record<number, Liveness>> = {}): ProcessTable => ({
  self: async () => owner(pid),
  liveness: async (asked) => lives[asked.pid] ?? "dead",
});

test("a second process is told who is at it", async () => {
  const folder = await fresh();
  const lock = await lockJob(disk, folder, table(1));
  const second = lockJob(disk, folder, table(2, { 1: "alive" }));
  await expect(second).rejects.toMatchObject({ code: "busy", message: "process 1 is at this very job" });
  expect(await holderOf(disk, folder, table(2, { 1: "alive" }))).toMatchObject({ pid: 1 });
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  await (await lockJob(disk, folder, table(2))).release();
});

test("what a dead process held is taken over by one, and only one", async () => {
  const folder = await fresh();
  await lockJob(disk, folder, table(1));
  const lives = { 2: "alive", 3: "alive", 4: "alive" } as const;
  const takers = await Promise.allSettled([2, 3, 4].map((pid) => lockJob(disk, folder, table(pid, lives))));
  const won = takers.filter((taker) => taker.status === "fulfilled");
  expect(won.length).toBe(1);
  for (const taker of takers) if (taker.status === "rejected") expect(taker.reason).toMatchObject({ code: "busy" });
  await won[0]?.value.release();
  expect(await readdir(folder)).toEqual([]);
});

test("one of another machine counts as living, and the way out is said", async () => {
  const folder = await fresh();
  await lockJob(disk, folder, table(1));
  const second = lockJob(disk, folder, table(2, { 1: "unknown" }));
  await expect(second).rejects.toMatchObject({ code: "busy", hint: expect.stringContaining(folder) });
});

test("a text that names nobody is in nobody's way", async () => {
  const folder = await fresh();
  await disk.makeLink(join(folder, "owner.0"), "nobody");
  await (await lockJob(disk, folder, table(2))).release();
});
