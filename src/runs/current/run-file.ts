/** `run.json`: what a run is, beside its ids; written by people for local runs, and by workers for their programs. */
import { pathToFileURL } from "node:url";
import { type Depot, unwatched } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { exactJsonOf } from "../../format/index.ts";
import type { RunOptions } from "../store/index.ts";
import { checkSegment } from "../store/index.ts";

/** Every field may be missing. */
export interface RunFile {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly model?: string;
  readonly version?: string;
  readonly options?: RunOptions;
  /** Ids; the first is the baseline unless the options say a stacking order. */
  readonly policies?: readonly string[];
  readonly outputUri?: string;
}

const texts = ["name", "description", "outputUri"] as const;
const names = ["id", "model", "version"] as const;

/** Errors: not-found; malformed, saying which field is wrong, also for one that there is none of. */
export async function readRunFile(data: Depot, path: string): Promise<RunFile> {
  const uri = pathToFileURL(path);
  const value: unknown = exactJsonOf(await unwatched(() => data.readText(uri)), { uri: uri.href });
  const fail = (what: string): never => {
    throw new EntrepotError("malformed", `${path} is no description of a run: ${what}`, {
      hint: 'such as { "name": "test", "options": { "firstYear": 2024 }, "policies": ["baseline", "p1"] }',
    });
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail("it is no JSON object");
  const given = value as Readonly<Record<string, unknown>>;
  const known: readonly string[] = [...texts, ...names, "options", "policies"];
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) fail(`there is no ${JSON.stringify(unknown)}, only ${known.join(", ")}`);
  for (const name of texts)
    if (given[name] !== undefined && typeof given[name] !== "string") fail(`its ${name} is no text`);
  const segments = [...names.map((name) => [name, given[name]]), ...policiesOf(given["policies"], fail)];
  for (const [what, name] of segments as readonly (readonly [string, unknown])[]) {
    if (name === undefined) continue;
    try {
      checkSegment(what, name);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  }
  const { options } = given;
  if (options !== undefined && (typeof options !== "object" || options === null || Array.isArray(options)))
    fail("its options are no object");
  return given as RunFile;
}

function policiesOf(policies: unknown, fail: (what: string) => never): readonly (readonly [string, unknown])[] {
  if (policies === undefined) return [];
  if (!Array.isArray(policies) || policies.length === 0) return fail("its policies are no list of ids");
  return policies.map((policy: unknown) => ["policy", policy] as const);
}
