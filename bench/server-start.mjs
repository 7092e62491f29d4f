/**
 * How long a strict server takes to listen, over bare Node: `startS3Server()` in a test's process, and `entrepot serve` to its first line.
 * Fresh processes in shuffled order; CPU is that of all threads until then, which other programs disturb less. usage: server-start.mjs [--rounds 21] [--check]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderTable } from "../tests/interop/table.mjs";
import { assertBuilt, circumstances, count, publish, repo, shuffled, summary, target } from "./figures.mjs";

assertBuilt();
const rounds = count("rounds", 21);
const evaluate = (/** @type {string} */ text) => ["--input-type=module", "--eval", text];
const serve = ["dist/cli/main.js", "serve", "--port", "0"];
const folder = mkdtempSync(join(tmpdir(), "entrepot-bench-"));
/** @type {Readonly<Record<string, readonly string[]>>} */
const commands = {
  "node, a line": evaluate("console.log(0);"),
  'import "node:http"': evaluate('import "node:http"; import "node:crypto"; console.log(0);'),
  "startS3Server()": evaluate(
    'import { startS3Server } from "entrepot/testing"; console.log((await startS3Server()).endpoint);',
  ),
  "entrepot serve": serve,
  "entrepot serve --dir": [...serve, "--dir", join(folder, "data")],
};

/** Milliseconds from the start of the process to its first line. @param {readonly string[]} args @returns {Promise<{ took: number, cpu: number }>} */
function toFirstLine(args) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, args, { cwd: repo, stdio: ["ignore", "pipe", "inherit"] });
    let [took, cpu] = [Number.NaN, Number.NaN];
    child.stdout.once("data", () => {
      took = performance.now() - begun;
      cpu = cpuMs(child.pid ?? 0);
      child.kill();
    });
    child.once("exit", () =>
      Number.isNaN(took) ? reject(new Error(`no line: ${args.join(" ")}`)) : resolve({ took, cpu }),
    );
  });
}

/** As the scheduler counts it. @param {number} pid */
function cpuMs(pid) {
  const of = (/** @type {string} */ task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0];
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum + Number(of(task)) / 1e6, 0);
}

/** @type {Record<string, number[]>} */
const cpus = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
/** @type {Record<string, number[]>} */
const ms = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
const before = circumstances();
try {
  // The first round warms the file cache and is thrown away.
  for (let round = -1; round < rounds; round++) {
    for (const [name, args] of shuffled(Object.entries(commands))) {
      const { took, cpu } = await toFirstLine(args);
      if (round < 0) continue;
      ms[name]?.push(took);
      cpus[name]?.push(cpu);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const rows = Object.entries(ms).map(([name, samples]) => ({
  name,
  ms: summary(samples),
  cpu: summary(cpus[name] ?? []),
}));
const bare = rows[0]?.ms.p50 ?? Number.NaN;
const bareCpu = rows[0]?.cpu.p50 ?? Number.NaN;
console.log(
  renderTable(
    "from the start to the first line",
    ["median ms", "min…max", "over bare", "CPU ms", "min…max", "over bare", "samples"],
    rows.map(({ name, ms: { p50, min, max, samples }, cpu }) => [
      name,
      p50.toFixed(1),
      `${min.toFixed(1)}…${max.toFixed(1)}`,
      (p50 - bare).toFixed(1),
      cpu.p50.toFixed(1),
      `${cpu.min.toFixed(1)}…${cpu.max.toFixed(1)}`,
      (cpu.p50 - bareCpu).toFixed(1),
      samples,
    ]),
  ),
);
publish("server-start", { circumstances: before, rows, samples: ms, cpu: cpus });
for (const { name, ms: one } of rows.slice(2)) target(`${name}, ms over bare Node`, one.p50 - bare, 150);
