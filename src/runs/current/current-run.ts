/** The run that this program is: from arguments, ids, the environment, or else a local one. */
import { resolve } from "node:path";
import type { Depot, Snapshots, StandardSchema } from "../../depot/index.ts";
import { safeJoin } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError, mistakeIn } from "../../error/index.ts";
import { validated } from "../../format/index.ts";
import { joinUri } from "../../uri/index.ts";
import { progressLine } from "../contract/index.ts";
import { baselineOf, snapshotsOf, stackingOrderOf } from "../store/index.ts";
import { fromDatabase } from "./from-database.ts";
import { fromEnvironment, isLaidOut } from "./from-environment.ts";
import { fromLocal } from "./from-local.ts";
import { localPolicy, namedIds } from "./named-ids.ts";
import { policyFiles } from "./policy-files.ts";
import { startRecording } from "./recording.ts";
import type { CurrentRunOptions, FoundRun, LocalRun, Run, RunOf } from "./run.ts";

const optionNames: ReadonlySet<string> = new Set<keyof CurrentRunOptions>([
  "argv",
  "env",
  "runId",
  "policyId",
  "options",
  "local",
  "database",
  "write",
  "record",
]);
const localNames: ReadonlySet<string> = new Set<keyof LocalRun>([
  "dir",
  "outputUri",
  "filesDir",
  "options",
  "policyId",
]);

/**
 * The run by `--run-id` and `--policy-id` (or `--run_id`, `--policy_id`), else by `runId` and `policyId`, else by the environment, else a
 * local one. A database is asked only where the environment names these ids without the rest. From here on everything that the program
 * reads and writes through depots is recorded (see `close`). Errors: misconfigured for one id without the other; not-found; malformed for
 * options that do not fit the schema; those of `openRunStore`.
 */
export async function currentRun<S extends StandardSchema | undefined = undefined>(
  data: Depot,
  options: CurrentRunOptions<S> = {},
): Promise<RunOf<S>> {
  refuse(mistakeIn("currentRun()", options, optionNames));
  if (options.local !== undefined) refuse(mistakeIn("local of currentRun()", options.local, localNames));
  const { argv = process.argv.slice(2), env = process.env, runId, policyId, local, database } = options;
  const source = { data, env };
  const asked = localPolicy({ argv, env, runId, policyId });
  const ids = asked === undefined ? namedIds({ argv, env, runId, policyId }) : undefined;
  const found =
    ids === undefined
      ? await fromLocal(source, local, asked)
      : isLaidOut(ids, env)
        ? await fromEnvironment(source, ids)
        : await fromDatabase(source, ids, database);
  const checked = options.options === undefined ? found.options : await fitting(found, options.options);
  return runOf(data, found, checked, options) as RunOf<S>;
}

function runOf(
  data: Depot,
  found: FoundRun,
  options: unknown,
  { write = toStdout, record = !found.isBare }: Pick<CurrentRunOptions, "write" | "record">,
): Run<unknown> {
  const { files, policies, outputUri: given, isBare: _, ...rest } = found;
  const outputUri: `${string}/` = given.endsWith("/") ? (given as `${string}/`) : `${given}/`;
  const stackingOrder = stackingOrderOf(found.options, policies);
  const baseline = baselineOf(stackingOrder, policies) ?? found.policyId;
  const recording = record ? startRecording(data, outputUri) : undefined;
  const close = async (): Promise<void> => recording?.close();
  return {
    ...rest,
    policies,
    options,
    stackingOrder,
    baseline,
    isBaseline: baseline === found.policyId,
    files: policyFiles(data, files),
    snapshots: snapshotsIn(data.snapshots, found),
    outputUri,
    output: (name) => {
      // as a file would be called, wherever the outputs are
      safeJoin("/outputs", name);
      return joinUri(outputUri, name);
    },
    log: (line) => write(line),
    progress: (fraction, message) => write(progressLine(fraction, message)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Whose options do not fit is said, too: often those of nothing, in another folder than was meant. */
async function fitting({ options, id, policyId, isLocal, isBare }: FoundRun, schema: StandardSchema): Promise<unknown> {
  try {
    return await validated(options, schema);
  } catch (error) {
    if (!isEntrepotError(error, "malformed")) throw error;
    const run = isLocal ? `the local run ${id}` : `run ${id}`;
    const whose = isBare ? `the local run (no run.json in ${resolve(".")})` : `${run}, policy ${policyId},`;
    throw new EntrepotError(
      "malformed",
      error.message.replace(/^the value does not fit its/, `the options of ${whose} do not fit their`),
      {
        cause: error,
        hint: isBare
          ? 'write run.json: { "options": { … } }, or name a run of the database: --run-id ID --policy-id ID'
          : "mend the options of the run, or the schema",
      },
    );
  }
}

function refuse(mistake: Error | undefined): void {
  if (mistake !== undefined) throw mistake;
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** With the name-space of the version where none is given. */
function snapshotsIn(all: Snapshots, { model, version: named }: FoundRun): Snapshots {
  if (model === undefined || named === undefined) return all;
  const version = snapshotsOf(model, named);
  return {
    save: (name, fromDir, options) => all.save(name, fromDir, { version, ...options }),
    restore: (name, toDir, options) => all.restore(name, toDir, { version, ...options }),
    list: (options) => all.list({ version, ...options }),
    clear: (name, options) => all.clear(name, { version, ...options }),
  };
}
