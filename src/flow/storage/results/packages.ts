/** Which code belongs to a package, whose name and version then stand for it. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTextNow } from "../../../disk/index.ts";

/** Remembers what it has read: packages do not change while a program runs. */
export class Packages {
  readonly #versions = new Map<string, string | undefined>();
  readonly #require: NodeJS.Require = createRequire(import.meta.url);
  #own: string | undefined;

  /** `name@version`, `"node"` for Node's own modules, `undefined` for the user's code. */
  readonly packageOf = (url: string): string | undefined => {
    if (url === "" || url.startsWith("node:")) return url === "" ? undefined : "node";
    const path = pathOf(url);
    if (path === undefined) return undefined;
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? this.#ownFolder(path);
    if (folder === undefined) return undefined;
    if (!this.#versions.has(folder)) this.#versions.set(folder, this.#read(folder));
    return this.#versions.get(folder);
  };

  /** Whether a module gives out this very function: such a function is there once. */
  readonly isExported = (fn: Function, url: string): boolean => {
    if (url.startsWith("node:")) return holds(process.getBuiltinModule(url), fn);
    const path = pathOf(url);
    return path !== undefined && holds(this.#require.cache[path]?.exports, fn);
  };

  #read(folder: string): string | undefined {
    const text = readTextNow(join(folder, "package.json"));
    if (text === undefined) return undefined;
    const { name, version } = JSON.parse(text) as { readonly name?: string; readonly version?: string };
    return `${name}@${version}`;
  }

  /** This very package, where it is linked and not installed: its sources, and what is built of them. */
  #ownFolder(path: string): string | undefined {
    this.#own ??= ownFolder() ?? "";
    const isOurs = this.#own !== "" && [`${this.#own}/src/`, `${this.#own}/dist/`].some((own) => path.startsWith(own));
    // a test that lies beside a source is somebody's program
    return isOurs && !/\.(test|fixture)\.[cm]?[jt]s$/.test(path) ? this.#own : undefined;
  }
}

function ownFolder(): string | undefined {
  const here = pathOf(import.meta.url);
  for (let folder = dirname(here ?? "/"); folder !== dirname(folder); folder = dirname(folder)) {
    const text = readTextNow(join(folder, "package.json"));
    if (text !== undefined)
      return (JSON.parse(text) as { readonly name?: string }).name === "entrepot" ? folder : undefined;
  }
  return undefined;
}

function holds(exports: unknown, fn: Function): boolean {
  if (exports === fn) return true;
  if ((typeof exports !== "object" && typeof exports !== "function") || exports === null) return false;
  return Object.values(Object.getOwnPropertyDescriptors(exports)).some(({ value }) => value === fn);
}

/** Runners tell a file by its path, with a question behind it where it was loaded anew. */
function pathOf(url: string): string | undefined {
  const [bare = ""] = url.split("?", 1);
  if (bare.startsWith("file:")) return fileURLToPath(bare);
  return bare.startsWith("/") ? bare : undefined;
}
