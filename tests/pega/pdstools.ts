/** pdstools, where an interpreter has it, and the real exports beside this repository, where they lie there; without them it says so. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const python = process.env["PDSTOOLS_PYTHON"] ?? "python3";

/** Whether the interpreter that `PDSTOOLS_PYTHON` names (default python3) can do that. */
export function hasPdstools(imports: string): boolean {
  const hasIt = spawnSync(python, ["-c", imports]).status === 0;
  if (!hasIt) console.warn(`SKIPPED: ${python} has no pdstools 3.5; PDSTOOLS_PYTHON names one that has`);
  return hasIt;
}

/** What a script prints. */
export async function byPython(script: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(python, ["-c", script, ...args], { maxBuffer: 1 << 28 });
  return stdout;
}

export const realFolder = ["../../../shared/data/pega/", "../../../../shared/data/pega/"]
  .map((path) => new URL(path, import.meta.url).pathname)
  .find((folder) => existsSync(folder));
if (realFolder === undefined) console.warn("SKIPPED: there are no real exports in ../shared/data/pega");
