/** A run of the database, for a program that was told its ids alone. */
import { EntrepotError } from "../../error/index.ts";
import { databasePlace } from "../../queue/index.ts";
import type { Bytes } from "../../store/index.ts";
import { openPlace, runDatabase } from "../open-run-store.ts";
import { outputFolder, type RunStore } from "../store/index.ts";
import type { RunIds } from "./named-ids.ts";
import type { FoundRun, RunSource } from "./run.ts";

/** Errors: not-found for a run or policy that there is none of, and those of `openRunStore`. */
export async function fromDatabase(
  { data, env }: RunSource,
  ids: RunIds,
  database: RunStore | string | undefined,
): Promise<FoundRun> {
  if (typeof database === "object") return readFrom(database, data, ids);
  const store = await openPlace(database === undefined ? runDatabase({ env }) : databasePlace(database), {
    create: false,
  });
  try {
    return await readFrom(store, data, ids);
  } finally {
    await store.close();
  }
}

async function readFrom(store: RunStore, data: RunSource["data"], { runId, policyId }: RunIds): Promise<FoundRun> {
  const run = await store.runs.get(runId);
  if (!run.policies.includes(policyId))
    throw new EntrepotError("not-found", `run ${runId} has no policy ${JSON.stringify(policyId)}`, {
      hint: `its policies are ${run.policies.slice(0, 20).join(", ")}`,
    });
  const files = new Map<string, Bytes>();
  for (const { name, policyId: whose } of await store.files.list(runId, policyId))
    files.set(name, await store.files.read(runId, whose, name));
  const { name, description, model, version, options, policies } = run;
  const outputUri = data.resolve(outputFolder(run, policyId), { for: "write" });
  return {
    isBare: false,
    isLocal: false,
    id: runId,
    policyId,
    name,
    description,
    model,
    version,
    options,
    policies,
    outputUri,
    files,
  };
}
