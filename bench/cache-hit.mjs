/**
 * What a cached 4 KiB object costs, one read after another: online (one conditional request to nginx, no body) and
 * offline (no packet), p50 and p99. usage: cache-hit.mjs [--reads 3000] [--check]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrepot } from "entrepot";
import { withServer } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, summary, target } from "./figures.mjs";

const reads = count("reads", 3_000);
const dir = mkdtempSync(join(tmpdir(), "entrepot-cache-hit-"));
const uri = "s3://bucket/4KiB-0";
const before = circumstances();

/** @param {{ endpoint: string }} server @param {"auto" | "offline"} network */
async function hits({ endpoint }, network) {
  /** @type {number[]} */
  const statuses = [];
  const data = entrepot({
    endpoint,
    region: "us-east-1",
    addressing: "path",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    cache: { dir },
    network,
    onEvent: (event) => event.type === "request" && statuses.push(event.status),
  });
  try {
    for (let n = 0; n < 500; n++) await data.readBytes(uri);
    statuses.length = 0;
    const ms = [];
    for (let n = 0; n < reads; n++) {
      const begun = process.hrtime.bigint();
      const { byteLength } = await data.readBytes(uri);
      ms.push(Number(process.hrtime.bigint() - begun) / 1e6);
      if (byteLength !== 4096) throw new Error(`${byteLength} bytes`);
    }
    return {
      ms: summary(ms),
      requests: statuses.length,
      notModified: statuses.filter((status) => status === 304).length,
    };
  } finally {
    await data.close();
  }
}

/** @type {Record<string, Awaited<ReturnType<typeof hits>>>} */
const rows = {};
const problem = await withServer("nginx", async (server) => {
  rows["online hit"] = await hits(server, "auto");
  rows["offline hit"] = await hits(server, "offline");
}).finally(() => rmSync(dir, { recursive: true, force: true }));
if (problem) throw new Error(`nginx cannot be had: ${problem}`);

console.log(
  renderTable(
    "4 KiB, cached",
    ["p50 ms", "p99 ms", "max ms", "reads", "requests", "of them 304"],
    Object.entries(rows).map(([name, row]) => [
      name,
      row.ms.p50.toFixed(3),
      row.ms.p99.toFixed(3),
      row.ms.max.toFixed(2),
      reads,
      row.requests,
      row.notModified,
    ]),
  ),
);
publish("cache-hit", { circumstances: before, reads, rows });
target("requests per online hit", (rows["online hit"]?.requests ?? 0) / reads, 1);
target("online hits that were not one 304", reads - (rows["online hit"]?.notModified ?? 0), 0);
target("requests of offline hits", rows["offline hit"]?.requests ?? Number.NaN, 0);
target("offline hit, p50 ms", rows["offline hit"]?.ms.p50 ?? Number.NaN, 0.5);
