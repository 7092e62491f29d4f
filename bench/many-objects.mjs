/**
 * Many objects, and one large one, to versitygw and back: wall and CPU of `entrepot cp` from the shell, a fresh process with
 * default settings, beside s5cmd, rclone, the AWS CLI, boto3 with threads, s3fs and obstore; and what a million objects cost.
 * usage: many-objects.mjs [--objects 20000] [--larger 2000] [--mib 1024] [--keys 1000000] [--distant 10000] [--rounds 3]
 * [--rows small,larger,large,latency,listing,plan] [--clients entrepot,s5cmd,...] [--check]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withServer } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { costOf } from "./child-cost.mjs";
import {
  assertBuilt,
  assertServed,
  circumstances,
  count,
  publish,
  shuffled,
  summary,
  targetAtLeast,
  words,
} from "./figures.mjs";
import { assertSame, writeObject } from "./large-object/content.mjs";
import { distantReads, listedKeys, plannedSync } from "./many-objects/million.mjs";
import { awsConfig, clients, install } from "./many-objects/peers.mjs";
import { assertSameTree, dropKept, keptAt, writeTree } from "./many-objects/workload.mjs";
import { workFolder } from "./room.mjs";
import { ensureBucket, sdkClient } from "./sdk-client.mjs";

/** @typedef {import("../tests/interop/process.mjs").Server} Server */
/** @typedef {{ row: string, what: "up" | "down", client: string, version: string, wall: number[], cpu: number[] }} Measured */

assertBuilt();
const bucket = "many";
const objects = count("objects", 20_000);
const larger = count("larger", Math.max(1, Math.round(objects / 10)));
const mib = count("mib", objects === 20_000 ? 1024 : 64);
const keys = count("keys", 1_000_000);
const distant = count("distant", 10_000);
const rounds = count("rounds", 3);
const rows = words("rows", ["small", "larger", "large", "latency", "listing", "plan"]);
const before = circumstances();

/** What is copied: `key` ends in `/` where it is a folder. @type {Record<string, { title: string, key: string, bytes: number, make: (path: string) => void }>} */
const workloads = {
  small: {
    title: `${objects} × 4 KiB`,
    key: "small/",
    bytes: objects * 4096,
    make: (path) => writeTree(path, objects, 4096),
  },
  larger: {
    title: `${larger} × 256 KiB`,
    key: "larger/",
    bytes: larger * 256 * 1024,
    make: (path) => writeTree(path, larger, 256 * 1024),
  },
  large: { title: `${mib} MiB`, key: "large", bytes: mib * 2 ** 20, make: (path) => writeObject(path, mib) },
};

/** @type {Measured[]} */
const measured = [];
const copied = rows.filter((row) => row in workloads);
if (copied.length > 0) await compareCopies();

async function compareCopies() {
  const problem = await install();
  if (problem !== undefined) console.log(`NOT ALL PEERS: ${problem}`);
  for (const name of words("clients", Object.keys(clients))) {
    const version = await clients[name]?.version();
    if (version === undefined) console.log(`NOT MEASURED: ${name} is not here`);
    else
      for (const row of copied)
        for (const what of /** @type {const} */ (["up", "down"]))
          measured.push({ row, what, client: name, version, wall: [], cpu: [] });
  }
  // The tree, a server's copy of it, the one that goes up, the one that comes down, and what a cache keeps.
  const most = Math.max(...copied.map((row) => workloads[row]?.bytes ?? 0));
  const work = workFolder(6 * most + objects * 4 * 4096);
  writeFileSync(join(work, "aws-config"), awsConfig);
  const served = await withServer("versitygw", async (server) => {
    const client = sdkClient(server.endpoint);
    await ensureBucket(client, bucket);
    client.destroy();
    for (const row of copied) await compareOn(row, work, server);
  });
  assertServed("versitygw", served);
}

/** @param {string} row @param {string} work @param {Server} server */
async function compareOn(row, work, server) {
  const workload = workloads[row];
  if (workload === undefined) return;
  const { key, make } = workload;
  const files = server.files ?? "";
  const source = join(work, "source", key);
  mkdirSync(join(work, "source"), { recursive: true });
  make(source);
  // What comes down was brought by a stranger, so that nobody reads what suits it.
  const bringer = clients["s5cmd"] ?? clients["rclone"];
  const { command, env } = /** @type {NonNullable<typeof bringer>} */ (bringer).copy(
    { endpoint: server.endpoint, folder: work },
    "up",
    source,
    bucket,
    `source/${key}`,
  );
  await costOf(command, { env: env ?? {}, seconds: 900 });
  const here = measured.filter((one) => one.row === row);
  for (let round = 0; round < rounds; round++)
    for (const subject of shuffled(here)) {
      const folder = mkdtempSync(join(work, "sample-"));
      try {
        await sample(subject, { endpoint: server.endpoint, folder }, source, key, files);
      } catch (error) {
        if (subject.client === "entrepot") throw error;
        const why = error instanceof Error ? error.message : String(error);
        console.log(`FAILED: ${subject.client}, ${workload.title} ${subject.what}: ${why.slice(0, 300)}`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
        dropKept(files, bucket, "sample");
      }
    }
  rmSync(source, { recursive: true, force: true });
  dropKept(files, bucket, "source");
}

/** @param {Measured} subject @param {import("./many-objects/peers.mjs").At} at @param {string} source @param {string} key @param {string} files */
async function sample(subject, at, source, key, files) {
  const isFolder = key.endsWith("/");
  const local = subject.what === "up" ? source : join(at.folder, isFolder ? "down/" : "down");
  if (isFolder && subject.what === "down") mkdirSync(local);
  const remote = subject.what === "up" ? `sample/${key}` : `source/${key}`;
  const start = clients[subject.client]?.copy(at, subject.what, local, bucket, remote);
  if (start === undefined) throw new Error(`no such client: ${subject.client}`);
  const { wallSeconds, cpuSeconds } = await costOf(start.command, { env: start.env ?? {}, seconds: 900 });
  const came = subject.what === "up" ? keptAt(files, bucket, remote) : local;
  if (isFolder) assertSameTree(came, source);
  else assertSame(came, source);
  subject.wall.push(wallSeconds);
  subject.cpu.push(cpuSeconds);
}

const results = measured
  .filter(({ wall }) => wall.length > 0)
  .map(({ wall, cpu, ...subject }) => ({
    ...subject,
    wall: summary(wall),
    cpu: summary(cpu),
    all: { wall, cpu },
  }));
for (const row of copied)
  for (const what of ["up", "down"])
    console.log(
      `${renderTable(
        `${workloads[row]?.title} ${what}`,
        ["wall s", "min…max", "CPU s", "min…max", "samples"],
        results
          .filter((one) => one.row === row && one.what === what)
          .sort((a, b) => a.wall.p50 - b.wall.p50)
          .map(({ version, wall, cpu }) => [
            version.slice(0, 40),
            wall.p50.toFixed(2),
            `${wall.min.toFixed(2)}…${wall.max.toFixed(2)}`,
            cpu.p50.toFixed(2),
            `${cpu.min.toFixed(2)}…${cpu.max.toFixed(2)}`,
            wall.samples,
          ]),
      )}\n`,
    );
const million = {
  latency: rows.includes("latency") ? await distantReads(distant) : undefined,
  listing: rows.includes("listing") ? await listedKeys(keys) : undefined,
  plan: rows.includes("plan") ? await plannedSync(keys) : undefined,
};
publish("many-objects", { circumstances: before, objects, larger, mib, keys, distant, rows: results, million });

for (const row of copied)
  for (const what of ["up", "down"]) {
    const wallOf = (/** @type {string} */ client) =>
      results.find((one) => one.row === row && one.what === what && one.client === client)?.wall.p50;
    const ours = wallOf("entrepot");
    if (ours === undefined) continue;
    const others = Object.keys(clients).filter((client) => client !== "entrepot");
    for (const other of others) {
      const theirs = wallOf(other);
      if (theirs === undefined) continue;
      const least = row === "large" ? 1 / 1.2 : row === "small" && other === "rclone" ? 2 : 1;
      targetAtLeast(`${workloads[row]?.title} ${what}: times as fast as ${other}`, theirs / ours, least);
    }
  }
for (const { judge } of Object.values(million).flatMap((one) => one ?? [])) judge();
