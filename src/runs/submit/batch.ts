/** AWS Batch: a job of a queue for every task, by its JSON API. The image and all secrets are those of the job definition. */
import { type Depot, type EntrepotOptions, openServiceClient } from "../../depot/index.ts";
import { EntrepotError, type ErrorCode } from "../../error/index.ts";
import { answered, type Fields, textIn } from "./answers.ts";
import type { BatchSettings } from "./settings.ts";
import type { JobManifest, Submission, SubmittedJob, Submitter } from "./submitter.ts";
import { attemptSeconds, endedCode, jobEnvironment, jobName, workerCommand } from "./task-job.ts";

/** As Batch allows. */
const mostAttempts = 10;
const leastSeconds = 60;

const byWord: Readonly<Record<string, ErrorCode>> = {
  AccessDeniedException: "forbidden",
  ExpiredTokenException: "unauthenticated",
  IncompleteSignature: "unauthenticated",
  InvalidClientTokenId: "unauthenticated",
  InvalidSignatureException: "unauthenticated",
  MissingAuthenticationToken: "unauthenticated",
  UnrecognizedClientException: "unauthenticated",
  SignatureDoesNotMatch: "unauthenticated",
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
};

const states: Readonly<Record<string, SubmittedJob["state"]>> = {
  SUBMITTED: "waiting",
  PENDING: "waiting",
  RUNNABLE: "waiting",
  STARTING: "running",
  RUNNING: "running",
  SUCCEEDED: "done",
  FAILED: "failed",
};

/** What `SubmitJob` is sent. */
export function batchJob(data: Depot, settings: BatchSettings, task: Submission): JobManifest["body"] {
  const { queue, jobDefinition, environment, cpus = 1, memoryMiB = 2_048 } = settings;
  const seconds = attemptSeconds(task);
  return {
    jobName: jobName(task),
    jobQueue: queue,
    jobDefinition,
    containerOverrides: {
      command: workerCommand(task),
      environment: Object.entries(jobEnvironment(data, task, environment)).map(([name, value]) => ({ name, value })),
      resourceRequirements: [
        { type: "VCPU", value: String(cpus) },
        { type: "MEMORY", value: String(memoryMiB) },
      ],
    },
    // what failed or was cut off is tried again; what has ended is not
    retryStrategy: {
      attempts: Math.min(mostAttempts, task.run.retries + 1),
      evaluateOnExit: [
        { onExitCode: String(endedCode), action: "EXIT" },
        { onReason: "*", action: "RETRY" },
      ],
    },
    ...(seconds === undefined ? {} : { timeout: { attemptDurationSeconds: Math.max(leastSeconds, seconds) } }),
    ...(task.after === undefined ? {} : { dependsOn: [{ jobId: task.after }] }),
    tags: { "entrepot-run": task.run.id, "entrepot-model": task.run.model },
  };
}

/** By the depot's credentials. */
export function batchSubmitter(data: Depot, options: EntrepotOptions, settings: BatchSettings): Submitter {
  const client = openServiceClient(options);
  const regionOf = () => (settings.region === undefined ? client.region() : Promise.resolve(settings.region));
  const urlOf = (region: string, call: string) =>
    new URL(`/v1/${call}`, settings.endpoint ?? `https://${client.hostOf("batch", region)}`);
  const ask = async (call: string, body: JobManifest["body"], signal: AbortSignal | undefined): Promise<Fields> => {
    const region = await regionOf();
    const url = urlOf(region, call);
    const headers = { "content-type": "application/json" };
    const question = { method: "POST", url, headers, body: Buffer.from(JSON.stringify(body)), signal } as const;
    const answer = await client.askSigned(question, "batch", region);
    return answered(
      `AWS Batch at ${url.host}`,
      answer,
      (fields, given) =>
        byWord[(given["x-amzn-errortype"] ?? textIn(fields, "__type") ?? "").replace(/^.*#|:.*$/g, "")],
    );
  };
  const close = () => client.close();
  return {
    name: "batch",
    jobsWait: true,
    async manifest(task) {
      return {
        method: "POST",
        url: urlOf(await regionOf(), "submitjob").href,
        body: batchJob(data, settings, task),
      };
    },
    async submit(task, { signal } = {}) {
      const id = textIn(await ask("submitjob", batchJob(data, settings, task), signal), "jobId");
      if (id !== undefined) return id;
      throw new EntrepotError("protocol", "AWS Batch answered without the id of the job");
    },
    async cancel(id, reason, { signal } = {}) {
      await ask("terminatejob", { jobId: id, reason: reason.slice(0, 1_000) || "cancelled" }, signal);
    },
    async describe(id, { signal } = {}) {
      const { jobs } = await ask("describejobs", { jobs: [id] }, signal);
      const job: Fields | undefined = Array.isArray(jobs) ? jobs[0] : undefined;
      if (job === undefined)
        throw new EntrepotError("not-found", `AWS Batch has no job ${JSON.stringify(id)}`, {
          hint: "it keeps jobs for a week after they ended",
        });
      const state = states[textIn(job, "status") ?? ""];
      if (state === undefined) throw new EntrepotError("protocol", `AWS Batch says no state of job ${id}`);
      return { id, state, reason: textIn(job, "statusReason") };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
