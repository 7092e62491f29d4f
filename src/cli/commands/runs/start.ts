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
    submit: choice(submitterNames, "a job for each task instead of workers that wait"),
    settings: serviceSettingsOption,
    ...runsOptions,
  },
  notes: [
    "One that is under way is not started twice: what a start that was cut off had not sent is sent. Programs run where entrepot runs worker does.",
    `With --submit a second start makes jobs for what is ready then, such as what waited for the baseline where jobs cannot wait. ${submitNote}`,
    runsNote,
  ],
  examples: [
    { line: "entrepot runs start test", says: "by its name; then entrepot runs status test --follow" },
    { line: "entrepot runs start --json test", says: "the same, for programs" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const { id } = await namedRun(store, word);
      if (values.submit !== undefined) return asJobs(call, store, id, values.submit, values.settings);
      if (values.settings !== undefined) throw new UsageError("--settings is for --submit", "leave it out");
      const { run, isNew, sent } = await submitRun(store, id);
      await call.output.tell({
        text: () => {
          if (call.output.quiet) return undefined;
          if (!isNew) return `${id} was started before; ${formatCount(sent, "task")} sent that had not been`;
          return `${id} is started: ${formatCount(run.policies.length, "policy", "policies")}${run.baselineFirst ? ", the baseline first" : ""}`;
        },
        json: () => ({ ...recordJson("run", run), isNew, sent }),
      });
    }),
});

async function asJobs(
  call: Call,
  store: RunStore,
  id: string,
  name: SubmitterName,
  settings: string | undefined,
): Promise<void> {
  const { output, signal } = call;
  const submitter = await openSubmitter(call, name, settings, "settings");
  try {
    const { jobs, waiting } = await submitJobs(store, submitter, id, {
      signal,
      // told at once: what was sent before a failure is there
      onJob: ({ policyId, jobId }) =>
        output.tellLater({
          text: () => `${printable(policyId)}: job ${printable(jobId)}`,
          json: () => ({ type: "job", runId: id, policyId, jobId }),
        }),
    });
    await output.tell({
      text: () =>
        waiting.length === 0 || output.quiet
          ? undefined
          : `${formatCount(waiting.length, "policy waits", "policies wait")} for the baseline: start it again when that is done`,
      json: () => ({ type: "summary", jobs: jobs.length, waiting }),
    });
  } finally {
    await submitter.close();
  }
}
