/** Room in a large cache, from some shards at a time. */
import { hash } from "node:crypto";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { CacheFolder } from "../cache-folder.ts";
import { pinName, rangeName, recordName, shardFolder } from "../layout.ts";
import { shards } from "../scan.ts";
import { Shelf } from "../shelf.ts";
import { minus, type Usage } from "../usage.ts";
import { evict } from "./evict.ts";

const sizeBytes = 10;

/** As many entries as wanted, each used a minute after the one before it; evicting needs no more of them than names and times. */
async function filled(count: number) {
  const root = await mkdtemp(join(tmpdir(), "entrepot-evict-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const disk = openNodeDisk();
  let stats = 0;
  const { stat } = disk;
  disk.stat = (path, options) => {
    stats += 1;
    return stat.call(disk, path, options);
  };
  const folder = new CacheFolder({
    disk,
    root,
    uid: undefined,
    groups: [],
    now: Date.now,
    host: "host",
    bootId: "boot",
  });
  const { layout, accounts, now } = folder;
  const shelf = new Shelf({ folder, mode: 0o600, warn: (error) => expect(error).toBeUndefined() });
  const premises = { disk, layout, shelf, accounts, mode: 0o600, now, tempDir: async () => root };
  const entries = Array.from({ length: count }, (_, index) => hash("sha256", String(index)));
  for (let shard = 0; shard < 256; shard += 1)
    mkdirSync(join(layout, shard.toString(16).padStart(2, "0")), { recursive: true });
  const put = (entry: string, name: string, minutes: number, bytes = 0) => {
    const path = join(shardFolder(layout, entry), name);
    writeFileSync(path, new Uint8Array(bytes));
    utimesSync(path, 1.7e9 + minutes * 60, 1.7e9 + minutes * 60);
  };
  for (const [index, entry] of entries.entries()) {
    put(entry, `${entry}-0123456789abcdef`, index, sizeBytes);
    put(entry, recordName(entry), index);
  }
  const left = () => {
    const names = new Set(readdirSync(layout, { recursive: true }).map((name) => String(name).slice(3)));
    return entries.flatMap((entry, index) => (names.has(recordName(entry)) ? [index] : []));
  };
  /** Takes away until `wanted` is gone, and gives how often a file was looked at. */
  const run = async (wanted: Usage) => {
    for (const shard of await shards(disk, layout)) {
      const { length } = readdirSync(shard).filter((name) => name.endsWith(".json"));
      await accounts.begin(shard, { objects: length, sizeBytes: length * sizeBytes }, undefined, 0o600);
    }
    const total = async () => {
      await accounts.readAll();
      return accounts.estimate ?? { objects: Number.NaN, sizeBytes: Number.NaN };
    };
    const goal = minus(await total(), wanted);
    stats = 0;
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const lacking = async () => minus(await total(), goal);
    const folders = await shards(disk, layout);
    const isToEnd = () => false;
    const isEnough = await evict({ premises, folders, objects: count, lacking, random, isToEnd, exactUpTo: 500 });
    return { isEnough, stats };
  };
  return { entries, put, left, run };
}

test("of a large cache about the oldest go: nothing that is among the younger two thirds", async () => {
  const { run, left } = await filled(2_500);
  expect((await run({ objects: 250, sizeBytes: 0 })).isEnough).toBe(true);
  const staying = new Set(left());
  const gone = Array.from({ length: 2_500 }, (_, index) => index).filter((index) => !staying.has(index));
  expect(gone.length).toBeGreaterThanOrEqual(250);
  expect(gone.length).toBeLessThan(275);
  expect(Math.max(...gone)).toBeLessThan(2_500 / 3);
});

test("of a small cache exactly the oldest go", async () => {
  const { run, left } = await filled(400);
  await run({ objects: 0, sizeBytes: 100 * sizeBytes });
  expect(left()).toEqual(Array.from({ length: 300 }, (_, index) => index + 100));
});

test("what one of them costs does not grow with the cache", async () => {
  const cost = async (count: number) => {
    const { run } = await filled(count);
    return (await run({ objects: count / 10, sizeBytes: 0 })).stats / (count / 10);
  };
  const [few, many] = [await cost(1_000), await cost(3_000)];
  expect(many).toBeLessThan(few * 1.2);
});

test("what is pinned stays, and pieces go by their own times", async () => {
  const { run, left, entries, put } = await filled(600);
  for (const entry of entries.slice(0, 50)) put(entry, pinName(entry, "0123456789abcdef"), 0);
  const piece = entries[599] ?? "";
  put(piece, rangeName(piece, "v", 0, 1), 0, 5);
  expect((await run({ objects: 0, sizeBytes: 590 * sizeBytes })).isEnough).toBe(false);
  expect(left()).toEqual(Array.from({ length: 50 }, (_, index) => index));
});
