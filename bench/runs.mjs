/**
 * Tasks of one run on workers that are processes of their own (`entrepot runs worker`), while 5 % of attempts fail, 0.5 % of programs and
 * 0.5 % of workers are killed, on an embedded database (held by one of the workers, which may be among the killed) and on PostgreSQL.
 * Overhead of a task: from its worker's slot being free (the task before it is over, and there are tasks that are ready) to the start of its
 * program, and from the end of its program to its recorded end.
 * usage: runs.mjs [--tasks 1000] [--workers 8] [--program-ms 1000] [--databases embedded,server] [--check]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrepot } from "entrepot";
import { openRunStore } from "entrepot/runs";
import { renderTable } from "../tests/interop/table.mjs";
import { runFleet } from "../tests/runs/fleet.mjs";
import { circumstances, count, publish, repo, summary, target, words } from "./figures.mjs";
import { startPostgres } from "./runs/postgres.mjs";

const tasks = count("tasks", 1_000);
const workers = count("workers", 8);
const programMs = count("program-ms", 1_000);
const data = entrepot({ env: {}, envFile: false });
const found = [];
for (const kind of words("databases", ["embedded", "server"])) {
  const folder = mkdtempSync(join(tmpdir(), "entrepot-bench-runs-"));
  const server = kind === "server" ? await startPostgres() : undefined;
  if (kind === "server" && server === undefined) {
    console.log("NOT MEASURED: no PostgreSQL server is installed (apt install postgresql)");
    continue;
  }
  try {
    const place = server?.url ?? join(folder, "db");
    const open = () => openRunStore(data, server === undefined ? { dir: place } : { url: place });
    const { waited, recorded, ...rest } = await runFleet({
      ...{ open, place, folder, tasks, workers, seconds: programMs / 1000 },
      main: `${repo}dist/cli/main.js`,
    });
    const overhead = summary(waited).p50 + summary(recorded).p50;
    found.push({ kind, ...rest, overhead, waited: summary(waited), recorded: summary(recorded) });
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
await data.close();

const shown = (/** @type {{ p50: number, p99: number }} */ { p50, p99 }) => `${p50.toFixed(1)} (${p99.toFixed(0)})`;
console.log(`${tasks} tasks of ${programMs} ms on ${workers} workers; ms, p50 (p99)\n`);
console.log(
  renderTable(
    "",
    ["done", "failed", "attempts", "workers killed", "wall s", "before start", "after end", "both, p50"],
    found.map(({ kind, states, attempts, deaths, wallMs, waited, recorded, overhead }) => [
      kind,
      ...[states.done, states.failed, attempts, deaths].map(String),
      (wallMs / 1000).toFixed(0),
      ...[shown(waited), shown(recorded), overhead.toFixed(1)],
    ]),
  ),
);
for (const { kind, wrong, overhead } of found) {
  for (const line of wrong.slice(0, 20)) console.log(`WRONG: ${kind}: ${line}`);
  target(`${kind}: ends that are wrong, or were told twice`, wrong.length, 0);
  target(`${kind}: overhead of a task, ms`, overhead, 50);
}
publish("runs", { circumstances: circumstances(), tasks, workers, programMs, found });
if (found.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
