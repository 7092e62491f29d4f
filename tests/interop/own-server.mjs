// One `entrepot serve` of its own, in memory, watched: what it says of its own failures, its memory and its open files.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { repo } from "./process.mjs";

export const keys = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * What went wrong inside the server so far: each request that it answered with 500, what it wrote to stderr, and an
 * end that nobody asked for. An empty list is what every step here wants.
 *
 * @typedef {{ endpoint: string, requests: number, mishaps: string[],
 *   open(): { megabytes: number, files: number } | undefined, stop(): Promise<void> }} OwnServer
 * @param {{ flags?: readonly string[], load?: string }} [options] `load`: a module to run in the server's process first
 * @returns {Promise<OwnServer>}
 */
export async function startOwn({ flags = [], load } = {}) {
  const given = ["--port", "0", "--json", "--access-key", keys.accessKeyId, "--secret-key", keys.secretAccessKey];
  const loading = load === undefined ? [] : ["--import", load];
  const child = spawn(process.execPath, [...loading, `${repo}dist/cli/main.js`, "serve", ...given, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stopping = false;
  const ended = once(child, "exit");
  /** @type {OwnServer} */
  const server = {
    endpoint: "",
    requests: 0,
    mishaps: [],
    open() {
      if (!existsSync(`/proc/${child.pid}/fd`)) return undefined;
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]);
      return { megabytes: Math.round(kilobytes / 1024), files: readdirSync(`/proc/${child.pid}/fd`).length };
    },
    async stop() {
      stopping = true;
      child.kill("SIGTERM");
      await ended;
    },
  };
  child.on("exit", (code, signal) => {
    if (!stopping) server.mishaps.push(`the server ended with ${code ?? signal}`);
  });
  createInterface({ input: child.stderr }).on("line", (line) => server.mishaps.push(line));
  const listening = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = JSON.parse(line);
      if (said.type === "listening") resolve(said.endpoint);
      if (said.type !== "request") return;
      server.requests += 1;
      if (said.status === 500) server.mishaps.push(`500 ${said.errorCode}: ${said.operation ?? said.method}`);
    });
  });
  server.endpoint = await Promise.race([
    listening,
    ended.then(() => {
      throw new Error(`entrepot serve did not start: ${server.mishaps.join(" | ")}`);
    }),
  ]);
  return server;
}
