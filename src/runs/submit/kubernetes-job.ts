/** The Job of a task: one container that executes one worker; nothing in it is a secret. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { KubernetesSettings } from "./settings.ts";
import type { JobManifest, Submission } from "./submitter.ts";
import { attemptSeconds, endedCode, jobEnvironment, jobName, workerCommand } from "./task-job.ts";

/** How long a Job is kept after it ended, seconds: its log is in the database. */
const keptSeconds = 86_400;
/** For a program that is cancelled, and what its worker says then. */
const graceSeconds = 60;

/** Errors: misconfigured for a version without an image; unsupported for one that waits, because no Job waits for another. */
export function kubernetesJob(data: Depot, settings: KubernetesSettings, task: Submission): JobManifest["body"] {
  const { secret, serviceAccount, environment, cpus = 1, memoryMiB = 2_048 } = settings;
  const { image } = task.version.program;
  if (image === undefined)
    throw new EntrepotError("misconfigured", `${task.run.model} ${task.run.version} has no container image`, {
      hint: "deploy a version with one: entrepot runs model deploy --image",
    });
  if (task.after !== undefined)
    throw new EntrepotError("unsupported", "no Job of Kubernetes waits for another", {
      hint: "submit those that wait when the baseline is done",
    });
  const resources = { cpu: String(cpus), memory: `${memoryMiB}Mi` };
  const seconds = attemptSeconds(task);
  const labels = { "app.kubernetes.io/managed-by": "entrepot", "entrepot/run": task.run.id };
  // labels hold letters of English only
  const annotations = { "entrepot/model": `${task.run.model}@${task.run.version}`, "entrepot/policy": task.policyId };
  const variables = jobEnvironment(data, task, environment);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { generateName: `${jobName(task)}-`, labels, annotations },
    spec: {
      backoffLimit: task.run.retries,
      ttlSecondsAfterFinished: keptSeconds,
      ...(seconds === undefined ? {} : { activeDeadlineSeconds: seconds * (task.run.retries + 1) }),
      // what failed or was cut off is tried again; what has ended is not
      podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [endedCode] } }] },
      template: {
        metadata: { labels, annotations },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: graceSeconds,
          ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
          containers: [
            {
              name: "worker",
              image,
              command: workerCommand(task),
              env: [
                ...Object.entries(variables).map(([name, value]) => ({ name, value })),
                { name: "ENTREPOT_RUNS", valueFrom: { secretKeyRef: { name: secret, key: "ENTREPOT_RUNS" } } },
              ],
              resources: { requests: resources, limits: { memory: resources.memory } },
            },
          ],
        },
      },
    },
  };
}
