/** A run that nothing names: what the program says of it, or a folder with `run.json`. */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Depot, unwatched } from "../../depot/index.ts";
import { closest, EntrepotError } from "../../error/index.ts";
import type { Bytes } from "../../store/index.ts";
import { baselineOf, checkSegment, stackingOrderOf, wrongOrder } from "../store/index.ts";
import { filesOfFolder } from "./files-of-folder.ts";
import { pathOf } from "./policy-files.ts";
import type { FoundRun, LocalRun, RunSource } from "./run.ts";
import { type RunFile, readRunFile } from "./run-file.ts";

const runFileName = "run.json";

/**
 * `asked`: the policy that the arguments name. Errors: misconfigured for an empty `policyId`, and for a policy of nothing; not-found for a
 * `dir` without `run.json`, and for a policy that it does not name; malformed for one that says what there is none of. RangeError for what
 * is no name of a policy, which is a folder here.
 */
export async function fromLocal(
  { data }: RunSource,
  local: LocalRun | undefined,
  asked?: string | undefined,
): Promise<FoundRun> {
  if (local?.policyId === "")
    throw new EntrepotError("misconfigured", "the policyId of local is empty", {
      hint: "give the name of a policy, or leave it out for the baseline",
    });
  const dir = local?.dir === undefined ? await workingRun(data, local) : pathOf(local.dir);
  const file: RunFile = dir === undefined ? {} : await readRunFile(data, join(dir, runFileName));
  if (asked !== undefined && local === undefined && dir === undefined) throw ofNothing();
  const named = asked ?? local?.policyId;
  checkPolicy(named, file);
  const options = { ...file.options, ...local?.options };
  const wrong = file.policies && wrongOrder(options, file.policies);
  if (wrong !== undefined)
    throw new EntrepotError("malformed", wrong, { hint: "name policies of run.json, each once" });
  const policies = file.policies ?? [named ?? "baseline"];
  const policyId = named ?? baselineOf(stackingOrderOf(options, policies), policies) ?? "baseline";
  const { id = "local", name = "local", description = "", model, version } = file;
  const folder = [...(model === undefined ? [] : [model, version ?? "local"]), id, policyId].map((part) => `${part}/`);
  return {
    isBare: local === undefined && dir === undefined,
    isLocal: true,
    id,
    policyId,
    name,
    description,
    model,
    version,
    options,
    policies,
    outputUri: data.resolve(local?.outputUri ?? file.outputUri ?? folder.join(""), { for: "write" }),
    files: await localFiles(data, dir, policyId, local),
  };
}

function ofNothing(): EntrepotError {
  return new EntrepotError("misconfigured", "--policy-id is given, and --run-id is not", {
    hint: "give both for a run of the database; a policy of a local run wants a run.json in the working folder",
  });
}

/** The working folder, where it holds `run.json` and the program says nothing of its own. */
async function workingRun(data: Depot, local: LocalRun | undefined): Promise<string | undefined> {
  if (local !== undefined) return undefined;
  const dir = resolve(".");
  const isThere = await unwatched(() => data.exists(pathToFileURL(join(dir, runFileName))));
  return isThere ? dir : undefined;
}

function checkPolicy(policyId: string | undefined, { policies }: RunFile): void {
  if (policyId === undefined) return;
  checkSegment("policy", policyId);
  if (policies === undefined || policies.includes(policyId)) return;
  const near = closest(policyId, policies);
  throw new EntrepotError("not-found", `the local run has no policy ${JSON.stringify(policyId)}`, {
    hint: near === undefined ? `its policies are ${policies.slice(0, 20).join(", ")}` : `did you mean ${near}?`,
  });
}

async function localFiles(
  data: Depot,
  dir: string | undefined,
  policyId: string,
  local: LocalRun | undefined,
): Promise<ReadonlyMap<string, Bytes>> {
  if (local?.filesDir !== undefined) return filesOfFolder(data, pathOf(local.filesDir));
  if (dir === undefined) return new Map();
  const files = await filesOfFolder(data, dir);
  files.delete(runFileName);
  for (const [name, bytes] of await filesOfFolder(data, join(dir, policyId))) files.set(name, bytes);
  return files;
}
