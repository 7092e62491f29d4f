// For clients that are programs: a scratch folder, trees of small files in it, and how two trees are compared.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../process.mjs";
import { holds } from "./verdict.mjs";

export const scratch = mkdtempSync(join(tmpdir(), "entrepot-interop-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** Writes a scratch file and gives its path. @param {string} name @param {string | Uint8Array} body */
export function file(name, body) {
  const path = join(scratch, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, body);
  return path;
}

/** Every file below a folder, as sorted [relative name, text] pairs. */
export const tree = (/** @type {string} */ dir) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => [path.slice(dir.length + 1), readFileSync(path, "utf8")])
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));

/** `ok` and `fails` for one program with its settings: the first wants success, the second a failure that says so.
 * @typedef {NonNullable<Parameters<typeof run>[1]>} RunOptions
 * @param {readonly string[]} command @param {Record<string, string>} env */
export function program(command, env = {}) {
  const call = (/** @type {readonly string[]} */ args, /** @type {RunOptions} */ options = {}) =>
    run([...command, ...args], { seconds: 180, ...options, env: { ...env, ...options.env } });
  return {
    /** @param {readonly string[]} args @param {RunOptions} [options] */
    async ok(args, options) {
      const done = await call(args, options);
      holds(
        done.code === 0,
        `${args.slice(0, 2).join(" ")} ended with ${done.code ?? done.signal}: ${(done.stderr || done.stdout).trim().slice(-200)}`,
      );
      return done;
    },
    /** @param {RegExp} saying @param {readonly string[]} args @param {RunOptions} [options] */
    async fails(saying, args, options) {
      const done = await call(args, options);
      const said = `${done.stdout}${done.stderr}`.trim();
      holds(done.code !== 0, `${args.slice(0, 2).join(" ")} succeeded, wanted ${saying}`);
      holds(saying.test(said), `said ${JSON.stringify(said.slice(-200))}, wanted ${saying}`);
    },
  };
}
