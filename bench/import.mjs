/**
 * What starting costs, in fresh processes: bare Node, `import "entrepot"`, `entrepot --version`; shuffled, median of
 * 21. usage: import.mjs [--rounds 21] [--check]
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, repo, shuffled, summary, target } from "./figures.mjs";

const rounds = count("rounds", 21);
const evaluate = (/** @type {string} */ text) => ["--input-type=module", "--eval", text];
/** @type {Record<string, string[]>} */
const commands = {
  "node, nothing": evaluate(""),
  'import "entrepot"': evaluate('import "entrepot";'),
  'import "entrepot/testing"': evaluate('import "entrepot/testing";'),
  "entrepot --version": ["dist/cli/main.js", "--version"],
};
if (!existsSync(`${repo}dist/index.js`)) {
  console.log("entrepot is not built (npm run build): only bare Node is measured");
  for (const name of Object.keys(commands).slice(1)) delete commands[name];
}

/** @type {Record<string, number[]>} */
const ms = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
const before = circumstances();
// The first round warms the file cache and is thrown away.
for (let round = -1; round < rounds; round++) {
  for (const [name, args] of shuffled(Object.entries(commands))) {
    const begun = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: repo, stdio: ["ignore", "ignore", "pipe"] });
    const took = Number(process.hrtime.bigint() - begun) / 1e6;
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    if (round >= 0) ms[name]?.push(took);
  }
}

const rows = Object.entries(ms).map(([name, samples]) => ({ name, ms: summary(samples) }));
const bare = rows[0]?.ms.p50 ?? Number.NaN;
console.log(
  renderTable(
    "start and end of a process",
    ["median ms", "min…max", "over bare"],
    rows.map((row) => [
      row.name,
      row.ms.p50.toFixed(1),
      `${row.ms.min.toFixed(1)}…${row.ms.max.toFixed(1)}`,
      (row.ms.p50 - bare).toFixed(1),
    ]),
  ),
);
publish("import", { circumstances: before, rows, samples: ms });
const over = (/** @type {string} */ name) => (rows.find((row) => row.name === name)?.ms.p50 ?? Number.NaN) - bare;
if (rows.length > 1) {
  target('import "entrepot", ms over bare Node', over('import "entrepot"'), 60);
  target("entrepot --version, ms over bare Node", over("entrepot --version"), 150);
}
