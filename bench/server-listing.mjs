/**
 * A bucket of 1,000,000 keys, put in no order and listed flat by the AWS SDK and by `entrepot ls --json -r`, and a folder of 100,000 objects:
 * times, CPU and memory of the server, and how long it takes to start again over the folder. `entrepot serve` on one core, clients on the other.
 * usage: server-listing.mjs [--keys 1000000] [--folder-keys 100000] [--check]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { run } from "../tests/interop/process.mjs";
import { renderTable } from "../tests/interop/table.mjs";
import { assertBuilt, circumstances, count, publish, repo, targetAtLeast, whole } from "./figures.mjs";
import { memoryFolder } from "./room.mjs";
import { cpuMicros, residentBytes } from "./server-requests/subjects.mjs";

assertBuilt();
const keys = count("keys", 1_000_000);
const folderKeys = count("folder-keys", 100_000);
const bucket = "many";
const env = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };
const before = circumstances();
/** @type {{ what: string, count: number, seconds: number, cpuSeconds: number, residentBytes: number }[]} */
const steps = [];

/** @typedef {{ endpoint: string, pid: number }} Server */
/** @param {string} what @param {number} done @param {Server} server @param {() => Promise<unknown>} work */
async function step(what, done, { pid }, work) {
  const [begun, cpu] = [performance.now(), cpuMicros(pid)];
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const cpuSeconds = (cpuMicros(pid) - cpu) / 1e6;
  steps.push({ what, count: done, seconds, cpuSeconds, residentBytes: residentBytes(pid) });
}

/** @param {string | undefined} dir @param {(server: Server, startSeconds: number) => Promise<void>} work */
async function serving(dir, work) {
  const begun = performance.now();
  const flags = ["--port", "0", "--anonymous", "--json", "--quiet", "--bucket", bucket];
  const args = [`${repo}dist/cli/main.js`, "serve", ...flags, ...(dir === undefined ? [] : ["--dir", dir])];
  const child = spawn("taskset", ["-c", "0", process.execPath, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const lines = createInterface(child.stdout);
    const line = await new Promise((resolve) => lines.once("line", resolve));
    const { endpoint } = JSON.parse(line);
    await work({ endpoint, pid: child.pid ?? 0 }, (performance.now() - begun) / 1000);
  } finally {
    child.kill();
    await ended;
  }
}

/** @param {Server} server @param {number} many */
async function fill({ endpoint }, many) {
  const { hostname, port } = new URL(endpoint);
  const program = `${repo}bench/server-requests/put-many.mjs`;
  const done = await client([process.execPath, program, hostname, port, bucket, String(many)], {});
  const result = JSON.parse(done);
  if (result.done !== many || result.refused > 0) throw new Error(`put ${done}`);
}

/** @param {readonly string[]} command @param {Record<string, string>} more */
async function client(command, more) {
  const done = await run(["taskset", "-c", "1", ...command], { env: { ...env, ...more }, seconds: 1800 });
  if (done.code !== 0) throw new Error(`${command[1]}: ${done.stderr.slice(0, 500)}`);
  return done.stdout.trim();
}

const lists = {
  // Both count what they get; a shell counts the lines, so that nobody holds them.
  "the AWS SDK": [process.execPath, `${repo}bench/server-requests/list-all.mjs`, bucket],
  "entrepot ls --json -r": [
    "bash",
    "-c",
    `"$0" "$1" ls --json -r s3://${bucket}/ | wc -l`,
    process.execPath,
    `${repo}dist/cli/main.js`,
  ],
};

/** @param {string} where @param {Server} server @param {number} many */
async function list(where, server, many) {
  for (const [name, command] of Object.entries(lists)) {
    await step(`${where}: list, ${name}`, many, server, async () => {
      const seen = await client(command, { AWS_ENDPOINT_URL_S3: server.endpoint });
      if (Number(seen) !== many) throw new Error(`${name} saw ${seen} keys of ${many}`);
    });
  }
}

await serving(undefined, async (server) => {
  await step("memory: PUT in no order", keys, server, () => fill(server, keys));
  await list("memory", server, keys);
});
const folder = mkdtempSync(join(memoryFolder(2 ** 31) ?? tmpdir(), "entrepot-bench-"));
try {
  const dir = join(folder, "data");
  await serving(dir, (server) => step("folder: PUT in no order", folderKeys, server, () => fill(server, folderKeys)));
  await serving(dir, async (server, seconds) => {
    const cpuSeconds = cpuMicros(server.pid) / 1e6;
    steps.push({
      what: "folder: start again",
      count: folderKeys,
      seconds,
      cpuSeconds,
      residentBytes: residentBytes(server.pid),
    });
    await list("folder", server, folderKeys);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  renderTable(
    "a large bucket",
    ["objects", "seconds", "per second", "server's CPU s", "CPU µs each", "server's MB after"],
    steps.map(({ what, count: many, seconds, cpuSeconds, residentBytes: bytes }) => [
      what,
      whole(many),
      seconds.toFixed(2),
      whole(many / seconds),
      cpuSeconds.toFixed(2),
      ((cpuSeconds * 1e6) / many).toFixed(2),
      whole(bytes / 1e6),
    ]),
  ),
);
publish("server-listing", { circumstances: before, keysPerPage: 1000, steps });
for (const { what, count: many, cpuSeconds } of steps.filter(({ what }) => what.includes("list"))) {
  // What our client reads in a second on a core: the server must not be the slower of the two.
  targetAtLeast(`${what}, keys per second of the server's CPU`, many / cpuSeconds, 200_000);
}
