/**
 * What finding a kept result costs over reading its file: a table of 100 MB that a node has read and a flow has kept, found by a new
 * driver each time, which looks at the code of the node and asks whether what it read is still the same; beside the same Arrow file
 * read by readTable. The promise is 5 ms more. usage: results.mjs [--rounds 15] [--check], after npm run build
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { entrepot } from "entrepot";
import { cached, dataflow, driver, resultStore } from "entrepot/flow";
import polars from "nodejs-polars";
import { assertBuilt, circumstances, count, publish, summary, target } from "./figures.mjs";

assertBuilt();
const rounds = count("rounds", 15);
const folder = mkdtempSync(join(tmpdir(), "entrepot-bench-results-"));
const kept = join(folder, "kept");
const data = entrepot({ cache: false });
try {
  const values = Float64Array.from({ length: 1_250_000 }, (_, at) => at * 1.1);
  const source = pathToFileURL(join(folder, "source.arrow")).href;
  await data.writeTable(
    source,
    polars.DataFrame(Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`c${at}`, values]))),
  );
  /** @type {string[]} */
  const ran = [];
  const table = cached(async (/** @type {{ source: string }} */ { source }) => {
    return await data.readTable(source);
  });
  const find = async () => {
    const run = driver(dataflow({ nodes: { table } }).inputs(), {
      results: resultStore({ dir: kept, data }),
      onEvent: (event) => event.type === "node-end" && ran.push(event.how),
    });
    return (await run.execute(["table"], { inputs: { source } })).table;
  };
  await find();
  const [name = ""] = readdirSync(join(kept, "data"), { recursive: true, encoding: "utf8" }).filter((each) =>
    each.endsWith(".arrow"),
  );
  const file = pathToFileURL(join(kept, "data", name)).href;
  /** @type {number[]} */
  const reads = [];
  /** @type {number[]} */
  const hits = [];
  for (let round = -2; round < rounds; round += 1) {
    for (const [samples, work] of round % 2 === 0 ? pairs() : pairs().reverse()) {
      const startedMs = performance.now();
      const frame = await work();
      if (round >= 0) samples.push(performance.now() - startedMs);
      if (frame.height !== values.length) throw new Error("another table");
    }
  }
  /** @returns {[number[], () => Promise<any>][]} */
  function pairs() {
    return [
      [reads, () => data.readTable(file, { format: "arrow" })],
      [hits, find],
    ];
  }
  if (ran.filter((how) => how === "run").length !== 1) throw new Error("it was computed more than once");
  const results = {
    read: summary(reads),
    hit: summary(hits),
    difference: summary(hits.map((ms, at) => ms - (reads[at] ?? 0))),
  };
  for (const [what, { p50, min, max }] of Object.entries(results))
    console.log(`${what.padEnd(12)} ${p50.toFixed(1).padStart(8)} ms (${min.toFixed(1)} to ${max.toFixed(1)})`);
  publish("results", { circumstances: circumstances(), rounds, results });
  target("a hit over a read of its file, ms", results.hit.min - results.read.min, 5);
} finally {
  await data.close();
  rmSync(folder, { recursive: true });
}
