/** What a program of any language is told when it is executed: variables, `run.json`, and its parameter files in a folder. */
import { join } from "node:path";
import type { Depot } from "../../depot/index.ts";
import { openNodeDisk } from "../../disk/index.ts";
import { checkDepot } from "../given-depot.ts";
import { checkFileName, type Files, type RunRecord, snapshotsOf } from "../store/index.ts";

/** Exit code of a program that says that a further attempt would fail, too (EX_DATAERR). */
export const failedForGood = 65;

/** Where one attempt of one policy finds its things. */
export interface LaidOut {
  readonly runFile: string;
  readonly filesDir: string;
}

/** Writes `run.json` and the parameter files of a policy into a folder of this disk, which is made if need be. */
export async function layOut(
  data: Depot,
  store: { readonly files: Pick<Files, "list" | "read"> },
  run: RunRecord,
  { policyId, dir }: { readonly policyId: string; readonly dir: string },
): Promise<LaidOut> {
  checkDepot("layOut()", data);
  const runFile = join(dir, "run.json");
  const filesDir = join(dir, "files");
  const disk = openNodeDisk();
  const files = await store.files.list(run.id, policyId);
  await disk.makeFolder(filesDir);
  // nothing that has to outlive the machine
  for (const { name, policyId: whose } of files)
    await disk.writeFile(join(filesDir, checkFileName(name)), await store.files.read(run.id, whose, name));
  await disk.writeFile(runFile, new TextEncoder().encode(`${JSON.stringify(runJson(run), undefined, 2)}\n`));
  return { runFile, filesDir };
}

function runJson({ id, name, description, model, version, options, policies }: RunRecord) {
  return { id, name, description, model, version, options, policies };
}

export interface Execution extends LaidOut {
  readonly policyId: string;
  /** Ends in `/`. */
  readonly outputUri: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** The variables of the contract. Credentials are no part of it: whoever executes a program decides which it has. */
export function contractEnvironment(run: RunRecord, execution: Execution): Readonly<Record<string, string>> {
  const { policyId, outputUri, filesDir, runFile, attempt } = execution;
  return {
    ENTREPOT_RUN_ID: run.id,
    ENTREPOT_POLICY_ID: policyId,
    ENTREPOT_ATTEMPT: String(attempt),
    ENTREPOT_OUTPUT_URI: outputUri,
    ENTREPOT_OPTIONS: JSON.stringify(run.options),
    ENTREPOT_FILES_DIR: filesDir,
    ENTREPOT_RUN_FILE: runFile,
    ENTREPOT_MODEL_VERSION: snapshotsOf(run.model, run.version),
  };
}

/** The arguments that are added to the command of the program. */
export function contractArguments(runId: string, policyId: string): readonly string[] {
  return ["--run-id", runId, "--policy-id", policyId];
}
