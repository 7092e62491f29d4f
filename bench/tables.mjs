/**
 * Tables of 1,000,000 rows and 10 columns: CPU of reading and writing, beside pandas and polars in Python; and two columns of a
 * remote Parquet file. Each measurement is a process of its own. PYTHON names an interpreter with pandas, pyarrow and polars;
 * OLD_PYTHON one with an older pandas, as a peer of its own.
 */
import { execFileSync, spawn } from "node:child_process";
import { createReadStream, statSync } from "node:fs";
import { entrepot } from "entrepot";
import { repo, summary } from "./figures.mjs";
import { workFolder } from "./room.mjs";

const rows = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3);
const python = process.env["PYTHON"] ?? "python3";
const oldPython = process.env["OLD_PYTHON"];
const folder = workFolder(rows * 1_200);
execFileSync(python, [`${repo}bench/tables/make.py`, String(rows), folder]);

const tasks = [
  "read plain.csv",
  "read dates.csv",
  "read lines.jsonl",
  "read table.parquet",
  "read table.pkl",
  "write plain.csv",
  "write lines.jsonl",
  "write table.parquet",
  "write table.pkl",
];
/** @param {string} python */
const pandasOf = (python) =>
  execFileSync(python, ["-c", "import pandas; print(pandas.__version__)"], { encoding: "utf8" }).trim();
const pandasNow = `pandas ${pandasOf(python)}`;
const pandasOld = oldPython === undefined ? undefined : `pandas ${pandasOf(oldPython)}`;
console.log(`beside ${[pandasNow, pandasOld, "polars in Python"].filter((name) => name !== undefined).join(", ")}`);
for (const task of tasks) {
  /** @type {Record<string, { cpuMs: number[], stallMs: number[], rssMb: number[] }>} */
  const all = {};
  const hasPolars = !task.endsWith(".pkl");
  const who = ["entrepot", "pandas", ...(hasPolars ? ["polars"] : []), ...(oldPython === undefined ? [] : ["old"])];
  for (const each of who) all[each] = { cpuMs: [], stallMs: [], rssMb: [] };
  for (let round = 0; round < rounds; round += 1) for (const each of who) add(all[each] ?? {}, measure(each, task));
  const ours = summary(all["entrepot"]?.cpuMs ?? []).p50;
  const shown = [
    ["pandas", pandasNow],
    ["old", pandasOld ?? ""],
    ["polars", "polars in Python"],
  ].flatMap(([key = "", name]) => {
    const cpu = summary(all[key]?.cpuMs ?? []).p50;
    return all[key] === undefined ? [] : [`${name} ${cpu} ms = ${(cpu / ours).toFixed(2)} x`];
  });
  const [stall, rss] = [all["entrepot"]?.stallMs ?? [], all["entrepot"]?.rssMb ?? []].map((each) => Math.max(...each));
  console.log(`${task.padEnd(20)} CPU ${ours} ms; ${shown.join(", ")}; stall ${stall} ms, RSS ${rss} MB`);
}
await remote();

/** @param {string} who @param {string} task @param {Record<string, string>} [env] */
function measure(who, task, env = {}) {
  const interpreter = who === "old" ? (oldPython ?? python) : python;
  const [command, script] = who === "entrepot" ? [process.execPath, "entrepot.mjs"] : [interpreter, "python.py"];
  const name = who === "old" ? "pandas" : who;
  const printed = execFileSync(command, [`${repo}bench/tables/${script}`, `${name} ${task}`, folder], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return JSON.parse(printed.trim().split("\n").at(-1) ?? "{}");
}

/** @param {Record<string, number[]>} all @param {Record<string, number>} one */
function add(all, one) {
  for (const [name, value] of Object.entries(one)) all[name]?.push(value);
}

async function remote() {
  const server = spawn(
    process.execPath,
    [`${repo}dist/cli/main.js`, "serve", "--json", "--access-key", "test", "--secret-key", "test", "--bucket", "b"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const endpoint = await new Promise((resolve) => {
      server.stdout.on("data", (chunk) => {
        const found = /"endpoint":"([^"]+)"/.exec(String(chunk));
        if (found !== null) resolve(found[1]);
      });
    });
    const file = `${folder}/table.parquet`;
    /** @type {number[]} */
    const received = [];
    const data = entrepot({
      endpoint,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      cache: false,
      env: {},
      envFile: false,
      onEvent: (event) => event.type === "request" && received.push(event.receivedBytes),
    });
    await data.writeStream("s3://b/table.parquet", createReadStream(file));
    received.length = 0;
    await data.readTable("s3://b/table.parquet", { columns: ["id", "price"] });
    const bytes = received.reduce((sum, size) => sum + size, 0);
    await data.close();
    const samples = Array.from({ length: Math.max(5, rounds) }, () =>
      measure("entrepot", "columns table.parquet", { BENCH_ENDPOINT: endpoint }),
    );
    const cpu = summary(samples.map(({ cpuMs }) => cpuMs));
    console.log(
      `2 of 10 columns of a remote Parquet file of ${(statSync(file).size / 1e6).toFixed(0)} MB: ${received.length} requests, ${(bytes / 1e6).toFixed(2)} MB, CPU ${cpu.p50} ms (${cpu.min} to ${cpu.max})`,
    );
  } finally {
    server.kill();
  }
}
