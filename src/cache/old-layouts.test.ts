/** Folders that other versions of this package wrote, and what other versions make of ours. */
import { hash } from "node:crypto";
import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Bench, openBench, readAll, readText, unreachable } from "../../tests/cache-bench.ts";
import * as then from "../../tests/fixtures/cache-v1/record-of-then.mjs";
import type { ReadOptions } from "../store/index.ts";
import { recordName, shardFolder } from "./layout.ts";
import { parseRecord } from "./record.ts";

const fixture = fileURLToPath(new URL("../../tests/fixtures/cache-v1/objects", import.meta.url));

const contents: Readonly<Record<string, string>> = {
  "small.txt": "a small object\n",
  empty: "",
  "folder/table.csv.gz": "not really compressed",
  "large.txt": "sixteen letters\n".repeat(20_000),
  "written.json": '{"by":"us"}\n',
};
const keys = Object.keys(contents);

/** A bench in whose folder a cache of then lies, and whose server has what it had then. */
async function openOld(): Promise<Bench> {
  const bench = await openBench();
  await cp(fixture, join(bench.dir, "objects"), { recursive: true });
  const read = bench.wired.read;
  bench.wired.read = async (key, sink, options: ReadOptions = {}) => {
    if (options.ifNoneMatch === undefined) return read(key, sink, options);
    await bench.store.stat(key).catch(() => undefined);
    return "not-modified";
  };
  return bench;
}

/** Every record below, by its path. */
async function recordsOf(dir: string): Promise<{ path: string; text: string }[]> {
  const names = await readdir(dir, { recursive: true });
  const records = names.filter((name) => name.endsWith(".json") && !name.includes("-")).map((name) => join(dir, name));
  return Promise.all(records.map(async (path) => ({ path, text: await readFile(path, "utf8") })));
}

/** The record with other fields, under its own checksum as its own version would write it. */
async function rewrite(path: string, change: (record: Record<string, unknown>) => Record<string, unknown>) {
  const { record } = JSON.parse(await readFile(path, "utf8"));
  const text = JSON.stringify(change(record));
  await writeFile(path, `{"sha256":"${hash("sha256", text)}","record":${text}}\n`);
}

test("a cache of the first layout is read offline, listed and verified", async () => {
  const { wrap, cache } = await openOld();
  const offline = wrap({ network: "offline" });
  for (const key of keys) expect(await readText(offline, key)).toBe(contents[key]);
  const uris: string[] = [];
  for await (const { uri } of cache.list()) uris.push(uri);
  expect(uris).toEqual(keys.map((key) => `s3://bucket/${key}`).sort());
  expect(await cache.verify()).toMatchObject({ checked: { objects: 5 }, damaged: [] });
});

test("online its copies are confirmed and then fit for a path, like any other", async () => {
  const { cached, cache, warnings } = await openOld();
  for (const key of keys) {
    expect(await readText(cached, key)).toBe(contents[key]);
    const held = await cached.hold(key);
    expect(await readFile(held.path, "utf8")).toBe(contents[key]);
    await held.close();
  }
  await cache.close();
  expect(warnings).toEqual([]);
});

test("what another layout keeps beside it is neither read nor touched, whatever is done", async () => {
  const { dir, cache, cached } = await openOld();
  const others = ["objects/v0/9a/x.json", "objects/v2/9a/x.json", "objects/v10/index", "objects/index.db", "results/x"];
  const times = new Map<string, number>();
  for (const name of others) {
    await mkdir(join(dir, name, ".."), { recursive: true });
    await writeFile(join(dir, name), "of another version");
    times.set(name, (await stat(join(dir, name))).ctimeMs);
  }
  await readText(cached, "small.txt");
  await cache.verify({ repair: true });
  await cache.prune({ maxBytes: 0 });
  await cache.clear();
  await cache.close();
  expect(await cache.stats()).toMatchObject({ objects: 0 });
  for (const [name, ctimeMs] of times) expect((await stat(join(dir, name))).ctimeMs).toBe(ctimeMs);
});

test("a record with fields of a later version is used", async () => {
  const { dir, wrap } = await openOld();
  for (const { path } of await recordsOf(dir))
    await rewrite(path, (record) => ({ ...record, later: { a: [1] }, v: 7 }));
  const offline = wrap({ network: "offline" });
  for (const key of keys) expect(await readText(offline, key)).toBe(contents[key]);
});

test.each([
  "entry",
  "uri",
  "info",
  "verified",
  "complete",
  "expired",
  "fetchedMs",
  "checkedMs",
  "dataName",
  "blocks",
  "file",
  "witness",
])("a record without %s is none: offline there is no copy, online the object is fetched", async (field) => {
  const bench = await openOld();
  const { dir, wrap, put, cached } = bench;
  for (const { path } of await recordsOf(dir)) await rewrite(path, ({ [field]: _, ...record }) => record);
  const offline = wrap({ network: "offline" });
  for (const key of keys) await expect(readAll(offline, key)).rejects.toMatchObject({ code: "not-cached" });
  await put("small.txt", "new");
  expect(await readText(cached, "small.txt")).toBe("new");
});

test("the code of then reads every record that is written today", async () => {
  const bench = await openBench();
  const { cached, put, dir, cache, store, wire } = bench;
  await put("a.txt", "one small text");
  await put("large.bin", "x".repeat(700_000));
  for (const key of ["a.txt", "large.bin"]) {
    await readAll(cached, key);
    await readAll(cached, key, { range: { start: 3, end: 9 } });
    await (await cached.hold(key)).close();
  }
  await cached.write("written", new Uint8Array(3));
  await cached.stat("a.txt");
  await store.write("a.txt", new Uint8Array(2));
  wire.down = unreachable();
  await readAll(cached, "a.txt");
  await cache.close();
  const records = (await recordsOf(dir)).filter(({ path }) => /\/[0-9a-f]{64}\.json$/.test(path));
  expect(records.length).toBeGreaterThanOrEqual(3);
  for (const { path, text } of records) {
    const [entry = ""] = /[0-9a-f]{64}/.exec(path) ?? [];
    expect(then.parseRecord(Buffer.from(text), entry)).toEqual(parseRecord(Buffer.from(text), entry));
    expect(then.parseRecord(Buffer.from(text), entry)).toMatchObject({ entry });
    expect(path).toBe(join(shardFolder(join(dir, "objects", "v1"), entry), recordName(entry)));
    expect(then.recordName(entry)).toBe(recordName(entry));
  }
});
