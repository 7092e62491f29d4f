/** strace on one running worker: what it asks of the system, and a death at the Nth time that it asks for it. */
import { spawn, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** All by which our code, or a simpler one, changes files. */
export const fileCalls = [
  "openat",
  "write",
  "pwrite64",
  "fsync",
  "fdatasync",
  "rename",
  "renameat",
  "renameat2",
  "unlink",
  "unlinkat",
  "mkdir",
  "rmdir",
  "link",
  "linkat",
  "symlink",
  "ftruncate",
  "fchmod",
  "utimensat",
];

/** One thread for asynchronous file calls, so that a point is one point. */
const oneThread = {
  env: { UV_THREADPOOL_SIZE: "1", UV_USE_IO_URING: "0" },
  execArgv: ["--require", fileURLToPath(new URL("pool-thread.cjs", import.meta.url))],
};

/** Why nothing can be traced here. */
export function whyNoStrace() {
  const tried = spawnSync("strace", ["-qq", "-e", "trace=none", "true"], { encoding: "utf8" });
  if (tried.error) return "strace is not installed";
  return tried.status === 0 ? undefined : `strace does not work here: ${tried.stderr.trim().split("\n").at(-1)}`;
}

/** @typedef {{ thread: "main" | "pool", call: string, text: string }} Traced */

/** A worker whose threads can be told apart. @param {import("./stage.mjs").Stage} stage @param {Pick<import("entrepot/testing").S3Server, "endpoint">} server @param {string} dir */
export async function tracedWorker(stage, server, dir) {
  const worker = await stage.worker(server, dir, oneThread);
  const pool = Number(await worker.ask("poolThread"));
  if (!(pool > 0)) throw new Error("the thread of file calls was not found");
  return { ...worker, threads: { main: worker.pid, pool } };
}

/** @typedef {Awaited<ReturnType<typeof tracedWorker>>} TracedWorker */

/** Attached when it resolves. @param {import("./stage.mjs").Stage} stage @param {string[]} args @returns {Promise<() => Promise<void>>} ends it */
async function attach(stage, args) {
  const child = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const detach = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  stage.later(() => child.kill("SIGTERM"));
  await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
      if (/attached/.test(said)) resolve(undefined);
    });
    child.once("exit", () => reject(new Error(`strace: ${said}`)));
  });
  return detach;
}

/**
 * What the two threads ask while the job runs, in order.
 *
 * @param {import("./stage.mjs").Stage} stage @param {TracedWorker} worker @param {() => Promise<unknown>} work @param {string} log a file to write
 * @returns {Promise<Traced[]>}
 */
export async function traced(stage, worker, work, log) {
  const detach = await attach(stage, [
    "-f",
    "-y",
    "-s",
    "0",
    "-o",
    log,
    "-e",
    `trace=${fileCalls.join(",")}`,
    "-p",
    String(worker.pid),
  ]);
  await work();
  await detach();
  /** @type {Traced[]} */
  const seen = [];
  /** What a thread has begun, while another asked. @type {Map<string, string>} */
  const begun = new Map();
  for (const part of (await readFile(log, "utf8")).split("\n")) {
    const [, who = "", start] = /^(\d+)\s.*?(\w+\(.*) <unfinished \.\.\.>$/.exec(part) ?? [];
    if (start !== undefined) {
      begun.set(who, start);
      continue;
    }
    const line = part.replace(
      /^(\d+)(\s+)<\.\.\. \w+ resumed>/,
      (_, id, space) => `${id}${space}${begun.get(id) ?? ""}`,
    );
    const [, id = "", text = "", call = ""] = /^(\d+)\s+((\w+)\(.*)$/.exec(line) ?? [];
    const thread =
      Number(id) === worker.threads.main ? "main" : Number(id) === worker.threads.pool ? "pool" : undefined;
    if (thread !== undefined) seen.push({ thread, call, text });
    // What the system's library reads for itself, on whichever thread, is no file of ours.
    else if (text.includes(stage.workdir)) throw new Error(`a third thread asks: ${call} ${text}`);
  }
  return seen;
}

/**
 * Runs the work and kills the worker when one of its threads asks for this the Nth time from now, before it is done. Whether it lived on.
 *
 * @param {import("./stage.mjs").Stage} stage @param {TracedWorker} worker
 * @param {{ thread: "main" | "pool", call: string, nth: number }} point @param {() => Promise<unknown>} work
 */
export async function survives(stage, worker, { thread, call, nth }, work) {
  const inject = `inject=${call}:signal=KILL:when=${nth}`;
  const detach = await attach(stage, [
    "-o",
    "/dev/null",
    "-e",
    `trace=${call}`,
    "-e",
    inject,
    "-p",
    String(worker.threads[thread]),
  ]);
  const lived = await work().then(
    () => true,
    () => false,
  );
  await detach();
  return lived;
}
