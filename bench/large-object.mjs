/**
 * 1 GiB from a server into a file in memory: MB/s and CPU per MB of the whole client process. Ours is `data.copy` and
 * `data.localCopy` with default settings, beside rclone with eight streams and curl. usage: large-object.mjs [--mib 1024]
 * [--rounds 3] [--places nginx-http,nginx-tls,versitygw-http,versitygw-tls] [--clients copy,localCopy,rclone,curl] [--check]
 */
import { copyFileSync, createReadStream, existsSync, linkSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
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
  target,
  targetAtLeast,
  words,
} from "./figures.mjs";
import { bucket, clients, key } from "./large-object/clients.mjs";
import { assertSame, writeObject } from "./large-object/content.mjs";
import { workFolder } from "./room.mjs";
import { atOf, ensureBucket, sdkClient } from "./sdk-client.mjs";

/** @typedef {import("../tests/interop/process.mjs").Server} Server */
/** @typedef {{ place: string, client: string, version: string, mbPerSecond: number[], cpuMsPerMb: number[] }} Measured */

assertBuilt();
const mib = count("mib", 1024);
const megabytes = (mib * 2 ** 20) / 1e6;
const rounds = count("rounds", 3);
const places = words("places", ["nginx-http", "nginx-tls", "versitygw-http", "versitygw-tls"]);
/** @type {Measured[]} */
const measured = [];
const names = [];
for (const name of words("clients", Object.keys(clients))) {
  const version = await clients[name]?.version();
  if (version === undefined) console.log(`${name} is not installed and is left out`);
  else names.push({ name, version });
}
for (const place of places) {
  for (const { name, version } of names)
    measured.push({ place, client: name, version, mbPerSecond: [], cpuMsPerMb: [] });
}

// The object itself, a server's own copy of it, the cache's and the file.
const work = workFolder(4.2 * mib * 2 ** 20);
const source = join(work, "source");
writeObject(source, mib);
const before = circumstances();

for (const name of ["nginx", "versitygw"]) {
  const here = measured.filter(({ place }) => place.startsWith(`${name}-`));
  if (here.length === 0) continue;
  const problem = await withServer(name, async (server) => {
    const remove = name === "nginx" ? putAside(server) : await upload(server);
    try {
      for (let round = 0; round < rounds; round++) for (const subject of shuffled(here)) await sample(subject, server);
    } finally {
      await remove();
    }
  });
  assertServed(name, problem);
}

/** @param {Server} server */
function putAside(server) {
  const path = join(server.files ?? "", bucket, key);
  rmSync(path, { force: true });
  try {
    linkSync(source, path);
  } catch {
    copyFileSync(source, path);
  }
  return async () => rmSync(path, { force: true });
}

/** By the AWS SDK, which sends a checksum that the server keeps. @param {Server} server */
async function upload(server) {
  const client = sdkClient(server.endpoint);
  await ensureBucket(client, bucket);
  const Body = createReadStream(source, { highWaterMark: 2 ** 20 });
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: mib * 2 ** 20 }));
  return async () => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    client.destroy();
  };
}

/** @param {Measured} subject @param {Server} server */
async function sample(subject, server) {
  const folder = mkdtempSync(join(work, "sample-"));
  try {
    mkdirSync(join(folder, "cache"));
    const start = await clients[subject.client]?.start(atOf(server, String(subject.place.split("-")[1])), folder);
    if (start === undefined) throw new Error(`no such client: ${subject.client}`);
    const { wallSeconds, cpuSeconds, stdout } = await costOf(start.command, { env: start.env ?? {}, seconds: 300 });
    const printed = stdout.trim();
    const path = existsSync(printed) ? printed : join(folder, "object");
    assertSame(path, source);
    subject.mbPerSecond.push(megabytes / wallSeconds);
    subject.cpuMsPerMb.push((cpuSeconds * 1000) / megabytes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rows = measured.map(({ mbPerSecond, cpuMsPerMb, ...subject }) => ({
  ...subject,
  mbPerSecond: summary(mbPerSecond),
  cpuMsPerMb: summary(cpuMsPerMb),
  all: { mbPerSecond, cpuMsPerMb },
}));
for (const place of places) {
  console.log(
    `${renderTable(
      `${mib} MiB to a file, ${place}`,
      ["MB/s", "min…max", "CPU ms/MB", "min…max", "samples"],
      rows
        .filter((row) => row.place === place)
        .map(({ client, version, mbPerSecond, cpuMsPerMb }) => [
          version.startsWith(client) ? version.slice(0, 40) : `${client} (${version})`,
          mbPerSecond.p50.toFixed(0),
          `${mbPerSecond.min.toFixed(0)}…${mbPerSecond.max.toFixed(0)}`,
          cpuMsPerMb.p50.toFixed(2),
          `${cpuMsPerMb.min.toFixed(2)}…${cpuMsPerMb.max.toFixed(2)}`,
          mbPerSecond.samples,
        ]),
    )}\n`,
  );
}
publish("large-object", { circumstances: before, mib, folder: work, rows });
for (const row of rows.filter(({ client }) => client === "copy" || client === "localCopy")) {
  const beside = (/** @type {string} */ client) =>
    rows.find((other) => other.place === row.place && other.client === client);
  const [rclone, curl] = [beside("rclone"), beside("curl")];
  const what = `${row.client}, ${row.place}`;
  if (rclone) targetAtLeast(`${what}: MB/s / rclone's`, row.mbPerSecond.p50 / rclone.mbPerSecond.p50, 0.8);
  if (curl) target(`${what}: CPU per MB / curl's`, row.cpuMsPerMb.p50 / curl.cpuMsPerMb.p50, 2.2);
}
