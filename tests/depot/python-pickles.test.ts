/**
 * Real Pythons: every one of `PICKLE_PYTHONS` (paths, separated by colons), else `python3` with what it has. What they pickle is read,
 * written again by the verbs of a depot, and held against the original by them. Skipped, with a word, where there is none.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { entrepot } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonical } from "../pickle-canonical.ts";

const run = promisify(execFile);
const scripts = new URL("../interop/pickles/", import.meta.url).pathname;

/** What a Python has of what we look for. */
function describePython(python: string): { readonly python: string; readonly has: string } | undefined {
  const ask =
    "import sys, importlib.util as u; print(sys.version.split()[0], *[n for n in ('numpy', 'pandas') if u.find_spec(n)])";
  try {
    return { python, has: execFileSync(python, ["-c", ask], { encoding: "utf8", stdio: "pipe" }).trim() };
  } catch {
    return undefined;
  }
}

const named = process.env["PICKLE_PYTHONS"]?.split(":") ?? ["python3"];
const pythons = named.flatMap((python) => describePython(python) ?? []);
if (pythons.length === 0) console.warn("SKIPPED: no Python to exchange pickles with; set PICKLE_PYTHONS");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-pickles-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(pythons.length === 0).each(pythons)("Python $has", ({ python, has }) => {
  const groups = ["--plain", ...["numpy", "pandas"].filter((name) => has.includes(name)).map((name) => `--${name}`)];
  const protocols = has.startsWith("3.7") ? ["2", "4"] : ["2", "4", "5"];

  interface Case {
    readonly name: string;
    readonly pickles: Readonly<Record<string, string>>;
    readonly expected: unknown;
  }
  async function cases(): Promise<Case[]> {
    const file = path.join(folder, `${has}.jsonl`);
    await run(python, [`${scripts}make-fixtures.py`, file, ...protocols, ...groups]);
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    return lines.map((line): Case => JSON.parse(line));
  }

  test("finds what was read and written again equal to its own", { timeout: 120_000 }, async () => {
    const data = entrepot({ roots: { m: "memory:///" }, location: "m", cache: false, env: {}, envFile: false });
    const written: string[] = [];
    for (const { name, pickles, expected } of await cases()) {
      // an array of no axes is no scalar of numpy's
      const isExact = name !== "np time scalar";
      for (const [protocol, pickle] of Object.entries(pickles)) {
        const original = Buffer.from(pickle, "base64");
        await data.writeBytes("original.pkl", original);
        const value = await data.readPickle("original.pkl");
        expect({ name, protocol, value: canonical(value) }).toEqual({ name, protocol, value: expected });
        await data.writePickle("ours.pkl", value, { protocol: Number(protocol) as 4 });
        const ours = Buffer.from(await data.readBytes("ours.pkl")).toString("base64");
        if (isExact) written.push(JSON.stringify({ name, protocol, original: pickle, pickle: ours }));
      }
    }
    await data.close();
    const file = path.join(folder, `${has}.written.jsonl`);
    await writeFile(file, written.join("\n"));
    const { stdout } = await run(python, [`${scripts}check-written.py`, file]).catch((error) => error);
    const told = String(stdout).trim().split("\n");
    expect(told.slice(0, -1).filter((line) => !isMeant(line))).toEqual([]);
    expect(told.at(-1)).toMatch(/^\d\d+ compared/);
  });
});

/** NaT among objects is None afterwards; Python 3.7 has no zoneinfo. */
function isMeant(line: string): boolean {
  return line.includes("NaT != None") || line.includes("No module named 'zoneinfo'");
}
