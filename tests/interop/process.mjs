// Running things: a program to its end with its output, and a server around a piece of work.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The word after `--NAME` on the command line, or the default. @param {string} name @param {string} fallback */
export const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback);
};
export const flag = (/** @type {string} */ name) => process.argv.includes(`--${name}`);

export const here = fileURLToPath(new URL(".", import.meta.url));
export const repo = fileURLToPath(new URL("../../", import.meta.url));

// The user's own AWS settings must neither help nor disturb, and no check may reach for real credentials.
const plainEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|ENTREPOT|RCLONE)_/.test(name)));

/**
 * Runs a command to its end, or for `seconds`; never rejects for what the program did.
 *
 * @param {readonly string[]} command
 * @param {{ env?: Record<string, string | undefined>, input?: string, seconds?: number, cwd?: string }} [options]
 * @returns {Promise<{ code: number | null, signal: string | null, bytes: Buffer, stdout: string, stderr: string }>}
 */
export function run([program = "", ...args], { env = {}, input, seconds = 120, cwd = repo } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...plainEnvironment(), ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    /** @type {Buffer[]} */
    const out = [];
    /** @type {Buffer[]} */
    const err = [];
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    const end = (/** @type {number | null} */ code, /** @type {string | null} */ signal) => {
      clearTimeout(timer);
      resolve({
        code,
        signal,
        bytes: Buffer.concat(out),
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    };
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => err.push(chunk));
    child.on("error", (error) => {
      err.push(Buffer.from(error.message));
      end(127, null);
    });
    child.on("close", end);
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/**
 * @typedef {{ name: string, endpoint: string, accessKeyId: string, secretAccessKey: string, region: string,
 *   tlsEndpoint?: string, caFile?: string, files?: string }} Server those of the last line: of servers that bench/ uses
 */

/** Starts servers/NAME.sh unless it runs already, works with it, and stops it if it was started here. Gives the reason when it cannot be had.
 * @param {string} name @param {(server: Server) => Promise<void>} work */
export async function withServer(name, work) {
  const script = `${here}servers/${name}.sh`;
  const wasRunning = (await run(["bash", script, "status"])).code === 0;
  const started = await run(["bash", script, "start"], { seconds: 900 });
  if (started.code !== 0)
    return started.stderr.trim().split("\n").at(-1) || `its start ended with ${started.code ?? started.signal}`;
  try {
    await work(JSON.parse(started.stdout));
  } finally {
    if (!wasRunning) await run(["bash", script, "stop"]);
  }
  return undefined;
}
