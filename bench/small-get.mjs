/**
 * GET of 4 KiB at concurrency 32 from nginx: CPU per operation first, then operations per second. Each sample is a
 * fresh process, the subjects in shuffled order. usage: small-get.mjs [--rounds 5] [--subjects dispatch,sdk,entrepot] [--check]
 */
import { existsSync } from "node:fs";
import { run, withServer } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, repo, shuffled, summary, target } from "./figures.mjs";

const rounds = count("rounds", 5);
// The SDK is some twenty times slower; its timed section is shorter in requests so that all last about as long.
/** @type {Record<string, number>} */
const requests = { dispatch: 40_000, sdk: 4_000, entrepot: 40_000 };
const chosen = process.argv.includes("--subjects")
  ? String(process.argv[process.argv.indexOf("--subjects") + 1]).split(",")
  : Object.keys(requests);
const subjects = chosen.filter((name) => {
  const there = name !== "entrepot" || existsSync(`${repo}dist/index.js`);
  if (!there) console.log("entrepot is not built (npm run build) and is left out");
  return there;
});

/** @typedef {{ name: string, version: string, cpu: number[], ops: number[] }} Measured */
const measured = subjects.map((name) => /** @type {Measured} */ ({ name, version: "", cpu: [], ops: [] }));
const before = circumstances();
const problem = await withServer("nginx", async (server) => {
  for (let round = 0; round < rounds; round++) {
    for (const subject of shuffled(measured)) {
      const { name } = subject;
      const command = [process.execPath, `${repo}bench/small-get/measure.mjs`, name, String(requests[name])];
      const done = await run(command, { env: { BENCH_ENDPOINT: server.endpoint }, seconds: 300 });
      if (done.code !== 0) throw new Error(`${name}: ${done.stderr.trim().split("\n").slice(-4).join(" | ")}`);
      const { cpuMicros, opsPerSecond, version } = JSON.parse(done.stdout);
      subject.cpu.push(cpuMicros);
      subject.ops.push(opsPerSecond);
      subject.version = version;
    }
  }
});
if (problem) {
  console.log(`nginx cannot be had: ${problem}`);
  process.exit(1);
}

const rows = measured.map(({ name, version, cpu, ops }) => ({ name, version, cpu: summary(cpu), ops: summary(ops) }));
const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString("en");
console.log(
  renderTable(
    "GET 4 KiB, concurrency 32",
    ["CPU µs/op", "min…max", "ops/s", "min…max", "samples"],
    rows.map(({ name, version, cpu, ops }) => [
      `${name} (${version})`,
      cpu.p50.toFixed(1),
      `${cpu.min.toFixed(1)}…${cpu.max.toFixed(1)}`,
      whole(ops.p50),
      `${whole(ops.min)}…${whole(ops.max)}`,
      cpu.samples,
    ]),
  ),
);
const cpuOf = (/** @type {string} */ name) => rows.find((row) => row.name === name)?.cpu.p50;
const [floor, sdk, ours] = [cpuOf("dispatch"), cpuOf("sdk"), cpuOf("entrepot")];
const ratios = {
  toDispatch: ours && floor && ours / floor,
  toSdk: ours && sdk && ours / sdk,
  sdkToDispatch: sdk && floor && sdk / floor,
};
publish("small-get", { circumstances: before, concurrency: 32, bytes: 4096, rows, samples: measured, ratios });
if (sdk && floor) console.log(`        sdk / dispatch: ${(sdk / floor).toFixed(1)}`);
if (ratios.toDispatch) target("entrepot / dispatch, CPU", ratios.toDispatch, 1.4);
if (ratios.toSdk) target("entrepot / sdk, CPU", ratios.toSdk, 1 / 15);
