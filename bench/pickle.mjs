/**
 * A pickled frame of 1,000,000 × 10, read and written beside pandas: CPU of the operation alone, each in a fresh process, shuffled.
 * usage: pickle.mjs [--rows 1000000] [--rounds 5] [--check], with a Python that has pandas as PYTHON (default python3)
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, repo, shuffled, summary, target } from "./figures.mjs";

const rows = count("rows", 1_000_000);
const rounds = count("rounds", 5);
const python = process.env.PYTHON ?? "python3";

/** @param {string} program @param {readonly string[]} args */
const run = (program, ...args) => execFileSync(program, args, { encoding: "utf8", cwd: repo }).trim();

let pandas = "";
try {
  pandas = run(python, "-c", "import pandas; print(pandas.__version__)");
} catch {
  console.log(`NOT MEASURED: ${python} has no pandas; say which one has, as PYTHON`);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "entrepot-pickle-"));
const file = join(folder, "frame.pkl");
try {
  run(python, "bench/pickle/frame.py", "make", file, String(rows));
  const subjects = ["read", "write"].flatMap((what) => [
    {
      what,
      who: "pandas",
      cpu: () => run(python, "bench/pickle/frame.py", what, what === "read" ? file : `${file}.theirs`, String(rows)),
    },
    { what, who: "entrepot", cpu: () => run("node", "bench/pickle/frame.mjs", what, file) },
  ]);
  const samples = new Map(subjects.map((subject) => [subject, { cpu: /** @type {number[]} */ ([]), rss: 0 }]));
  for (let round = 0; round < rounds; round++)
    for (const subject of shuffled(subjects)) {
      const [cpu = "", rss = "0"] = subject.cpu().split(" ");
      const kept = samples.get(subject);
      kept?.cpu.push(Number(cpu));
      if (kept !== undefined) kept.rss = Math.max(kept.rss, Number(rss));
    }
  const ours = `${file}.ours.pkl`;
  const equal = run(
    python,
    "-W",
    "ignore",
    "-c",
    `import pandas as p; p.testing.assert_frame_equal(p.read_pickle(${JSON.stringify(file)}), p.read_pickle(${JSON.stringify(ours)})); print("equal")`,
  );
  const found = subjects.map((subject) => ({
    ...subject,
    ...summary(samples.get(subject)?.cpu ?? []),
    rss: samples.get(subject)?.rss ?? 0,
  }));
  console.log(
    `pandas ${pandas}, ${Math.round(statSync(file).size / 1e6)} MB pickled, ${Math.round(statSync(ours).size / 1e6)} MB by entrepot, which pandas finds ${equal}`,
  );
  console.log(
    renderTable(
      `${rows} × 10`,
      ["CPU ms, median", "least", "most", "peak MiB"],
      found.map(({ what, who, p50, min, max, rss }) => [
        `${what}, ${who}`,
        p50.toFixed(0),
        min.toFixed(0),
        max.toFixed(0),
        rss === 0 ? "" : rss.toFixed(0),
      ]),
    ),
  );
  const median = (/** @type {string} */ what, /** @type {string} */ who) =>
    found.find((each) => each.what === what && each.who === who)?.p50 ?? Number.NaN;
  for (const what of ["read", "write"])
    target(`${what}: times pandas`, median(what, "entrepot") / median(what, "pandas"), 5);
  publish("pickle", { circumstances: circumstances(), pandas, rows, rounds, found });
} finally {
  rmSync(folder, { recursive: true });
}
