/** A million keys from a server that takes 30 ms for each page: one page after the other beside shards. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { run } from "../../tests/interop/process.mjs";
import { renderTable } from "../../tests/interop/table.mjs";
import { circumstances, publish, repo, target, targetAtLeast, whole } from "../figures.mjs";

/** @param {number} keys @param {number} milliseconds @param {number} rounds */
export async function measureLatency(keys, milliseconds, rounds) {
  const before = circumstances();
  const server = spawn(process.execPath, [`${repo}bench/listing/slow-server.mjs`, String(keys), String(milliseconds)]);
  try {
    const [line] = await once(server.stdout, "data");
    const endpoint = String(line).trim();
    /** @type {{ shards: string, seconds: number, cpuSeconds: number, rssBytes: number, requests: number }[]} */
    const rows = [];
    for (let round = 0; round < rounds; round++) {
      for (const shards of ["1", "auto"]) {
        const done = await run([process.execPath, `${repo}bench/listing/shards.mjs`, String(keys), shards], {
          env: { BENCH_ENDPOINT: endpoint },
          seconds: 600,
        });
        if (done.code !== 0) throw new Error(`${shards}: ${done.stderr.trim().split("\n").slice(-4).join(" | ")}`);
        const requests = Number(await (await fetch(`${endpoint}/requests`)).text());
        rows.push({ shards, ...JSON.parse(done.stdout), requests });
      }
    }
    console.log(
      renderTable(
        `${whole(keys)} keys, ${milliseconds} ms a page`,
        ["seconds", "CPU s", "requests", "max RSS MB"],
        rows.map(({ shards, seconds, cpuSeconds, requests, rssBytes }) => [
          shards === "1" ? "one page after the other" : "shards",
          seconds.toFixed(1),
          cpuSeconds.toFixed(1),
          whole(requests),
          (rssBytes / 1e6).toFixed(0),
        ]),
      ),
    );
    publish("listing-latency", { circumstances: before, keys, milliseconds, rows });
    const best = (/** @type {string} */ shards) =>
      Math.min(...rows.filter((row) => row.shards === shards).map(({ seconds }) => seconds));
    const sharded = rows.filter(({ shards }) => shards === "auto");
    targetAtLeast("times as fast in shards", best("1") / best("auto"), 5);
    target("requests of shards / pages", Math.max(...sharded.map(({ requests }) => requests)) / (keys / 1000), 1.34);
    target("max RSS in shards, MB", Math.max(...sharded.map(({ rssBytes }) => rssBytes)) / 1e6, 150);
  } finally {
    server.kill();
  }
}
