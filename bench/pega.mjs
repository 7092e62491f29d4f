/**
 * A Pega repository of very many small exports, from our own server, while every answer takes 30 ms: `fetchFiles` beside fetching one
 * after the other, a second fetch, and the first and the second `readTable`, each in a process of its own with its peak memory.
 * usage: pega.mjs [--files 10000] [--check]
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
const files = count("files", 10_000);
const sampled = Math.min(files, 300);
const before = circumstances();
const folder = mkdtempSync(join(tmpdir(), "entrepot-pega-"));
/** @typedef {{ wallMs: number, cpuMicros: number, rssMB: number, files: number, requests: number }} Row */
/** @type {Record<string, Row>} */
const rows = {};
const s3 = await startS3Server({ buckets: ["bucket"] });
const data = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
let requests = 0;
const forgetting = setInterval(forget, 500);

function forget() {
  requests += s3.requests.length;
  s3.clearRequests();
}

/** Lines of a model snapshot, about 20 kB. @param {number} n */
function exported(n) {
  let text = "";
  for (let row = 0; text.length < 20_000; row += 1) {
    text += `${JSON.stringify({
      pxObjClass: "Data-Decision-ADM-ModelSnapshot",
      pyModelID: `${n}-${row}`,
      pyName: `Offer ${row}`,
      pyConfigurationName: "OmniAdaptiveModel",
      pyIssue: "Sales",
      pyGroup: "Cards",
      pyChannel: "Web",
      pyDirection: "Inbound",
      pyPositives: n + row,
      pyResponseCount: 2 * (n + row) + 100,
      pyPerformance: 0.5 + row / 1000,
      pySnapshotTime: "20210601T082326.789 GMT",
    })}\n`;
  }
  return text;
}

/** @param {string} name @param {string} work @param {number} number */
async function measure(name, work, number) {
  forget();
  requests = 0;
  const args = [`${repo}bench/pega/measure.mjs`, work, String(number), folder];
  const child = await run([process.execPath, ...args], { input: JSON.stringify(s3.options), seconds: 3600 });
  if (child.code !== 0) throw new Error(`${name}: ${child.stderr.trim().split("\n").slice(-4).join(" | ")}`);
  forget();
  rows[name] = { ...JSON.parse(child.stdout), files: number, requests };
}

try {
  const left = Array.from({ length: files }, (_, n) => n).values();
  const writer = async () => {
    for (const n of left) {
      const name = `Data-Decision-ADM-ModelSnapshot_pzModelSnapshots_${String(n).padStart(5, "0")}.json`;
      await data.writeText(`s3://bucket/datamart/${name}`, exported(n));
    }
  };
  await Promise.all(Array.from({ length: 32 }, writer));
  s3.inject("GetObject latency 30ms always", "ListObjectsV2 latency 30ms always");
  await measure("one after the other", "sequential", sampled);
  await measure("fetchFiles", "fetch", files);
  await measure("fetchFiles, again", "again", files);
  await measure("readTable", "table", files);
  await measure("readTable, again", "table", files);
} finally {
  clearInterval(forgetting);
  await data.close();
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  renderTable(
    "a Pega repository, 20 kB files, 30 ms",
    ["files", "files/s", "CPU µs/file", "peak RSS, MB", "requests"],
    Object.entries(rows).map(([name, row]) => [
      name,
      whole(row.files),
      whole((row.files / row.wallMs) * 1000),
      whole(row.cpuMicros),
      whole(row.rssMB),
      row.requests,
    ]),
  ),
);
publish("pega", { circumstances: before, rows });
const perFile = (/** @type {string} */ name) => {
  const { wallMs, files: number } = /** @type {Row} */ (rows[name]);
  return wallMs / number;
};
targetAtLeast("fetchFiles over one after the other", perFile("one after the other") / perFile("fetchFiles"), 20);
target("peak RSS of fetchFiles, MB", rows["fetchFiles"]?.rssMB ?? Number.NaN, 150);
target(
  "requests of a second fetch, pages of a listing",
  rows["fetchFiles, again"]?.requests ?? Number.NaN,
  Math.ceil(files / 1000),
);
