/**
 * What packing and unpacking a folder of 1,000 files costs, against Python's zipfile and tarfile: CPU of the operation alone, each time in a
 * process of its own, the two taking turns. usage: archives.mjs [--files 1000] [--samples 5] [--formats zip,tar.gz] [--check]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderTable } from "../tests/interop/table.mjs";
import { assertBuilt, circumstances, count, publish, summary, target, words } from "./figures.mjs";

assertBuilt();
const self = fileURLToPath(import.meta.url);
if (process.argv[2] === "child") {
  await child(process.argv.slice(3));
  process.exit(0);
}

const files = count("files", 1000);
const samples = count("samples", 5);
const formats = words("formats", ["zip", "tar.gz", "tar", "tar.bz2", "tar.xz"]).filter(
  (format) => process.argv.includes("--formats") || ["zip", "tar.gz"].includes(format),
);
const folder = mkdtempSync(join(tmpdir(), "entrepot-archives-"));
const before = circumstances();

const python = `
import os, resource, shutil, sys, tarfile, zipfile
op, format, source, archive, target = sys.argv[1:]
modes = {"zip": "", "tar": "", "tar.gz": ":gz", "tar.bz2": ":bz2", "tar.xz": ":xz"}
used = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
start = used()
if op == "pack" and format == "zip":
  with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
    for base, _, names in os.walk(source):
      for name in names: z.write(os.path.join(base, name), os.path.relpath(os.path.join(base, name), source))
elif op == "pack":
  # gzip's own default is 9, which takes twice as long for a hundredth less
  level = {"compresslevel": 6} if format == "tar.gz" else {"preset": 3} if format == "tar.xz" else {}
  with tarfile.open(archive, "w" + modes[format], **level) as t: t.add(source, ".")
elif format == "zip":
  with zipfile.ZipFile(archive) as z: z.extractall(target)
else:
  with tarfile.open(archive, "r" + modes[format]) as t: t.extractall(target)
print((used() - start) * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
`;

/** @param {readonly string[]} args */
async function child([op = "", , source = "", archive = "", into = ""]) {
  const { entrepot } = await import("entrepot");
  const data = entrepot({ env: {}, envFile: false, cache: false });
  const start = process.cpuUsage();
  if (op === "pack") await data.pack(source, archive);
  else await data.unpack(archive, into);
  const { user, system } = process.cpuUsage(start);
  console.log((user + system) / 1000, process.resourceUsage().maxRSS / 1024);
  await data.close();
}

/** Text as pipelines write it, 1 to 60 kB a file, the same each time. */
function plant() {
  let random = 1;
  const next = () => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
    return random;
  };
  let sizeBytes = 0;
  for (let at = 0; at < files; at += 1) {
    const rows = 20 + (next() % 1_500);
    let text = "id,name,value,when\n";
    for (let row = 0; row < rows; row += 1)
      text += `${row},item-${next() % 5_000},${next() % 1_000_000},2024-0${1 + (row % 9)}-11\n`;
    mkdirSync(join(folder, "source", String(at % 20)), { recursive: true });
    writeFileSync(join(folder, "source", String(at % 20), `${at}.csv`), text);
    sizeBytes += text.length;
  }
  return sizeBytes;
}

/** @param {"ours" | "Python"} who @param {string} op @param {string} format */
function run(who, op, format) {
  const into = join(folder, "into");
  rmSync(into, { recursive: true, force: true });
  const args = [op, format, join(folder, "source"), join(folder, `m.${format}`), into];
  const [program, ...before] = who === "ours" ? [process.execPath, self, "child"] : ["python3", "-c", python];
  const said = execFileSync(/** @type {string} */ (program), [...before, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [cpuMs = Number.NaN, rssMiB = Number.NaN] = said.trim().split(/\s+/).map(Number);
  return { cpuMs, rssMiB };
}

const sizeBytes = plant();
/** @type {Record<string, Record<string, { cpuMs: ReturnType<typeof summary>, rssMiB: number }>>} */
const results = {};
try {
  for (const format of formats) {
    for (const op of ["pack", "unpack"]) {
      /** @type {Record<string, { cpuMs: number[], rssMiB: number[] }>} */
      const taken = { ours: { cpuMs: [], rssMiB: [] }, Python: { cpuMs: [], rssMiB: [] } };
      for (let sample = 0; sample < samples; sample += 1) {
        for (const who of /** @type {const} */ (["ours", "Python"])) {
          const { cpuMs, rssMiB } = run(who, op, format);
          taken[who]?.cpuMs.push(cpuMs);
          taken[who]?.rssMiB.push(rssMiB);
        }
      }
      results[`${op} ${format}`] = Object.fromEntries(
        Object.entries(taken).map(([who, each]) => [
          who,
          { cpuMs: summary(each.cpuMs), rssMiB: Math.max(...each.rssMiB) },
        ]),
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(`${files} files, ${(sizeBytes / 1e6).toFixed(1)} MB; CPU in ms, p50 of ${samples} (min to max)\n`);
const shown = (/** @type {ReturnType<typeof summary>} */ { p50, min, max }) =>
  `${p50.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;
console.log(
  renderTable(
    "",
    ["ours", "Python", "ratio", "MiB ours", "MiB Python"],
    Object.entries(results).map(([name, { ours, Python }]) => {
      if (ours === undefined || Python === undefined) throw new Error("both were measured");
      const ratio = (ours.cpuMs.p50 / Python.cpuMs.p50).toFixed(2);
      return [name, shown(ours.cpuMs), shown(Python.cpuMs), ratio, ours.rssMiB.toFixed(0), Python.rssMiB.toFixed(0)];
    }),
  ),
);
for (const [name, { ours, Python }] of Object.entries(results)) {
  if (ours === undefined || Python === undefined) continue;
  if (/zip|gz/.test(name)) target(`${name}: CPU by Python's`, ours.cpuMs.p50 / Python.cpuMs.p50, 1.5);
}
publish("archives", { circumstances: before, files, sizeBytes, samples, results });
