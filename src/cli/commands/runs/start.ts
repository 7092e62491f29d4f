/** `entrepot runs start`: hands a run to the workers. */
import { type RunStore, type SubmitterName, submitJobs, submitRun, submitterNames } from "../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";
import { choice } from "../../option.ts";
import { namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";
import { openSubmitter, serviceSettingsOption, submitNote } from "../../runs/submit-options.ts";
import { UsageError } from "../../usage-error.ts";

export const start: Command = defineCommand({
  name: "runs start",
  summary: "hand a run to the workers; what it is made of is fixed then",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: {
    submit: choice(submitterNames, "as jobs of this service, instead of to workers that wait"),
    settings: serviceSettingsOption,
    ...runsOptions,
  },
  notes: [
    "One that is under way is not started twice: what a start that was cut off had not sent is sent. Programs run where entrepot runs worker does.",
    `${submitNote} A job of a policy that waits for the baseline may need a second start --submit, once that is done. Such a run is its jobs' for good: workers that wait leave it alone. runs status and runs cancel reach the service by the same --settings.`,
    runsNote,
  ],
  examples: [
    { line: "entrepot runs start test", says: "by its name; then entrepot runs status test --follow" },
    { line: "entrepot runs start --json test", says: "the same, for programs" },
  ],
  async run(call, values, [word = ""]) {
    const { submit, settings } = values;
    if (submit === undefined && settings !== undefined)
      throw new UsageError("--settings is of a service", "name it with --submit, or leave it out");
    await withRuns(call, values, async (store) => {
      const { id } = await namedRun(store, word);
      if (submit === undefined) await toWorkers(call, store, id, word);
      else await toService(call, store, id, { submit, settings });
    });
  },
});

/** `word`: as it was typed. */
async function toWorkers({ output }: Call, store: RunStore, id: string, word: string): Promise<void> {
  const { run, isNew, sent } = await submitRun(store, id);
  await output.tell({
    text: () => {
      if (output.quiet) return undefined;
      if (run.service !== undefined)
        return `${printable(word)} is of jobs of ${run.service}: --submit ${run.service} sends what is ready`;
      if (!isNew) return `${printable(word)} was started before; ${formatCount(sent, "task")} sent that had not been`;
      const order = run.baselineFirst ? ", the baseline first" : "";
      return `${printable(word)} is started: ${formatCount(run.policies.length, "policy", "policies")}${order}`;
    },
    json: () => ({ ...recordJson("run", run), isNew, sent }),
  });
}

async function toService(
  call: Call,
  store: RunStore,
  id: string,
  { submit, settings }: { readonly submit: SubmitterName; readonly settings: string | undefined },
): Promise<void> {
  const { output, signal } = call;
  const submitter = await openSubmitter(call, submit, settings);
  try {
    const { waiting, underWay } = await submitJobs(store, submitter, id, {
      signal,
      onJob: ({ policyId, jobId }) =>
        output.tellLater({
          text: () => (output.quiet ? undefined : `${printable(policyId)} ${printable(jobId)}`),
          json: () => ({ type: "job", policyId, jobId }),
        }),
    });
    if (underWay.length > 0)
      output.say({
        text: () => `${formatCount(underWay.length, "policy has", "policies have")} a job already that waits or runs`,
        json: () => ({ type: "under-way", jobs: underWay.map((job) => ({ ...job })) }),
      });
    if (waiting.length > 0)
      output.say({
        text: () =>
          `${formatCount(waiting.length, "policy waits", "policies wait")} for the baseline: start --submit again when it is done`,
        json: () => ({ type: "waiting", policyIds: waiting }),
      });
  } finally {
    await submitter.close();
  }
}
