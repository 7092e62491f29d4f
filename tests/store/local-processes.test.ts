/** Local stores of several real processes on one folder: killed at random, and swapping one object. */
import { type ChildProcess, spawn } from "node:child_process";
import { hash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { isReservedName, openNodeDisk } from "../../src/disk/index.ts";
import { openLocalStore, readBytes } from "../../src/store/index.ts";

let root = "";
const programs = fs.mkdtempSync(join(tmpdir(), "entrepot-programs-"));

// Node 20 runs no TypeScript: the programs are bundled once.
beforeAll(async () => {
  const input = ["kill-loop", "swap-loop"].map((name) =>
    fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url)),
  );
  await build({ input, platform: "node", output: { dir: programs, entryFileNames: "[name].mjs" }, logLevel: "silent" });
}, 60_000);

afterAll(() => {
  fs.rmSync(programs, { recursive: true });
});

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-processes-"));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

test("twenty kills at random moments tear no file, and what they leave is collected", async () => {
  for (let kill = 0; kill < 20; kill += 1) {
    const child = start("kill-loop");
    await linesOf(child, 1 + Math.floor(Math.random() * 20));
    child.kill("SIGKILL");
    await ended(child);
    for (const path of files()) {
      if (isReservedName(basename(path))) continue;
      const text = fs.readFileSync(join(root, path), "latin1");
      expect(text.slice(0, 64), `${path} of ${text.length} bytes`).toBe(hash("sha256", text.slice(64), "hex"));
    }
  }
  const disk = openNodeDisk({ now: () => Date.now() + 7_200_000 });
  const store = openLocalStore({ disk: openNodeDisk(), root });
  for (let key = 0; key < 8; key += 1) await store.write(`folder/${key}`, encode("next"));
  for (const folder of [root, join(root, "folder")]) await disk.removeStalePending(folder, 3_600_000);
  expect(files().filter((path) => isReservedName(basename(path)) && path.includes(".tmp"))).toEqual([]);
}, 60_000);

test("three processes that swap one counter lose no count", async () => {
  const store = openLocalStore({ disk: openNodeDisk(), root });
  await store.write("counter", encode("0"));
  const children = [start("swap-loop"), start("swap-loop"), start("swap-loop")];
  expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
  const { bytes } = await readBytes(store, "counter");
  expect(new TextDecoder().decode(bytes)).toBe("90");
  expect(files()).toEqual(["counter"]);
}, 60_000);
function start(program: string): ChildProcess {
  return spawn(process.execPath, [join(programs, `${program}.mjs`), root], { stdio: ["ignore", "pipe", "inherit"] });
}

function linesOf(child: ChildProcess, wanted: number): Promise<void> {
  return new Promise((resolve) => {
    let lines = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      lines += chunk.toString().split("\n").length - 1;
      if (lines >= wanted) resolve();
    });
    child.on("exit", () => resolve());
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.on("exit", resolve));
}

function files(): string[] {
  const all = fs.readdirSync(root, { recursive: true }) as string[];
  return all.filter((path) => fs.statSync(join(root, path)).isFile());
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
