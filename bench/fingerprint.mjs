/**
 * What the fingerprint of a value costs, in MB of the value per second: typed arrays, an Arrow table, rows of objects, beside SHA-256
 * alone over the same bytes. The promise is 500 MB/s on typed arrays and Arrow. usage: fingerprint.mjs [--rounds 11] [--check]
 */
import { createHash, randomFillSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { tableFromArrays } from "@uwdata/flechette";
import { rolldown } from "rolldown";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, repo, shuffled, summary, targetAtLeast } from "./figures.mjs";

const rounds = count("rounds", 11);

/** The room is behind no door of the package, so it is bundled here. */
async function bundled() {
  const input = `${repo}src/flow/core/fingerprint/index.ts`;
  const bundle = await rolldown({ input, platform: "node", logLevel: "silent", external: ["acorn"] });
  const { output } = await bundle.generate({ format: "esm" });
  mkdirSync(`${repo}.bench`, { recursive: true });
  writeFileSync(`${repo}.bench/fingerprint-room.mjs`, output.find(({ type }) => type === "chunk")?.code ?? "");
  return import(`${repo}.bench/fingerprint-room.mjs`);
}

const { fingerprint } = await bundled();
const bytes = randomFillSync(new Uint8Array(26_000_000));
const doubles = Float64Array.from({ length: 1_000_000 }, (_, at) => at * 1.1);
const table = tableFromArrays({ a: doubles, b: doubles.map((x) => -x), c: new Int32Array(1_000_000) });
const rows = Array.from({ length: 60_000 }, (_, at) => ({
  id: at,
  name: `row ${at}`,
  spend: at * 1.5,
  isNew: at % 2 === 0,
}));
const subjects = [
  { name: "SHA-256 alone", megabytes: 26, run: () => createHash("sha256").update(bytes).digest("hex") },
  { name: "typed arrays", megabytes: 26, run: () => fingerprint({ bytes, more: [new Float64Array(0)] }) },
  { name: "Arrow table", megabytes: 20, run: () => fingerprint(table) },
  { name: "60,000 rows of objects", megabytes: JSON.stringify(rows).length / 1e6, run: () => fingerprint(rows) },
];
/** @type {Map<string, number[]>} */
const samples = new Map(subjects.map(({ name }) => [name, []]));
for (let round = -1; round < rounds; round += 1) {
  for (const { name, megabytes, run } of shuffled(subjects)) {
    // the time of this process, whatever else the machine does
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) samples.get(name)?.push(megabytes / ((user + system) / 1e6));
  }
}
const results = subjects.map(({ name, megabytes }) => ({
  name,
  megabytes,
  megabytesPerSecond: summary(samples.get(name) ?? []),
}));
console.log(
  renderTable(
    "value",
    ["MB", "MB/s, p50", "least", "most"],
    results.map(({ name, megabytes, megabytesPerSecond: { p50, min, max } }) => [
      name,
      megabytes.toFixed(1),
      ...[p50, min, max].map((value) => value.toFixed(0)),
    ]),
  ),
);
publish("fingerprint", { circumstances: circumstances(), rounds, results });
for (const { name, megabytesPerSecond } of results.slice(1, 3))
  targetAtLeast(`${name}, MB/s`, megabytesPerSecond.p50, 500);
