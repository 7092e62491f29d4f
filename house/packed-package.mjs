/**
 * The package as a user gets it: packed, unpacked into an empty project beside its runtime dependencies,
 * and asked what an import or a command loads.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "./doors.mjs";

/**
 * @typedef {object} Loaded
 * @property {number} modules our own files that were loaded
 * @property {number} bytes their size
 * @property {string[]} packages names of foreign packages that were loaded
 * @property {string[]} rooms rooms whose code is in those files, by the source maps
 */

export class PackedPackage {
  folder = mkdtempSync(path.join(tmpdir(), "entrepot-packed-"));
  tarball = "";
  home = "";

  constructor() {
    const { name, dependencies, peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
    const [packed] = JSON.parse(
      execFileSync(
        "npm",
        ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", this.folder],
        {
          cwd: root,
          encoding: "utf8",
        },
      ),
    );
    this.tarball = path.join(this.folder, packed.filename);
    this.home = path.join(this.folder, "node_modules", name);
    mkdirSync(this.home, { recursive: true });
    execFileSync("tar", ["-xzf", this.tarball, "--strip-components=1", "-C", this.home]);
    for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
      const link = path.join(this.folder, "node_modules", dependency);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(root, "node_modules", dependency), link);
    }
  }

  get packedBytes() {
    return statSync(this.tarball).size;
  }

  /** What the program prints. @param {string} source an ES module */
  run(source) {
    return this.#node(["--input-type=module", "-e", source]);
  }

  /** What the package's command prints. @param {string} name @param {...string} args */
  command(name, ...args) {
    const { bin } = JSON.parse(readFileSync(path.join(this.home, "package.json"), "utf8"));
    return this.#node([path.join(this.home, bin[name]), ...args]);
  }

  /**
   * A user's project that imports every door and, unlike most, checks the declarations themselves.
   *
   * @param {readonly string[]} names @returns {string} its tsconfig.json
   */
  writeConsumer(names) {
    const config = path.join(this.folder, "tsconfig.json");
    const compilerOptions = {
      ...{ module: "nodenext", target: "es2023", lib: ["es2023", "esnext.disposable"], types: ["node"], strict: true },
      ...{
        noEmit: true,
        skipLibCheck: false,
        exactOptionalPropertyTypes: true,
        typeRoots: [`${root}node_modules/@types`],
      },
    };
    writeFileSync(path.join(this.folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    writeFileSync(path.join(this.folder, "consumer.ts"), names.map((name) => `import "${name}";\n`).join(""));
    return config;
  }

  /** @param {(packed: PackedPackage) => void} act @returns {Loaded} */
  traced(act) {
    const trace = path.join(this.folder, "trace.txt");
    rmSync(trace, { force: true });
    this.#trace = trace;
    act(this);
    this.#trace = undefined;
    const urls = existsSync(trace) ? [...new Set(readFileSync(trace, "utf8").trim().split("\n"))] : [];
    const files = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
    const own = files.filter((file) => file.startsWith(`${this.home}${path.sep}dist`));
    const foreign = files.filter((file) => file.includes(`${path.sep}node_modules${path.sep}`) && !own.includes(file));
    return {
      modules: own.length,
      bytes: own.reduce((sum, file) => sum + statSync(file).size, 0),
      packages: [...new Set(foreign.map(packageOf))].sort(),
      rooms: [...new Set(own.flatMap(roomsIn))].sort(),
    };
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @type {string | undefined} */
  #trace;

  /** @param {string[]} args */
  #node(args) {
    const hook = this.#trace === undefined ? [] : ["--import", pathToFileURL(`${root}house/trace-imports.mjs`).href];
    return execFileSync(process.execPath, [...hook, ...args], {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, ...(this.#trace === undefined ? {} : { TRACE_IMPORTS: this.#trace }) },
    });
  }
}

/** @param {string} file */
function packageOf(file) {
  const [scopeOrName = "", name = ""] = (file.split(`node_modules${path.sep}`).at(-1) ?? "").split(path.sep);
  return scopeOrName.startsWith("@") ? `${scopeOrName}/${name}` : scopeOrName;
}

/** @param {string} file */
function roomsIn(file) {
  if (!existsSync(`${file}.map`)) return [];
  const { sources } = JSON.parse(readFileSync(`${file}.map`, "utf8"));
  return sources.flatMap((/** @type {string} */ source) => /\/src\/([^/]+)\//.exec(source)?.[1] ?? []);
}
