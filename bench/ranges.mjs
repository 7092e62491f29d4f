/**
 * What keeping ranges costs and gives: 64 KiB of a 64 MiB object, one read after another, past the cache, kept, and from what
 * was kept; from our own server in this process. usage: ranges.mjs [--reads 900] [--check]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, summary, target } from "./figures.mjs";

const block = 64 * 1024;
const size = 1024 * block;
const reads = Math.min(count("reads", 900), size / block);
const uri = "s3://bucket/large";
const folder = mkdtempSync(join(tmpdir(), "entrepot-ranges-"));
const before = circumstances();
const s3 = await startS3Server({ buckets: ["bucket"] });
const plain = { ...s3.options, env: {}, envFile: false };
/** @type {Record<string, { ms: ReturnType<typeof summary>, requests: number, bodyBytes: number }>} */
const rows = {};

/** @param {string} name @param {(n: number) => Promise<Uint8Array>} read */
async function measure(name, read) {
  s3.clearRequests();
  const ms = [];
  for (let n = 0; n < reads; n++) {
    const begun = process.hrtime.bigint();
    const { byteLength } = await read(n);
    ms.push(Number(process.hrtime.bigint() - begun) / 1e6);
    if (byteLength !== block) throw new Error(`${byteLength} bytes`);
  }
  const bodyBytes = s3.requests.reduce((sum, request) => sum + request.bytesOut, 0);
  rows[name] = { ms: summary(ms), requests: s3.requests.length, bodyBytes };
}

/** In an order in which no two are neighbours. @param {number} n */
const place = (n) => ({ start: ((n * 389) % 1024) * block, end: (((n * 389) % 1024) + 1) * block });

const data = entrepot({ ...plain, cache: { dir: join(folder, "cache") } });
try {
  await data.with({ cache: false }).writeBytes(uri, new Uint8Array(size).fill(7));
  for (let n = 0; n < 200; n++) await data.readRange(uri, place(n), { cache: "bypass" });
  await measure("past the cache", (n) => data.readRange(uri, place(n), { cache: "bypass" }));
  await measure("cold, kept", (n) => data.readRange(uri, place(n)));
  await measure("warm, one 304", (n) => data.readRange(uri, place(n)));
  const file = await data.open(uri);
  await measure("warm, open file", (n) => file.read(place(n)));
  await file.close();
  const offline = data.with({ network: "offline" });
  await measure("warm, offline", (n) => offline.readRange(uri, place(n)));
} finally {
  await data.close();
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  renderTable(
    `64 KiB of 64 MiB, ${reads} reads`,
    ["p50 ms", "p99 ms", "max ms", "requests", "body bytes"],
    Object.entries(rows).map(([name, { ms, requests, bodyBytes }]) => [
      name,
      ms.p50.toFixed(3),
      ms.p99.toFixed(3),
      ms.max.toFixed(2),
      requests,
      bodyBytes,
    ]),
  ),
);
publish("ranges", { circumstances: before, reads, rows });
const p50 = (/** @type {string} */ name) => rows[name]?.ms.p50 ?? Number.NaN;
target("what keeping adds to a cold read, p50 ms", p50("cold, kept") - p50("past the cache"), 1);
target("a warm read of an open file, p50 ms", p50("warm, open file"), 0.5);
target(
  "body bytes of all warm reads",
  (rows["warm, one 304"]?.bodyBytes ?? 0) + (rows["warm, open file"]?.bodyBytes ?? 0),
  0,
);
target("requests of an open file", rows["warm, open file"]?.requests ?? Number.NaN, 1);
