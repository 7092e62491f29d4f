/** The command as a process of its own: bundled from the sources as the build does it, spawned on a real socket. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputChunk, rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Result {
  /** The exit code; a signal's name where one ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly input?: string | undefined;
}

/** One bundle and one empty home, removed by `close`. */
export class BuiltCommand {
  readonly chunks: readonly OutputChunk[];
  /** Working folder and home of the commands. */
  readonly home: string;
  readonly #bundle: string;
  /** What the commands see. */
  readonly env: Readonly<Record<string, string | undefined>>;

  private constructor(bundle: string, home: string, chunks: readonly OutputChunk[], env: RunOptions["env"]) {
    this.#bundle = bundle;
    this.home = home;
    this.chunks = chunks;
    this.env = { PATH: `${bundle}:${process.env["PATH"]}`, HOME: home, ...env };
  }

  /** `env` is all that the commands see, besides `HOME` and a `PATH` on which `entrepot` lies. */
  static async build(env: RunOptions["env"] = {}): Promise<BuiltCommand> {
    const cache = path.join(root, "node_modules/.cache/entrepot");
    await mkdir(cache, { recursive: true });
    const folder = await mkdtemp(path.join(cache, "cli-"));
    const { dependencies, peerDependencies } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
    const foreign = Object.keys({ ...dependencies, ...peerDependencies });
    const build = await rolldown({
      input: { main: path.join(root, "src/cli/main.ts") },
      platform: "node",
      external: (id) => foreign.some((name) => id === name || id.startsWith(`${name}/`)),
      transform: { target: "es2023" },
    });
    const { output } = await build.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs" });
    await build.close();
    const start = path.join(folder, "entrepot");
    await writeFile(start, `#!/bin/sh\nexec "${process.execPath}" "${folder}/main.mjs" "$@"\n`);
    await chmod(start, 0o755);
    const home = await mkdtemp(path.join(tmpdir(), "entrepot-cli-"));
    return new BuiltCommand(
      folder,
      home,
      output.filter((chunk) => chunk.type === "chunk"),
      env,
    );
  }

  start(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
    const env = { ...this.env, ...options.env };
    return spawn(process.execPath, [path.join(this.#bundle, "main.mjs"), ...args], { cwd: this.home, env });
  }

  /** Runs it to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return ended(this.start(args, options), options.input);
  }

  /** Runs a line as a shell does, with `entrepot` on the path. */
  async shell(line: string, options: RunOptions = {}): Promise<Result> {
    const env = { ...this.env, ...options.env };
    return ended(spawn("sh", ["-c", line], { cwd: this.home, env }), options.input);
  }

  async close(): Promise<void> {
    await rm(this.#bundle, { recursive: true, force: true });
    await rm(this.home, { recursive: true, force: true });
  }
}

/** What a process said until its end. */
export function ended(child: ChildProcessWithoutNullStreams, input = ""): Promise<Result> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {
    // it may end before it has read everything
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? signal ?? "unknown", stdout, stderr }));
  });
}

/** One object a line. */
export function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
