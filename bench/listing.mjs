/**
 * Reading a listing of 200 pages of 1,000 keys: CPU per key and keys per second of `data.list` and of the SDK's paginator. nginx
 * hands out pages that were made before, so that the reader is what is measured; sending the request and taking the answer count.
 * Then a million keys at 30 ms a page, with shards and without.
 * usage: listing.mjs [--pages 200] [--rounds 3] [--transports http,tls] [--parts pages,latency] [--keys 1000000] [--check]
 */
import { rmSync } from "node:fs";
import { run, withServer } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import {
  assertBuilt,
  assertServed,
  circumstances,
  count,
  publish,
  repo,
  shuffled,
  summary,
  targetAtLeast,
  whole,
  words,
} from "./figures.mjs";
import { measureLatency } from "./listing/latency.mjs";
import { keysPerPage, writePages } from "./listing/pages.mjs";
import { atOf } from "./sdk-client.mjs";

assertBuilt();
const pages = count("pages", 200);
const rounds = count("rounds", 3);
const keys = pages * keysPerPage;
const parts = words("parts", ["pages", "latency"]);
/** @typedef {{ name: string, transport: string, version: string, cpu: number[], rate: number[] }} Measured */
const measured = words("transports", ["http", "tls"]).flatMap((transport) =>
  ["sdk", "entrepot"].map((name) => /** @type {Measured} */ ({ name, transport, version: "", cpu: [], rate: [] })),
);
if (parts.includes("pages")) await measurePages();
if (parts.includes("latency")) await measureLatency(count("keys", 1_000_000), 30, 1);

async function measurePages() {
  const before = circumstances();
  const problem = await withServer("nginx", async (server) => {
    const folder = `${server.files}/pages`;
    writePages(folder, pages);
    try {
      for (let round = 0; round < rounds; round++) {
        for (const subject of shuffled(measured)) {
          const { endpoint, caFile } = atOf(server, subject.transport);
          const done = await run([process.execPath, `${repo}bench/listing/measure.mjs`, subject.name, String(keys)], {
            env: { BENCH_ENDPOINT: endpoint, NODE_EXTRA_CA_CERTS: caFile },
            seconds: 300,
          });
          if (done.code !== 0)
            throw new Error(`${subject.name}: ${done.stderr.trim().split("\n").slice(-4).join(" | ")}`);
          const { cpuMicros, keysPerSecond, version } = JSON.parse(done.stdout);
          subject.cpu.push(cpuMicros);
          subject.rate.push(keysPerSecond);
          subject.version = version;
        }
      }
    } finally {
      for (const form of ["plain", "url"]) rmSync(`${folder}/${form}`, { recursive: true, force: true });
    }
  });
  assertServed("nginx", problem);

  const rows = measured.map(({ cpu, rate, ...subject }) => ({
    ...subject,
    cpu: summary(cpu),
    rate: summary(rate),
    all: { cpu, rate },
  }));
  console.log(
    renderTable(
      `${pages} pages × ${whole(keysPerPage)} keys`,
      ["CPU µs/key", "min…max", "keys/s", "min…max", "samples"],
      rows.map(({ name, transport, version, cpu, rate }) => [
        `${name}, ${transport} (${version})`,
        cpu.p50.toFixed(2),
        `${cpu.min.toFixed(2)}…${cpu.max.toFixed(2)}`,
        whole(rate.p50),
        `${whole(rate.min)}…${whole(rate.max)}`,
        cpu.samples,
      ]),
    ),
  );
  publish("listing", { circumstances: before, pages, keysPerPage, rows });
  for (const { name, transport, rate, cpu } of rows.filter((row) => row.name === "entrepot")) {
    const sdk = rows.find((row) => row.name === "sdk" && row.transport === transport);
    if (sdk) console.log(`        ${name}, ${transport} / sdk, CPU: ${(cpu.p50 / sdk.cpu.p50).toPrecision(3)}`);
    targetAtLeast(`${name}, ${transport}, keys/s`, rate.p50, 200_000);
  }
}
