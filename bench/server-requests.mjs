/**
 * What the strict server costs, on one core: CPU per request and requests per second beside a bare node:http server and servers of others.
 * wrk sends, from the other core, requests that the AWS SDK has signed; each sample is a fresh process, the subjects in shuffled order.
 * usage: server-requests.mjs [--rounds 3] [--seconds 3] [--subjects memory,folder] [--operations get-1k,put-1k] [--check]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import {
  assertBuilt,
  circumstances,
  count,
  publish,
  shuffled,
  summary,
  targetAtLeast,
  whole,
  words,
} from "./figures.mjs";
import { cpuMicros, subjects } from "./server-requests/subjects.mjs";
import { fill, operations, requestsOf } from "./server-requests/workload.mjs";

assertBuilt();
const rounds = count("rounds", 3);
const seconds = count("seconds", 3);
const chosen = words("subjects", Object.keys(subjects));
const asked = words("operations", Object.keys(operations));
const [serverCore, loadCore] = [0, 1];
const wrk = (await run(["wrk", "-v"])).stdout.split("\n")[0];
if (!wrk?.startsWith("wrk")) {
  console.log("wrk cannot be had: apt-get install wrk");
  process.exit(1);
}

/** @typedef {{ subject: string, operation: string, cpu: number[], rate: number[], refused: number }} Measured */
const measured = chosen.flatMap((subject) =>
  asked.map((operation) => /** @type {Measured} */ ({ subject, operation, cpu: [], rate: [], refused: 0 })),
);
const folder = mkdtempSync(join(tmpdir(), "entrepot-bench-"));
const before = circumstances();
try {
  for (let round = 0; round < rounds; round++) {
    for (const subject of shuffled(chosen)) {
      const problem = await subjects[subject]?.(serverCore, async ({ endpoint, pid }) => {
        if (subject !== "node:http") await fill(endpoint, asked);
        // Deleting comes last: what it needs is made once.
        for (const name of asked.toSorted((a, b) => Number(a === "delete") - Number(b === "delete"))) {
          const row = measured.find((one) => one.subject === subject && one.operation === name);
          if (row) await sample(row, endpoint, pid);
        }
      }).catch(failure);
      if (problem !== undefined) console.log(`${subject} cannot be had: ${problem}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A server of others that does not even take what it is to give back. @param {Error} error */
function failure({ message }) {
  return message;
}

/** @param {Measured} row @param {string} endpoint @param {number} pid */
async function sample(row, endpoint, pid) {
  const operation = operations[row.operation];
  if (operation === undefined) return;
  const file = join(folder, "requests");
  writeFileSync(file, await requestsOf(endpoint, operation));
  if (operation.bare !== "once") await load(endpoint, operation, 1, file);
  const start = cpuMicros(pid);
  const { requests, micros, status, broken } = await load(endpoint, operation, seconds, file);
  const cpu = cpuMicros(pid) - start;
  row.refused += status + broken;
  if (status + broken > 0) return;
  row.cpu.push(cpu / requests);
  row.rate.push(requests / (micros / 1e6));
}

/** @param {string} endpoint @param {import("./server-requests/workload.mjs").Operation} operation @param {number} duration @param {string} file */
async function load(endpoint, { connections, bare }, duration, file) {
  const { hostname, port } = new URL(endpoint);
  const tool = (/** @type {string} */ name) => new URL(`server-requests/${name}`, import.meta.url).pathname;
  const size = ["-t1", `-c${connections}`, `-d${duration}s`, "--timeout", "30s"];
  const time = bare === "once" ? 0 : duration;
  const sending =
    bare === undefined
      ? ["wrk", ...size, "-s", tool("replay.lua"), endpoint, "--", file]
      : [process.execPath, tool("replay.mjs"), hostname, port, file, String(connections), String(time)];
  const { code, stdout, stderr } = await run(["taskset", "-c", String(loadCore), ...sending]);
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (code !== 0 || !line.startsWith("{")) throw new Error(`${sending[0]}: ${stderr || stdout}`);
  return JSON.parse(line);
}

const rows = measured
  .filter(({ cpu, refused }) => cpu.length + refused > 0)
  .map(({ cpu, rate, ...row }) => ({ ...row, cpu: summary(cpu), rate: summary(rate), all: { cpu, rate } }));
for (const operation of asked) {
  const ceiling = rows.find((row) => row.operation === operation && row.subject === "node:http");
  console.log(
    renderTable(
      operation,
      ["CPU µs", "min…max", "× node:http", "1/CPU s", "req/s", "min…max", "MB/s of CPU", "samples"],
      rows
        .filter((row) => row.operation === operation)
        .map(({ subject, cpu, rate, refused }) =>
          cpu.samples === 0
            ? [subject, "–", "–", "–", "–", "–", "–", "–", `${refused} refused`]
            : [
                subject,
                cpu.p50.toFixed(1),
                `${cpu.min.toFixed(0)}…${cpu.max.toFixed(0)}`,
                ceiling ? (cpu.p50 / ceiling.cpu.p50).toFixed(2) : "–",
                whole(1e6 / cpu.p50),
                whole(rate.p50),
                `${whole(rate.min)}…${whole(rate.max)}`,
                megabytes(operation, cpu.p50),
                cpu.samples,
              ],
        ),
    ),
    "\n",
  );
}
publish("server-requests", { circumstances: before, wrk, seconds, rows });

/** @param {string} operation @param {number} micros */
function megabytes(operation, micros) {
  const bytes = operations[operation]?.bytes ?? 0;
  return bytes < 2 ** 20 ? "–" : whole(bytes / micros);
}

for (const { subject, operation, cpu } of rows) {
  if (!["memory", "serve"].includes(subject) || cpu.samples === 0) continue;
  if (operation === "get-1k") targetAtLeast(`${subject}: GETs of 1 KiB per second of CPU`, 1e6 / cpu.p50, 8000);
  if (operation === "get-64m")
    targetAtLeast(`${subject}: MB of 64 MiB objects per second of CPU`, 2 ** 26 / cpu.p50, 500);
}
