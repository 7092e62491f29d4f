/**
 * 5 GiB up by `writeStream` (its length unknown) and down by `readStream`, discarded and through a hash, each in a process inside
 * a hard limit of 160 MB; default settings, so the cache keeps what passes on a disk. Server: versitygw.
 * usage: stream-memory.mjs [--mib 5120] [--limit-mb 160] [--transports http,tls] [--check]
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { run, withServer } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { assertBuilt, assertServed, circumstances, count, publish, repo, target, words } from "./figures.mjs";
import { limitMemory } from "./memory-limit.mjs";
import { memoryFolder, workFolder } from "./room.mjs";
import { atOf, ensureBucket, sdkClient } from "./sdk-client.mjs";

/** @typedef {{ bytes: number, sha256?: string, seconds: number, cpuSeconds: number, maxRssBytes: number }} Passed */
/** @typedef {{ name: string, passed: Passed | undefined, problem: string, limited: boolean, maxBytes: number | undefined, kills: number }} Row */

assertBuilt();
const sizeBytes = count("mib", 5 * 1024) * 2 ** 20;
const limitBytes = count("limit-mb", 160) * 1e6;
const transports = words("transports", ["http", "tls"]);
const uri = "s3://bucket/stream";
const tmpfs = 0x01021994;

// Pages of a file in memory count against the limit and cannot be given up: the cache is where it is for a user, on a disk.
mkdirSync(`${repo}.bench`, { recursive: true });
const disks = [tmpdir(), `${repo}.bench`].filter((folder) => statfsSync(folder).type !== tmpfs);
// A spooled upload and the cache's copy of it.
const work = workFolder(2.2 * sizeBytes, disks);
// The server keeps the parts until it has put them together.
const serverBytes = 2.2 * sizeBytes;
const serverFolder = workFolder(serverBytes, [memoryFolder(serverBytes), ...disks]);
process.env["INTEROP_DATA"] = serverFolder;
const before = circumstances();
/** @type {Row[]} */
const rows = [];
const bare = "console.log(JSON.stringify({ maxRssBytes: process.resourceUsage().maxRSS * 1024 }))";
rows.push(await inLimit("node, nothing", [process.execPath, "--eval", bare], {}));

const problem = await withServer("versitygw", async (server) => {
  const client = sdkClient(server.endpoint);
  await ensureBucket(client, "bucket");
  try {
    for (const transport of transports) {
      const at = atOf(server, transport);
      const up = await stream("up", transport, at);
      rows.push(up);
      // What is to be read must be there even when it could not be written within the limit.
      const source = up.passed ?? (await stream("up", transport, at, false)).passed;
      if (source === undefined) throw new Error(`${up.problem}; and without a limit neither`);
      assertBytes(source, source.sha256);
      /** @type {("down" | "hash")[]} */
      const directions = transport === "http" ? ["down", "hash"] : ["hash"];
      for (const direction of directions) {
        const row = await stream(direction, transport, at);
        if (row.passed !== undefined) assertBytes(row.passed, direction === "hash" ? source.sha256 : undefined);
        rows.push(row);
      }
      await client.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "stream" }));
    }
  } finally {
    client.destroy();
  }
});
assertServed("versitygw", problem);

/** @param {"up" | "down" | "hash"} direction @param {string} transport @param {{ endpoint: string, caFile: string }} at */
async function stream(direction, transport, { endpoint, caFile }, limited = true) {
  const names = { up: "writeStream", down: "readStream, discarded", hash: "readStream, hashed" };
  // A cache that has the object would be asked instead of the server.
  const folder = mkdtempSync(join(work, "run-"));
  try {
    return await inLimit(
      `${names[direction]}, ${transport}`,
      [process.execPath, `${repo}bench/stream-memory/stream.mjs`, direction, uri, String(sizeBytes)],
      {
        BENCH_ENDPOINT: endpoint,
        NODE_EXTRA_CA_CERTS: caFile,
        ENTREPOT_CACHE_DIR: join(folder, "cache"),
        TMPDIR: folder,
      },
      limited,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} name @param {readonly string[]} command @param {Record<string, string>} env @returns {Promise<Row>} */
async function inLimit(name, command, env, limited = true) {
  const limit = limited ? limitMemory(limitBytes) : undefined;
  try {
    const { code, signal, stdout, stderr } = await run(limit?.wrap(command) ?? command, { env, seconds: 900 });
    const used = limit?.used();
    const passed = code === 0 ? /** @type {Passed} */ (JSON.parse(stdout)) : undefined;
    const why =
      (used?.kills ?? 0) > 0
        ? "killed at the limit"
        : `ended with ${code ?? signal}: ${stderr.trim().split("\n").at(-1)}`;
    return {
      name,
      passed,
      problem: passed === undefined ? why : "",
      limited: limit !== undefined,
      maxBytes: used?.maxBytes,
      kills: used?.kills ?? 0,
    };
  } finally {
    await limit?.remove();
  }
}

/** @param {Passed} passed @param {string | undefined} sha256 */
function assertBytes(passed, sha256) {
  if (passed.bytes !== sizeBytes) throw new Error(`${passed.bytes} bytes passed and not ${sizeBytes}`);
  if (sha256 !== undefined && passed.sha256 !== sha256) throw new Error("what came down is not what went up");
}

const mb = (/** @type {number | undefined} */ bytes) => (bytes === undefined ? "–" : (bytes / 1e6).toFixed(0));
console.log(
  renderTable(
    `${(sizeBytes / 2 ** 30).toFixed(2)} GiB inside ${mb(limitBytes)} MB, versitygw`,
    ["max RSS MB", "group max MB", "seconds", "MB/s", "CPU ms/MB", "outcome"],
    rows.map(({ name, passed, maxBytes, problem: what }) => [
      name,
      mb(passed?.maxRssBytes),
      mb(maxBytes),
      passed?.seconds?.toFixed(1) ?? "–",
      passed?.bytes ? (passed.bytes / 1e6 / passed.seconds).toFixed(0) : "–",
      passed?.bytes ? ((passed.cpuSeconds * 1000) / (passed.bytes / 1e6)).toFixed(2) : "–",
      what || "whole",
    ]),
  ),
);
const isLimited = rows.every(({ limited }) => limited);
console.log(
  isLimited
    ? "\nThe limit is a control group's: the group's maximum counts pages of files, too, which the kernel takes back at the limit."
    : "\nNo control group can be made here (that needs root and version 1): only max RSS is held against the limit.",
);
publish("stream-memory", { circumstances: before, sizeBytes, limitBytes, isLimited, serverFolder, work, rows });
for (const { name, passed } of rows.slice(1)) {
  if (isLimited) target(`${name}: failed inside the limit`, passed === undefined ? 1 : 0, 0);
  else target(`${name}: max RSS, MB`, (passed?.maxRssBytes ?? Number.POSITIVE_INFINITY) / 1e6, limitBytes / 1e6);
}
