/**
 * Tables of 1,000,000 rows and 10 columns: CPU of reading and writing, beside pandas and polars in Python; and two columns of a
 * remote Parquet file. Each measurement is a process of its own. PYTHON names an interpreter with pandas, pyarrow and polars.
 */
import { execFileSync, spawn } from "node:child_process";
import { createReadStream, statSync } from "node:fs";
import { entrepot } from "entrepot";
import { repo, summary } from "./figures.mjs";
import { workFolder } from "./room.mjs";

const rows = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3);
const python = process.env["PYTHON"] ?? "python3";
const folder = workFolder(rows * 1_200);
execFileSync(python, [`${repo}bench/tables/make.py`, String(rows), folder]);

const tasks = [
  "read plain.csv",
  "read dates.csv",
  "read lines.jsonl",
  "read table.parquet",
  "write plain.csv",
  "write lines.jsonl",
  "write table.parquet",
];
for (const task of tasks) {
  /** @type {Record<string, { cpuMs: number[], stallMs: number[], rssMb: number[] }>} */
  const all = {};
  const who = ["entrepot", "pandas", "polars"];
  for (const each of who) all[each] = { cpuMs: [], stallMs: [], rssMb: [] };
  for (let round = 0; round < rounds; round += 1) for (const each of who) add(all[each] ?? {}, measure(each, task));
  const of = (/** @type {string} */ who) => summary(all[who]?.cpuMs ?? []).p50;
  const [ours, pandas, polars] = [of("entrepot"), of("pandas"), of("polars")];
  const shown = `CPU ${ours} ms (pandas ${pandas}, polars in Python ${polars})`;
  console.log(
    `${task.padEnd(20)} ${shown}, ${(pandas / ours).toFixed(1)} x less than pandas, ${(ours / polars).toFixed(2)} of polars, stall ${Math.max(...(all["entrepot"]?.stallMs ?? []))} ms, RSS ${Math.max(...(all["entrepot"]?.rssMb ?? []))} MB`,
  );
}
await remote();

/** @param {string} who @param {string} task @param {Record<string, string>} [env] */
function measure(who, task, env = {}) {
  const [command, script] = who === "entrepot" ? [process.execPath, "entrepot.mjs"] : [python, "python.py"];
  const printed = execFileSync(command, [`${repo}bench/tables/${script}`, `${who} ${task}`, folder], {
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
