/** Several processes on one cache folder: no wrong byte, no failure, and nothing that a killed one leaves does harm. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isContent, makeContent } from "../../tests/cache-content.ts";
import { openNodeDisk } from "../disk/index.ts";
import { openLocalStore, readBytes } from "../store/index.ts";
import { openCache, openCircuit } from "./index.ts";

const keys = ["k0", "k1", "k2", "k3", "k4", "k5"];
let folder = "";
let program = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-processes-"));
  program = join(folder, "cache-process.mjs");
  const input = fileURLToPath(new URL("../../tests/cache-process.ts", import.meta.url));
  await build({ input, platform: "node", output: { file: program, format: "esm" }, logLevel: "silent" });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

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
  expect((await cache.verify({ repair: true })).damaged.filter(({ damage }) => damage === "record")).toEqual([]);
}, 60_000);
