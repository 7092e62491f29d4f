/** What a job of any service executes: one worker for one task, and the variables that it finds its place by. */
import { createHash } from "node:crypto";
import type { Depot } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { outputFolder, snapshotsOf } from "../store/index.ts";
import type { Submission } from "./submitter.ts";

/**
 * Executes one attempt of this task. Exit code 0: the task is done; `endedCode`: it has ended otherwise, or waits; another: the service
 * starts it again, which is the next attempt.
 */
export function workerCommand({ run, policyId }: Submission): readonly string[] {
  return ["entrepot", "runs", "worker", "--run", run.id, "--policy", policyId];
}

/** What the command line ends with for `precondition-failed`. */
export const endedCode = 6;

/**
 * The root of outputs and snapshots as the depot has it, and who this is. Error: misconfigured for a root that is a folder of this machine,
 * which no other has.
 */
export function jobEnvironment(
  data: Depot,
  task: Submission,
  extra: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const { run, policyId } = task;
  const folder = outputFolder(run, policyId);
  const output = data.resolve(folder, { for: "write" });
  const root = output.slice(0, -folder.length);
  if (extra["ENTREPOT_ROOT_CLOUD"] === undefined && !(output.startsWith("s3://") && output.endsWith(folder)))
    throw new EntrepotError("misconfigured", `outputs would go to ${output}, which a job elsewhere does not reach`, {
      hint: "set ENTREPOT_LOCATION=cloud and ENTREPOT_ROOT_CLOUD=s3://bucket/…, here or in environment of the settings",
    });
  return {
    ENTREPOT_RUN_ID: run.id,
    ENTREPOT_POLICY_ID: policyId,
    ENTREPOT_MODEL_VERSION: snapshotsOf(run.model, run.version),
    ENTREPOT_LOCATION: "cloud",
    ENTREPOT_ROOT_CLOUD: root,
    ...extra,
  };
}

/** Of letters, digits and -, at most 37 characters, the same for the same task. */
export function jobName({ run, policyId }: Submission): string {
  const short = createHash("sha256").update(policyId).digest("hex").slice(0, 10);
  return `entrepot-${run.id}-${short}`;
}

/** A backstop behind the worker's own time-out, for one attempt: five minutes more, to begin and to end. `undefined`: no limit. */
export function attemptSeconds({ run: { timeoutSeconds } }: Submission): number | undefined {
  return timeoutSeconds === undefined ? undefined : timeoutSeconds + 300;
}
