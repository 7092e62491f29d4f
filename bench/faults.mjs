/**
 * 10,000 GETs and PUTs of 4 to 256 KiB through the public verbs while 5 % of all tries are reset in mid-body, 2 % answered 503 and 1 %
 * stall: each call succeeds with the right bytes or ends with a typed error, within its bound. The server is our own (`entrepot/testing`),
 * simulated S3 on loopback. Any other outcome is exit code 1. usage: faults.mjs [--requests 10000] [--seed 1]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { planOf, rates } from "./faults/workload.mjs";
import { assertBuilt, circumstances, count, publish, repo, whole } from "./figures.mjs";

assertBuilt();
const { startS3Server } = await import("entrepot/testing");
const requests = count("requests", 10_000);
const seed = count("seed", 1);
// The last try begins within 180 s of the first; connecting is bound by 5 s, the first byte and every pause by 30, a tick by 1/4.
const boundMs = 180_000 + 5_000 + 30_000 + 30_000 + 1_000;

const before = circumstances();
const { faults, struck: planned } = planOf(seed, requests);
const server = await startS3Server({ buckets: ["bucket"] });
const folder = mkdtempSync(join(tmpdir(), "entrepot-bench-"));
/** @type {{ seconds: number, right: number, typed: number, others: string[], codes: Record<string, number>, longestRightMs: number, longestTypedMs: number }} */
let result;
let unused = 0;
let tries = 0;
try {
  server.inject(...faults);
  const command = [process.execPath, `${repo}bench/faults/calls.mjs`, String(seed), String(requests), String(boundMs)];
  const done = await run(command, {
    env: {
      BENCH_ENDPOINT: server.endpoint,
      BENCH_ACCESS_KEY: server.credentials.accessKeyId,
      BENCH_SECRET_KEY: server.credentials.secretAccessKey,
      ENTREPOT_CACHE_DIR: join(folder, "cache"),
      TMPDIR: folder,
    },
    seconds: 900,
  });
  if (done.code !== 0) {
    throw new Error(
      `the calls ended with ${done.code ?? done.signal}: ${done.stderr.trim().split("\n").slice(-6).join(" | ")}`,
    );
  }
  result = JSON.parse(done.stdout);
  unused = server.pendingFaults.length;
  tries = server.requests.length;
  if (server.internalErrors.length > 0) throw new AggregateError(server.internalErrors, "the server itself failed");
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

const { seconds, right, typed, others, codes, longestRightMs, longestTypedMs } = result;
const share = (/** @type {number} */ n) => `${whole(n)} (${((100 * n) / requests).toFixed(2)} %)`;
const inSeconds = (/** @type {number} */ ms) => (ms === 0 ? "–" : `${(ms / 1000).toFixed(1)} s`);
console.log(
  renderTable(
    `${whole(requests)} calls at concurrency 32, ${seconds.toFixed(0)} s`,
    ["calls", "longest", "bound"],
    [
      ["succeeded, every byte right", share(right), inSeconds(longestRightMs), inSeconds(boundMs)],
      [
        `ended with a typed error ${JSON.stringify(codes)}`,
        share(typed),
        inSeconds(longestTypedMs),
        inSeconds(boundMs),
      ],
      ["anything else, or later than the bound", share(others.length), "–", "–"],
    ],
  ),
);
console.log(
  `\nfaults of seed ${seed}: ${planned.reset} resets, ${planned.slowDown} × 503, ${planned.stall} stalls; ${unused} of them met no request. ${whole(tries)} requests came, those that prepare and look afterwards included.`,
);
publish("faults", { circumstances: before, requests, seed, rates, boundMs, planned, unused, tries, ...result });
for (const what of others.slice(0, 10)) console.log(`        ${what}`);
const problems = [
  ...(right + typed !== requests
    ? [`${requests - right - typed} calls ended neither well nor typed within the bound`]
    : []),
  // Faults that nobody met would make this a run without faults.
  ...(unused > faults.length / 10 ? [`${unused} of ${faults.length} faults met no request`] : []),
];
for (const problem of problems) console.log(`MISSED  ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log("met     every call succeeded or ended typed within its bound");
