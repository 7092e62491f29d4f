/**
 * A dataflow of 10,000 functions with empty bodies, built and executed beside Hamilton: CPU of a fresh process from the loaded module
 * to the result. PYTHON names an interpreter that has sf-hamilton; without one this says so and measures nothing.
 * usage: flow.mjs [--nodes 10000] [--rounds 5] [--check]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, repo, shuffled, summary, targetAtLeast } from "./figures.mjs";
import { graphOf } from "./flow/make.mjs";

const nodes = count("nodes", 10_000);
const rounds = count("rounds", 5);
const python = process.env.PYTHON ?? "python3";

/** @param {string} program @param {readonly string[]} args */
const run = (program, ...args) => execFileSync(program, args, { encoding: "utf8", cwd: repo, maxBuffer: 1e9 }).trim();

let version = "";
try {
  version = run(python, "-W", "ignore", "-c", "import hamilton; print('.'.join(map(str, hamilton.version.VERSION)))");
} catch {
  console.log(`NOT MEASURED: ${python} has no sf-hamilton; say which one has, as PYTHON`);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "entrepot-flow-"));
try {
  const graph = graphOf(nodes);
  writeFileSync(join(folder, "nodes.py"), graph.python);
  writeFileSync(join(folder, "nodes.mjs"), graph.javascript);
  /** @type {Record<string, () => string>} */
  const subjects = {
    [`Hamilton ${version}`]: () => run(python, "-W", "ignore", "bench/flow/peer.py", folder, String(nodes), graph.last),
    entrepot: () => run("node", "bench/flow/ours.mjs", folder, graph.last),
  };
  const names = Object.keys(subjects);
  const samples = new Map(names.map((name) => [name, { build: [], execute: [], whole: [] }]));
  for (let round = 0; round < rounds; round += 1)
    for (const name of shuffled(names)) {
      const { buildMs, executeMs, sum } = JSON.parse(subjects[name]?.() ?? "{}");
      if (sum !== 1) throw new Error(`${name} gave ${sum}, and not 1`);
      const kept = /** @type {Record<string, number[]>} */ (samples.get(name));
      kept["build"]?.push(buildMs);
      kept["execute"]?.push(executeMs);
      kept["whole"]?.push(buildMs + executeMs);
    }
  const found = names.map((name) => {
    const { build, execute, whole } = /** @type {Record<string, number[]>} */ (samples.get(name));
    return { name, build: summary(build ?? []), execute: summary(execute ?? []), whole: summary(whole ?? []) };
  });
  const shown = (/** @type {{ p50: number, min: number, max: number }} */ { p50, min, max }) =>
    `${p50.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)})`;
  console.log(`${nodes} nodes; CPU in ms, p50 of ${rounds} (min to max)\n`);
  console.log(
    renderTable(
      "",
      ["building", "executing", "both"],
      found.map(({ name, build, execute, whole }) => [name, shown(build), shown(execute), shown(whole)]),
    ),
  );
  const [theirs, ours] = found.map(({ whole }) => whole.p50);
  targetAtLeast("times less CPU than Hamilton", (theirs ?? 0) / (ours ?? 1), 20);
  publish("flow", { circumstances: circumstances(), nodes, found });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
