/**
 * The doors of the package, read from the one list there is: `exports` and `bin` in package.json.
 * A door's source follows from its types: `./dist/types/store.d.ts` is made from `src/store.ts`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * @typedef {object} Door
 * @property {string} name what users import: `entrepot`, `entrepot/store`
 * @property {string} source path of its source, from the root of the project
 * @property {string} types path of its emitted declarations
 * @property {string} bundle path of its emitted code
 */

const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** @type {readonly Door[]} */
export const doors = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === "object")
  .map(([subpath, target]) => ({
    name: subpath.replace(/^\./, manifest.name),
    source: target.types.replace("./dist/types/", "src/").replace(/\.d\.ts$/, ".ts"),
    types: target.types.replace("./", ""),
    bundle: target.default.replace("./", ""),
  }));

/** @type {readonly { name: string, source: string, bundle: string }[]} */
export const commands = Object.entries(manifest.bin).map(([name, bundle]) => ({
  name,
  source: bundle.replace("./dist/", "src/").replace(/\.js$/, ".ts"),
  bundle: bundle.replace("./", ""),
}));

/** Packages that the build puts into `dist/`, with their licences: users install none of them. @type {readonly string[]} */
export const bundled = ["@hono/node-server", "hono", "preact"];

/** Packages that users may add: the library imports them when they are first needed. @type {readonly string[]} */
export const peers = Object.keys(manifest.peerDependencies ?? {});
