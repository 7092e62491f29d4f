/**
 * What a cache of very many entries costs: a hit, stats, a list and a prune of half, each in a fresh process and offline, beside a
 * cache of a thousand. usage: cache-million.mjs [--entries 1000000] [--reads 20000] [--check]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";
import { run } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { assertBuilt, circumstances, count, publish, repo, summary, target, whole } from "./figures.mjs";

assertBuilt();
const entries = count("entries", 1_000_000);
const reads = count("reads", 20_000);
const sizeBytes = 1_024;
const monthMs = 30 * 86_400_000;
const before = circumstances();
const folder = mkdtempSync(join(tmpdir(), "entrepot-cache-million-"));

/** @param {string[]} command */
async function outputOf(command) {
  const { code, stdout, stderr } = await run([process.execPath, ...command], { seconds: 3_600 });
  if (code !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  return stdout;
}

/** @param {string} what @param {string} dir @param {number} held @param {number} [argument] */
async function measured(what, dir, held, argument = 0) {
  const program = `${repo}bench/cache-million/measure.mjs`;
  const text = await outputOf([program, what, dir, String(held), String(argument)]);
  console.log(`${what} of ${whole(held)}: ${text.length > 300 ? text.replace(/\[.*?\]/, "[…]") : text}`.trim());
  return JSON.parse(text);
}

/** @param {number} held */
async function filled(held) {
  const dir = join(folder, String(held));
  const begun = performance.now();
  const { fillCache } = await import(join(folder, "fill.mjs"));
  fillCache(dir, held, sizeBytes, monthMs);
  return { dir, seconds: (performance.now() - begun) / 1000 };
}

try {
  const input = `${repo}src/cache/fill.fixture.ts`;
  const file = join(folder, "fill.mjs");
  await build({ input, platform: "node", output: { file, format: "esm" }, logLevel: "silent" });
  const [small, large] = [await filled(1_000), await filled(entries)];
  console.log(`${whole(entries)} entries written in ${large.seconds.toFixed(1)} s`);
  const idle = await measured("nothing", large.dir, entries);
  // The first reads of the files come from the disk, in whatever state it is; the second from memory, and that is what is compared.
  await measured("hits", large.dir, entries, reads);
  const hits = [await measured("hits", small.dir, 1_000, reads), await measured("hits", large.dir, entries, reads)];
  const [few, many] = hits.map(({ result }) => summary(result));
  if (few === undefined || many === undefined) throw new Error("nothing was read");
  const stats = await measured("stats", large.dir, entries);
  const list = await measured("list", large.dir, entries);
  const prune = await measured("prune", large.dir, entries, (entries * sizeBytes) / 2);
  const after = await measured("stats", large.dir, entries);
  const mib = (/** @type {{ peakBytes: number }} */ { peakBytes }) => (peakBytes / 1e6).toFixed(0);
  console.log(
    renderTable(
      `${whole(entries)} entries of ${sizeBytes} bytes`,
      ["what", "seconds", "CPU seconds", "peak RSS, MB"],
      [
        ["a process that does nothing", idle],
        ["stats", stats],
        ["list, in order", list],
        ["prune of half", prune],
        ["stats after it", after],
      ].map(([what, row]) => [what, row.seconds.toFixed(1), row.cpuSeconds.toFixed(1), mib(row)]),
    ),
  );
  for (const [name, ms] of [
    ["1,000", few],
    [whole(entries), many],
  ])
    console.log(
      `hit among ${name}: p50 ${ms.p50.toFixed(3)} ms, p99 ${ms.p99.toFixed(3)} ms, max ${ms.max.toFixed(1)} ms`,
    );
  publish("cache-million", { circumstances: before, entries, reads, idle, few, many, stats, list, prune, after });
  if (prune.result.objects !== entries / 2) throw new Error(`${prune.result.objects} went`);
  target("hit, p99 ms", many.p99, 2);
  target("hit, p50 beside that among 1,000", many.p50 / few.p50, 1.5);
  target("stats, seconds", stats.seconds, 15);
  target("prune of half, seconds", prune.seconds, 90);
  for (const [what, row] of Object.entries({ stats, list, prune }))
    target(`${what}, peak RSS in MB`, row.peakBytes / 1e6, 150);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
