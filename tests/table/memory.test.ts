/** How much memory a table takes while it is read: a process of its own with a heap of 64 MB, whose peak the system tells. */
import { spawn } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const rows = 1_000_000;
let folder: string;
/** Ten columns, some 80 MB of CSV. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  const names = "id,n,price,f,cat,code,text,day,at,ok";
  await write("table.csv", `${names}\n`, (id) => cells(id).join(","));
  const keys = names.split(",");
  await write("table.jsonl", "", (id) => {
    const line = cells(id).map((cell, at) => `"${keys[at]}":${/^[\d.]+$|^true$/.test(cell) ? cell : `"${cell}"`}`);
    return `{${line.join(",")}}`;
  });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

function cells(id: number): string[] {
  const day = new Date(1_577_836_800_000 + id * 60_000).toISOString();
  const [price, code] = [(id % 1000) + 0.25, (id * 2_654_435_761).toString(36).padStart(12, "a")];
  return [
    ...`${id},${id * 7},${price},${price * 2}`.split(","),
    "alpha",
    code,
    "some plain text",
    day.slice(0, 10),
    day.slice(0, 19),
    "true",
  ];
}

async function write(name: string, head: string, line: (id: number) => string): Promise<void> {
  const file = await open(join(folder, name), "w");
  await file.write(head);
  for (let id = 0; id < rows; id += 10_000)
    await file.write(`${Array.from({ length: 10_000 }, (_, at) => line(id + at)).join("\n")}\n`);
  await file.close();
}

// what getrusage tells begins with the peak of the parent
const program = `
import { readFileSync } from "node:fs";
import { entrepot } from ${JSON.stringify(fileURLToPath(new URL("../../dist/index.js", import.meta.url)))};
const [name, to] = process.argv.slice(1);
const data = entrepot({ cache: false, env: {}, envFile: false });
const frame = await data.readTable(name, name.endsWith(".csv") ? { dates: true } : {});
if (to !== undefined) await data.writeTable(to, frame);
const peakKb = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
console.log(JSON.stringify({ rows: frame.height, peakMb: Math.round(peakKb / 1024) }));
await data.close();
`;

async function peak(...args: readonly string[]): Promise<number> {
  const options = ["--max-old-space-size=64", "--input-type=module", "-e", program, "--", ...args];
  const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  for await (const chunk of child.stdout) printed += chunk;
  const { rows: read, peakMb } = JSON.parse(printed) as { readonly rows: number; readonly peakMb: number };
  expect(read).toBe(rows);
  return peakMb;
}

test("a million rows of ten columns take at most 600 MB to read from CSV or JSON lines", {
  timeout: 60_000,
}, async () => {
  expect(await peak(join(folder, "table.csv"))).toBeLessThan(600);
  expect(await peak(join(folder, "table.jsonl"))).toBeLessThan(600);
});

test("a million rows of ten columns take at most 600 MB to read from Parquet and to write", {
  timeout: 60_000,
}, async () => {
  const parquet = join(folder, "table.parquet");
  expect(await peak(join(folder, "table.csv"), parquet)).toBeLessThan(600);
  expect(await peak(parquet, join(folder, "again.parquet"))).toBeLessThan(600);
});
