/** Several processes on one cache folder: no wrong byte, no failure, and nothing that a killed one leaves does harm. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { isContent, makeContent } from "../../tests/cache-content.ts";
import { openNodeDisk } from "../disk/index.ts";
import { openLocalStore, readBytes } from "../store/index.ts";
import { openCache, openCircuit } from "./index.ts";

const keys = ["k0", "k1", "k2", "k3", "k4", "k5"];
let folder = "";
let program = "";
let holder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-processes-"));
  [program, holder] = [await bundled("cache-process"), await bundled("cache-holder")];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function bundled(name: string): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  const input = fileURLToPath(new URL(`../../tests/${name}.ts`, import.meta.url));
  await build({ input, platform: "node", output: { file, format: "esm", codeSplitting: false }, logLevel: "silent" });
  return file;
}

function start(dir: string, remote: string, rounds: number, seed: number): ChildProcess {
  return spawn(process.execPath, [program, dir, remote, String(rounds), String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function outputOf(child: ChildProcess): Promise<{ reads: number; wrong: number; errors: string[] }> {
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
  });
  await once(child, "close");
  return JSON.parse(text);
}

test("four processes that read, write, hold, prune and clear the same six objects see only whole versions", async () => {
  const [dir, remote] = [join(folder, "cache"), join(folder, "remote")];
  const disk = openNodeDisk();
  const store = openLocalStore({ disk, root: remote, uri: "s3://bucket/" });
  for (const [index, key] of keys.entries()) await store.write(key, makeContent(index, 1 + index * 100_000));
  const doomed = start(dir, remote, 1_000_000, 99);
  const children = [1, 2, 3].map((seed) => outputOf(start(dir, remote, 150, seed)));
  const results = await Promise.all(children);
  doomed.kill("SIGKILL");
  await once(doomed, "close");
  for (const { reads, wrong, errors } of results) {
    expect(errors).toEqual([]);
    expect(wrong).toBe(0);
    expect(reads).toBeGreaterThan(20);
  }

  const cache = openCache({ disk, dir, now: Date.now, host: "host" });
  const wrapped = cache.wrap(store, { identity: ["local", remote], circuit: openCircuit(Date.now), network: "auto" });
  for (const key of keys) {
    const { bytes } = await readBytes(wrapped, key);
    expect(isContent(bytes)).toBe(true);
    expect(Buffer.compare(bytes, (await readBytes(store, key)).bytes)).toBe(0);
  }
  expect((await cache.verify({ repair: true })).damaged.filter(({ damage }) => damage === "no-record")).toEqual([]);
}, 60_000);

test("what another process holds stays while that process lives, and no longer", async () => {
  const [dir, remote] = [join(folder, "held-cache"), join(folder, "held-remote")];
  const disk = openNodeDisk();
  const store = openLocalStore({ disk, root: remote, uri: "s3://bucket/" });
  await store.write("k", makeContent(1, 1000));
  const child = spawn(process.execPath, [holder, dir, remote], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  const path = String(line).trim();

  const cache = openCache({ disk, dir, now: Date.now, host: "host" });
  const circuit = openCircuit(Date.now);
  const wrapped = (bounded = cache) => bounded.wrap(store, { identity: ["local", remote], circuit, network: "auto" });
  expect((await cache.clear()).objects).toBe(0);
  expect((await cache.prune({ maxBytes: 0 })).objects).toBe(0);
  await store.write("other", makeContent(2, 5_000));
  const bounded = cache.with({ maxBytes: 5_500 });
  await readBytes(wrapped(bounded), "other");
  await cache.close();
  expect((await readFile(path)).byteLength).toBe(makeContent(1, 1000).byteLength);
  // Even when the object is another one by now.
  await store.write("k", makeContent(3, 1000));
  await readBytes(wrapped(), "k");
  expect(isContent(await readFile(path))).toBe(true);
  expect(await readdir(join(dir, "objects", "v1", "leases"))).toHaveLength(1);

  child.kill("SIGKILL");
  await once(child, "close");
  const later = openCache({ disk, dir, now: () => Date.now() + 7_200_000, host: "host" });
  await later.clear();
  await expect(readFile(path)).rejects.toThrow("ENOENT");
  expect(await readdir(join(dir, "objects", "v1", "leases"))).toEqual([]);
}, 60_000);
