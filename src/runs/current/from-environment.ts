/** A run that a worker has laid out for its program: everything is in the environment and in a folder, and no database is asked. */
import { EntrepotError } from "../../error/index.ts";
import { exactJsonOf } from "../../format/index.ts";
import { checkSegment, type RunOptions } from "../store/index.ts";
import { filesOfFolder } from "./files-of-folder.ts";
import type { RunIds } from "./named-ids.ts";
import type { FoundRun, RunSource } from "./run.ts";
import { type RunFile, readRunFile } from "./run-file.ts";

/** Whether the environment holds this run, and not only its ids. */
export function isLaidOut({ runId, policyId }: RunIds, env: RunSource["env"]): boolean {
  return (
    env["ENTREPOT_RUN_ID"] === runId &&
    env["ENTREPOT_POLICY_ID"] === policyId &&
    (env["ENTREPOT_OUTPUT_URI"] ?? "") !== ""
  );
}

/** Errors: malformed for options that are no JSON object, misconfigured for a version that is none. */
export async function fromEnvironment({ data, env }: RunSource, { runId, policyId }: RunIds): Promise<FoundRun> {
  const path = env["ENTREPOT_RUN_FILE"] || undefined;
  const file: RunFile = path === undefined ? {} : await readRunFile(data, path);
  const folder = env["ENTREPOT_FILES_DIR"] || undefined;
  const { model, version } = versionOf(env["ENTREPOT_MODEL_VERSION"] ?? "");
  return {
    isBare: false,
    isLocal: false,
    id: runId,
    policyId,
    name: file.name ?? runId,
    description: file.description ?? "",
    model: file.model ?? model,
    version: file.version ?? version,
    options: optionsOf(env["ENTREPOT_OPTIONS"]) ?? file.options ?? {},
    policies: file.policies ?? [policyId],
    outputUri: data.resolve(env["ENTREPOT_OUTPUT_URI"] ?? "", { for: "write" }),
    files: folder === undefined ? new Map() : await filesOfFolder(data, folder),
  };
}

/** `model@version`, as snapshots have it; empty: of no model. */
function versionOf(text: string): { readonly model: string | undefined; readonly version: string | undefined } {
  if (text === "") return { model: undefined, version: undefined };
  const [model, version, ...rest] = text.split("@");
  try {
    if (rest.length === 0) return { model: checkSegment("model", model), version: checkSegment("version", version) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  }
  throw new EntrepotError("misconfigured", `ENTREPOT_MODEL_VERSION is ${JSON.stringify(text.slice(0, 200))}`, {
    hint: "write a model and a version of it: model@version",
  });
}

function optionsOf(text: string | undefined): RunOptions | undefined {
  if (text === undefined || text === "") return undefined;
  const options = exactJsonOf(text, { uri: "ENTREPOT_OPTIONS" });
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return options as RunOptions;
  throw new EntrepotError("malformed", "ENTREPOT_OPTIONS is no JSON object", { hint: 'write {"name": value}' });
}
