/** What needs more objects, or more distance, than a server on this machine has: against one that only pretends. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { repo, run } from "../../tests/interop/process.mjs";
import { costOf } from "../child-cost.mjs";
import { target, targetAtLeast, whole } from "../figures.mjs";

const program = `${repo}dist/cli/main.js`;
const folder = () => mkdtempSync(join(tmpdir(), "entrepot-million-"));

/** Starts the pretending server around a piece of work. @template T @param {number} objects @param {number} bytes @param {number} latencyMs @param {(endpoint: string) => Promise<T>} work */
async function pretending(objects, bytes, latencyMs, work) {
  const args = [`${repo}bench/many-objects/simulated.mjs`, ...[objects, bytes, latencyMs].map(String)];
  const server = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [endpoint] = await Promise.race([
      createInterface({ input: server.stdout })
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => [value]),
      new Promise((_, reject) => server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)))),
    ]);
    return await work(endpoint);
  } finally {
    server.stdin.end();
  }
}

/** One command of ours, its output thrown away, with its peak of memory. @param {string} endpoint @param {readonly string[]} words */
async function ours(endpoint, words) {
  const home = folder();
  try {
    const peak = join(home, "peak");
    const command = [
      "sh",
      "-c",
      '"$@" >/dev/null',
      "sh",
      process.execPath,
      "--import",
      `${repo}bench/many-objects/peak.mjs`,
    ];
    const { wallSeconds, cpuSeconds } = await costOf(
      [...command, program, ...words.map((word) => word.replace("HOME", home))],
      {
        env: {
          AWS_ENDPOINT_URL: endpoint,
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
          AWS_REGION: "us-east-1",
          HOME: home,
          BENCH_PEAK: peak,
        },
        seconds: 1800,
      },
    );
    return { wallSeconds, cpuSeconds, peakBytes: Number(readFileSync(peak, "utf8")) * 1024 };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** @param {string} what @param {{ wallSeconds: number, cpuSeconds: number, peakBytes: number }} cost */
const say = (what, { wallSeconds, cpuSeconds, peakBytes }) =>
  console.log(
    `        ${what}: ${wallSeconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s, at most ${whole(peakBytes / 1e6)} MB`,
  );

/** So many objects of 20 KB, each 30 ms away. @param {number} objects */
export async function distantReads(objects) {
  const bytes = 20_000;
  const [sampled, latencyMs] = [Math.min(objects, 200), 30];
  const reads = (/** @type {string} */ endpoint, /** @type {string} */ way, /** @type {number} */ most) =>
    run([process.execPath, `${repo}bench/many-objects/reads.mjs`, way, String(most)], {
      env: { BENCH_ENDPOINT: endpoint },
      seconds: 900,
    });
  return pretending(objects, bytes, latencyMs, async (endpoint) => {
    const copy = await ours(endpoint, ["cp", "-r", "s3://b/", "HOME/down/"]);
    say(`cp -r of ${whole(objects)} × 20 KB at ${latencyMs} ms`, copy);
    const one = await reads(endpoint, "one-by-one", sampled);
    if (one.code !== 0) throw new Error(one.stderr.trim().split("\n").at(-1));
    const sequentialMs = Number(one.stdout);
    const many = await reads(endpoint, "readMany", objects);
    const manyMs = many.code === 0 ? Number(many.stdout) : undefined;
    if (manyMs === undefined) console.log(`NOT MEASURED: readMany: ${many.stderr.trim().split("\n").at(-1)}`);
    const judge = () => {
      const what = `${whole(objects)} × 20 KB at ${latencyMs} ms, times as fast as one by one`;
      targetAtLeast(`${what}: cp -r`, (sequentialMs * objects) / 1000 / copy.wallSeconds, 20);
      if (manyMs !== undefined) targetAtLeast(`${what}: readMany`, sequentialMs / manyMs, 20);
    };
    return { copy, sequentialMs, sampled, manyMs, judge };
  });
}

/** `ls -r` of so many keys. @param {number} keys */
export async function listedKeys(keys) {
  return pretending(keys, 0, 0, async (endpoint) => {
    const cost = await ours(endpoint, ["ls", "-r", "s3://b/"]);
    say(`ls -r of ${whole(keys)} keys`, cost);
    return { ...cost, judge: () => target(`ls -r of ${whole(keys)} keys, MB`, cost.peakBytes / 1e6, 150) };
  });
}

/** The plan of `sync` for so many objects, none of which is here. @param {number} keys */
export async function plannedSync(keys) {
  return pretending(keys, 0, 0, async (endpoint) => {
    const probe = await run([process.execPath, program, "sync", "--help"]);
    if (probe.code !== 0) {
      console.log("NOT MEASURED: there is no entrepot sync in this build");
      return undefined;
    }
    const cost = await ours(endpoint, ["sync", "--dry-run", "s3://b/", "HOME/down/"]);
    say(`sync --dry-run of ${whole(keys)} objects`, cost);
    return { ...cost, judge: () => target(`plan of sync, ${whole(keys)} objects, MB`, cost.peakBytes / 1e6, 256) };
  });
}
