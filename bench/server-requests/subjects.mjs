/** The servers under measurement: how each is started on one core, and what it has cost so far. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { run, withServer } from "../../tests/interop/process.mjs";
import { repo } from "../figures.mjs";
import { memoryFolder } from "../room.mjs";

/** @typedef {{ endpoint: string, pid: number }} Started */
/** @typedef {(core: number, work: (server: Started) => Promise<void>) => Promise<string | undefined>} Subject gives the reason when it cannot be had */

const foreign = `${repo}.bench/servers`;
const cli = `${repo}dist/cli/main.js`;

/** @type {Readonly<Record<string, Subject>>} */
export const subjects = {
  "node:http": node(() => [`${repo}bench/server-requests/bare-http.mjs`]),
  memory: node(() => [`${repo}bench/server-requests/in-process.mjs`]),
  folder: node((folder) => [`${repo}bench/server-requests/in-process.mjs`, join(folder, "data")]),
  serve: node(() => [cli, "serve", "--port", "0", "--anonymous", "--json"]),
  "serve --dir": node((folder) => [
    cli,
    "serve",
    "--port",
    "0",
    "--anonymous",
    "--json",
    "--dir",
    join(folder, "data"),
  ]),
  versitygw: (core, work) =>
    script("versitygw", async ({ endpoint, pid }) => {
      await run(["taskset", "-a", "-c", "-p", String(core), String(pid)]);
      await work({ endpoint, pid });
    }),
  s3rver: npm("@20minutes/s3rver@5.0.0", "@20minutes/s3rver", (folder) => [
    `import S3rver from "@20minutes/s3rver";
     import accounts from "@20minutes/s3rver/lib/models/account.js";
     accounts.DUMMY_ACCOUNT.createKeyPair("test", "test");
     const server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: ${JSON.stringify(folder)},
       allowMismatchedSignatures: true });
     const { port } = await server.run(); console.log("http://127.0.0.1:" + port);`,
  ]),
  moto: (core, work) =>
    script("moto", async ({ endpoint, pid }) => {
      await run(["taskset", "-a", "-c", "-p", String(core), String(pid)]);
      await work({ endpoint, pid });
    }),
};

/** A program of Node that says where it listens: in its first line, bare or in JSON. @param {(folder: string) => readonly string[]} args @returns {Subject} */
function node(args) {
  return async (core, work) => {
    const folder = mkdtempSync(join(memoryFolder(2 ** 30) ?? tmpdir(), "entrepot-bench-"));
    const child = spawn("taskset", ["-c", String(core), process.execPath, ...args(folder)], {
      cwd: repo,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    try {
      const lines = createInterface(child.stdout);
      const [first] = await Promise.race([
        new Promise((resolve) => lines.once("line", (line) => resolve([line]))),
        ended.then(() => [""]),
      ]);
      const endpoint = /http:\/\/[\w.]+:\d+/.exec(first)?.[0];
      if (endpoint === undefined || child.pid === undefined) return `it ended before it listened: ${args(folder)[0]}`;
      await work({ endpoint, pid: child.pid });
      return undefined;
    } finally {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** @param {string} what @param {string} name @param {(folder: string) => readonly string[]} source @returns {Subject} */
function npm(what, name, source) {
  return async (core, work) => {
    if (!existsSync(join(foreign, "node_modules", name))) {
      const { code, stderr } = await run(
        ["npm", "install", "--prefix", foreign, "--no-save", "--ignore-scripts", what],
        {
          seconds: 300,
        },
      );
      if (code !== 0) return stderr.trim().split("\n").at(-1) ?? "npm install failed";
    }
    return await node((folder) => {
      const file = join(foreign, `${name.replaceAll(/\W/g, "-")}.mjs`);
      writeFileSync(file, source(folder)[0] ?? "");
      return [file];
    })(core, work);
  };
}

/** One of tests/interop/servers. @param {string} name @param {(server: Started) => Promise<void>} work */
async function script(name, work) {
  return await withServer(name, async ({ endpoint }) => {
    const [pid] = readFileSync(`${repo}.interop/run/${name}/server.pid`, "utf8").split(" ");
    await work({ endpoint, pid: Number(pid) });
  });
}

/** Microseconds of CPU, all threads, since its start; the kernel counts in hundredths of a second. @param {number} pid */
export function cpuMicros(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Bytes in memory. @param {number} pid */
export function residentBytes(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}
