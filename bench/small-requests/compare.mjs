/**
 * Small requests of several clients beside one another: each sample is a fresh process, the subjects come in shuffled
 * order, and what a PUT sent is looked up where the server keeps it. Gives summaries per operation, transport and subject.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, withServer } from "../../tests/interop/process.mjs";
import { renderTable } from "../../tests/interop/table.mjs";
import { assertServed, repo, shuffled, summary, whole } from "../figures.mjs";
import { bodyOf } from "./workload.mjs";

/** @typedef {"get" | "head" | "put"} Operation @typedef {"http" | "tls"} Transport */
/** @typedef {{ operation: Operation, transport: Transport, name: string, version: string, cpu: number[], ops: number[] }} Measured */

export const subjectNames = ["dispatch", "sdk", "entrepot", "entrepot-without-cache"];

/** Which subjects can be measured: ours needs a build. @param {readonly string[]} names */
export const present = (names) =>
  names.filter((name) => {
    const there = !name.startsWith("entrepot") || existsSync(`${repo}dist/index.js`);
    if (!there) console.log(`${name} is not built (npm run build) and is left out`);
    return there;
  });

/**
 * @param {{ operations: readonly Operation[], transports: readonly Transport[], subjects: readonly string[],
 *   rounds: number, requestsOf: (subject: string, operation: Operation) => number }} plan
 */
export async function compare({ operations, transports, subjects, rounds, requestsOf }) {
  const measured = operations.flatMap((operation) =>
    transports.flatMap((transport) =>
      subjects
        // Without the cache a HEAD, and a GET that bypasses it, are what they are with it.
        .filter((name) => operation === "put" || name !== "entrepot-without-cache")
        .map((name) => /** @type {Measured} */ ({ operation, transport, name, version: "", cpu: [], ops: [] })),
    ),
  );
  const problem = await withServer("nginx", async (server) => {
    for (let round = 0; round < rounds; round++) {
      for (const subject of shuffled(measured)) {
        await sample(subject, server, requestsOf(subject.name, subject.operation));
      }
    }
  });
  assertServed("nginx", problem);
  return measured.map(({ cpu, ops, ...subject }) => ({
    ...subject,
    cpu: summary(cpu),
    ops: summary(ops),
    all: { cpu, ops },
  }));
}

/** @param {Measured} subject @param {import("../../tests/interop/process.mjs").Server} server @param {number} requests */
async function sample(subject, server, requests) {
  const { name, operation, transport } = subject;
  const cache = mkdtempSync(join(tmpdir(), "entrepot-bench-"));
  try {
    const done = await run(
      [process.execPath, `${repo}bench/small-requests/measure.mjs`, name, operation, String(requests)],
      {
        env: {
          BENCH_ENDPOINT: transport === "tls" ? server.tlsEndpoint : server.endpoint,
          NODE_EXTRA_CA_CERTS: server.caFile,
          ENTREPOT_CACHE_DIR: cache,
        },
        seconds: 300,
      },
    );
    if (done.code !== 0) {
      throw new Error(`${name}, ${operation}, ${transport}: ${done.stderr.trim().split("\n").slice(-4).join(" | ")}`);
    }
    if (operation === "put") assertWritten(name, `${server.files}/written`, requests);
    const { cpuMicros, opsPerSecond, version } = JSON.parse(done.stdout);
    subject.cpu.push(cpuMicros);
    subject.ops.push(opsPerSecond);
    subject.version = version;
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** An upload that did not arrive whole is no fast upload. @param {string} name @param {string} folder @param {number} requests */
function assertWritten(name, folder, requests) {
  const body = Buffer.from(bodyOf());
  const files = readdirSync(folder);
  if (files.length < requests) throw new Error(`${name}: ${files.length} objects there after ${requests} PUTs`);
  for (const file of files) {
    const path = join(folder, file);
    if (!readFileSync(path).equals(body)) throw new Error(`${name}: ${file} does not hold what was sent`);
    rmSync(path);
  }
}

/** @param {string} title @param {Awaited<ReturnType<typeof compare>>} rows */
export const tableOf = (title, rows) =>
  renderTable(
    title,
    ["CPU µs/op", "min…max", "ops/s", "min…max", "samples"],
    rows.map(({ name, version, cpu, ops }) => [
      `${name} (${version})`,
      cpu.p50.toFixed(1),
      `${cpu.min.toFixed(1)}…${cpu.max.toFixed(1)}`,
      whole(ops.p50),
      `${whole(ops.min)}…${whole(ops.max)}`,
      cpu.samples,
    ]),
  );

/** How many times the CPU of one subject another takes; `undefined` when one was not measured. @param {Awaited<ReturnType<typeof compare>>} rows @param {string} name @param {string} base */
export function ratio(rows, name, base) {
  const cpuOf = (/** @type {string} */ subject) => rows.find((row) => row.name === subject)?.cpu.p50;
  const [one, other] = [cpuOf(name), cpuOf(base)];
  return one !== undefined && other !== undefined ? one / other : undefined;
}
