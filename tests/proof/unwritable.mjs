/**
 * A process of its own, as a rule in a mount namespace of its own, that uses a cache folder which cannot be written to, or not for
 * long. Says as one line of JSON what it tried and what was wrong. The server is in another process.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, readdirSync, readFileSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheModule } from "./caches.mjs";
import { flawOf } from "./content.mjs";

const { cache: name, endpoint, scene, keys, ...given } = JSON.parse(process.argv[2] ?? "{}");
let dir = given.dir;
const module = await cacheModule(name);
/** @type {string[]} */
const wrong = [];
/** Of each that was opened. @type {string[][]} */
const warnings = [];
/** Of those who found all that they asked for. @type {string[][]} */
const offlineWarnings = [];
let tried = 0;

/** @param {string} what @param {() => Promise<string | undefined>} work */
async function attempt(what, work) {
  tried += 1;
  const flaw = await work().catch((/** @type {unknown} */ error) => String(error));
  if (flaw !== undefined) wrong.push(`${scene}: ${what}: ${flaw}`);
}

/** @param {any} error */
const said = (error) => `${error?.message} ${error?.hint}`;

/** @param {string[]} args */
function mount(...args) {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
}

/** Every way to use the cache, all of which must give the right bytes. @param {import("./proof.ts").TestedCache} data */
async function everything(data) {
  for (let times = 0; times < 2; times += 1) {
    for (const key of keys) {
      await attempt(`a read of ${key}`, async () => flawOf(await data.read(key), key));
      await attempt(`a range of ${key}`, async () =>
        (await data.readRange(key, 8, 24)).byteLength === 16 ? undefined : "too short",
      );
      await attempt(`a local copy of ${key}`, async () => {
        try {
          return await data.withCopy(key, async (path) => flawOf(readFileSync(path), key));
        } catch (error) {
          // A file that nobody may write cannot be given; that is what must be said.
          if (scene === "small files only" && key !== "small.bin" && /EFBIG.*ulimit -f/s.test(said(error)))
            return undefined;
          throw error;
        }
      });
    }
  }
  await attempt("a prune", async () => {
    try {
      await data.prune(1e9);
    } catch (error) {
      // Whoever asks for it by name is told why it cannot be.
      if (scene !== "not reachable" || !/EACCES/.test(said(error))) throw error;
    }
    return undefined;
  });
}

function open(offline = false) {
  /** @type {string[]} */
  const own = [];
  warnings.push(own);
  return module.open({ endpoint, dir, offline, onWarning: (warning) => void own.push(warning) });
}

async function warm() {
  const before = open();
  for (const key of keys) await before.read(key);
  await before.close();
}

async function readOffline() {
  const offline = open(true);
  offlineWarnings.push(warnings.at(-1) ?? []);
  for (const key of keys) await attempt(`offline, ${key}`, async () => flawOf(await offline.read(key), key));
  await offline.close();
}

/** Nobody that the system knows, as containers have them. */
function becomeSomebody() {
  process.setgroups?.([]);
  process.setgid?.(2001);
  process.setuid?.(2001);
}

/** @type {Record<string, () => Promise<void>>} */
const scenes = {
  async "read-only"() {
    mount("-t", "tmpfs", "-o", "size=64m", "none", dir);
    await warm();
    mount("-o", "remount,ro", dir);
    await readOffline();
  },
  async "read-only and empty"() {
    mount("-t", "tmpfs", "-o", "ro", "none", dir);
  },
  async "full of bytes"() {
    mount("-t", "tmpfs", "-o", "size=256k", "none", dir);
  },
  async "full of names"() {
    mount("-t", "tmpfs", "-o", "nr_inodes=6", "none", dir);
  },
  async "not writable"() {
    dir = given.openDir;
    chownSync(dir, 2001, 2001);
    becomeSomebody();
    await warm();
    const paths = ["", ...readdirSync(dir, { recursive: true })].map((path) => join(dir, String(path)));
    for (const path of paths) chmodSync(path, statSync(path).isDirectory() ? 0o500 : 0o400);
    await readOffline();
  },
  async "not writable and empty"() {
    dir = "/entrepot-cache";
    becomeSomebody();
  },
  async "not reachable"() {
    chmodSync(dir, 0o700);
    becomeSomebody();
  },
  async "few open files"() {},
  async "small files only"() {},
};

await scenes[scene]?.();
const data = open();
await everything(data);
await data.close();
await new Promise((resolve) => setTimeout(resolve, 20));
const left = (await readdir(dir, { recursive: true }).catch(() => [])).filter((path) => /\.entrepot-[^/]*$/.test(path));
if (left.length > 0) wrong.push(`${scene}: ${left.length} unfinished files are left, e.g. ${left[0]}`);
for (const own of warnings)
  if (own.length > 1) wrong.push(`${scene}: ${own.length} warnings: ${own.slice(0, 3).join(" | ")}`);
if (offlineWarnings.flat().length > 0)
  wrong.push(`${scene}: warned where all that was asked for is there: ${offlineWarnings.flat()[0]}`);
process.stdout.write(`${JSON.stringify({ tried, wrong, warnings })}\n`);
