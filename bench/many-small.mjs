/**
 * Very many small objects, from our own server: `readMany` of 10,000 × 20 KB while every answer takes 30 ms, beside reading one after
 * the other; and a folder of 100,000 × 1 KB down to disk and back, with its peak memory and the most files that were open.
 * usage: many-small.mjs [--objects 10000] [--files 100000] [--check]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { run } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { assertBuilt, circumstances, count, publish, repo, target, targetAtLeast, whole } from "./figures.mjs";

assertBuilt();
const objects = count("objects", 10_000);
const files = count("files", 100_000);
const sampled = Math.min(objects, 300);
const before = circumstances();
const folder = mkdtempSync(join(tmpdir(), "entrepot-many-"));
/** @typedef {{ wallMs: number, cpuMicros: number, rssMB: number, mostOpen: number, sizeBytes: number, objects: number }} Row */
/** @type {Record<string, Row>} */
const rows = {};

/** @param {number} number @param {number} size @param {(measure: (work: string, number: number) => Promise<Row>) => Promise<void>} work @param {string} [fault] */
async function stage(number, size, work, fault) {
  const s3 = await startS3Server({ buckets: ["bucket"] });
  const forgetting = setInterval(() => s3.clearRequests(), 1000);
  const data = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
  try {
    const left = Array.from({ length: number }, (_, n) => n).values();
    const writer = async () => {
      for (const n of left)
        await data.writeBytes(`s3://bucket/in/${String(n % 100).padStart(2, "0")}/${n}`, new Uint8Array(size).fill(n));
    };
    await Promise.all(Array.from({ length: 32 }, writer));
    if (fault !== undefined) s3.inject(fault);
    await work(async (name, measured) => {
      const child = await run(
        [process.execPath, `${repo}bench/many-small/measure.mjs`, name, String(measured), folder],
        {
          input: JSON.stringify(s3.options),
          seconds: 3600,
        },
      );
      if (child.code !== 0) throw new Error(`${name}: ${child.stderr.trim().split("\n").slice(-4).join(" | ")}`);
      return { ...JSON.parse(child.stdout), objects: measured };
    });
  } finally {
    clearInterval(forgetting);
    await data.close();
    await s3.close();
  }
}

try {
  await stage(
    objects,
    20_000,
    async (measure) => {
      rows["one after the other, 30 ms"] = await measure("sequential", sampled);
      rows["readMany, 30 ms"] = await measure("read", objects);
    },
    "GetObject latency 30ms always",
  );
  await stage(files, 1_000, async (measure) => {
    rows["copy down"] = await measure("down", files);
    rows["copy up"] = await measure("up", files);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  renderTable(
    "very many small objects",
    ["objects", "objects/s", "CPU µs/object", "peak RSS, MB", "open files"],
    Object.entries(rows).map(([name, row]) => [
      name,
      whole(row.objects),
      whole((row.objects / row.wallMs) * 1000),
      whole(row.cpuMicros),
      whole(row.rssMB),
      row.mostOpen,
    ]),
  ),
);
publish("many-small", { circumstances: before, rows });
const perObject = (/** @type {string} */ name) => {
  const { wallMs, objects: number } = /** @type {Row} */ (rows[name]);
  return wallMs / number;
};
targetAtLeast(
  "readMany over one after the other",
  perObject("one after the other, 30 ms") / perObject("readMany, 30 ms"),
  20,
);
target("peak RSS of readMany, MB", rows["readMany, 30 ms"]?.rssMB ?? Number.NaN, 150);
target("open files of a copy down", rows["copy down"]?.mostOpen ?? Number.NaN, 64);
target("open files of a copy up", rows["copy up"]?.mostOpen ?? Number.NaN, 64);
