import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type Liveness, openNodeDisk, type ProcessOwner, type ProcessTable } from "../../disk/index.ts";
import { FolderLock, isTaken, silentMs, type Taken } from "./folder-lock.ts";

const disk = openNodeDisk();
const dead = new Set<number>();
const foreign = new Set<number>();
let folder = "";

beforeEach(async () => {
  dead.clear();
  foreign.clear();
  folder = await mkdtemp(join(tmpdir(), "entrepot-lock-"));
  return () => rm(folder, { recursive: true, force: true });
});

/** A lock as the process of this number sees it. */
function lockOf(pid: number): FolderLock {
  const table: ProcessTable = {
    self: async () => ({ host: "h", boot: "b", namespace: "n", pid, start: "1" }),
    liveness: async (owner: ProcessOwner): Promise<Liveness> =>
      dead.has(owner.pid) ? "dead" : foreign.has(owner.pid) ? "unknown" : "alive",
  };
  return new FolderLock(disk, folder, table);
}

async function taken(pid: number): Promise<Taken> {
  const found = await lockOf(pid).take(`/s/${pid}`);
  if (found === undefined || !isTaken(found)) throw new Error(`${pid} did not take it`);
  return found;
}

test("one process takes the folder, and every other is told where it is", async () => {
  await taken(1);
  expect(await lockOf(2).take("/s/2")).toMatchObject({ owner: { pid: 1 }, socketFolder: "/s/1" });
  expect(await lockOf(2).holder()).toMatchObject({ pid: 1 });
});

test("a folder that was given back is free, and one of a dead process is taken over", async () => {
  const first = await taken(1);
  await first.release();
  expect(await lockOf(2).holder()).toBeUndefined();
  expect((await taken(2)).before).toBeUndefined();
  dead.add(2);
  expect((await taken(3)).before).toMatchObject({ owner: { pid: 2 }, socketFolder: "/s/2" });
  expect(await readdir(folder)).toEqual(["held.3"]);
});

test("of many that take over at once, one holds the folder", async () => {
  await taken(1);
  dead.add(1);
  const found = await Promise.all(Array.from({ length: 20 }, (_, at) => lockOf(at + 2).take(`/s/${at + 2}`)));
  expect(found.filter((one) => one !== undefined && isTaken(one))).toHaveLength(1);
});

test("whoever saw an old state of the folder does not take it behind the back of a newer holder", async () => {
  await taken(1);
  dead.add(1);
  // 2 saw the first holder dead; before it goes on, 3 takes the folder, leaves, and 4 takes it: numbers 2 and 3.
  const table: ProcessTable = {
    self: async () => {
      await (await taken(3)).release();
      await taken(4);
      // the name that 2 is about to make is free again
      expect(await readdir(folder)).toEqual(["held.3"]);
      return { host: "h", boot: "b", namespace: "n", pid: 2, start: "1" };
    },
    liveness: async ({ pid }) => (dead.has(pid) ? "dead" : "alive"),
  };
  expect(await new FolderLock(disk, folder, table).take("/s/2")).toBeUndefined();
  expect(await readdir(folder)).toEqual(["held.3"]);
  expect(await lockOf(2).holder()).toMatchObject({ pid: 4 });
});

test("a holder of which nothing can be known is believed while it beats, and for two minutes more", async () => {
  const first = await taken(1);
  foreign.add(1);
  expect(await first.beat()).toBe(true);
  expect(await lockOf(2).take("/s/2")).toMatchObject({ owner: { pid: 1 } });
  const past = new Date(Date.now() - silentMs - 5_000);
  await utimes(join(folder, "held.1"), past, past);
  expect((await taken(2)).before).toMatchObject({ owner: { pid: 1 } });
  // and the first one learns of it
  expect(await first.beat()).toBe(false);
  expect(await first.isOurs()).toBe(false);
  await first.release();
  expect(await lockOf(3).holder()).toMatchObject({ pid: 2 });
});

test("a lock that says nothing is malformed, and names the file", async () => {
  await writeFile(join(folder, "held.7"), "not JSON");
  await expect(lockOf(1).take("/s/1")).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringContaining("held.7"),
  });
});
