/** `entrepot runs cancel`: ends what has not ended, programs included. */
import { cancelJobs, type RunRecord, type RunStore } from "../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";
import { text, texts } from "../../option.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";
import { openSubmitterOf, serviceSettingsOption } from "../../runs/submit-options.ts";

export const cancel: Command = defineCommand({
  name: "runs cancel",
  summary: "end what of a run has not ended, its programs included",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: {
    policy: texts("NAME", "this policy only; as often as needed"),
    reason: text("TEXT", "why, for who looks at the run (cancelled)"),
    settings: serviceSettingsOption,
    ...runsOptions,
  },
  notes: [
    "The tasks are cancelled at once; a worker hears of it within two seconds and sends SIGTERM to the program and all that it started, then SIGKILL. Where the baseline comes first and is cancelled, the others are, too.",
    "Jobs of batch and kubernetes that run hear of it as workers do, and those that wait end when they begin; with --settings their service is told to end them now. What it could not be told is told by the same line again.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs cancel test", says: "all of it" },
    { line: "entrepot runs cancel test --policy high --reason mistake", says: "one policy" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const run = await namedRun(store, word);
      const policyIds = values.policy?.map((policy) => namedPolicy(run, policy));
      const { settings, reason } = values;
      const submitter = settings === undefined ? undefined : await openSubmitterOf(call, run, settings);
      try {
        const changed = await store.runs.cancel(run.id, { policyIds, reason });
        await call.output.tell({
          text: () =>
            call.output.quiet ? undefined : `cancelled ${formatCount(changed.length, "task")} of ${printable(word)}`,
          json: () => ({ type: "cancelled", id: run.id, tasks: changed.map((task) => recordJson("task", task)) }),
        });
        if (submitter === undefined) return await tellJobsLeft(call, store, run);
        const jobs = await cancelJobs(store, submitter, run.id, { reason, signal: call.signal });
        await call.output.tell({
          text: () =>
            call.output.quiet ? undefined : `${run.service} is told to end ${formatCount(jobs.length, "job")}`,
          json: () => ({ type: "cancelled-jobs", id: run.id, jobs: jobs.map((job) => recordJson("job", job)) }),
        });
      } finally {
        await submitter?.close();
      }
    }),
});

async function tellJobsLeft({ output }: Call, store: RunStore, { id, service }: RunRecord): Promise<void> {
  if (service === undefined) return;
  const tasks = await store.tasks.list(id);
  const cancelled = new Set(tasks.flatMap(({ state, policyId }) => (state === "cancelled" ? [policyId] : [])));
  const left = (await store.jobs.list(id)).filter(
    ({ policyId, cancelledMs }) => cancelledMs === undefined && cancelled.has(policyId),
  );
  if (left.length === 0) return;
  output.say({
    text: () =>
      `${formatCount(left.length, "job")} of ${service} may be left, and will end without effect: --settings FILE ends them now`,
    json: () => ({ type: "jobs-left", id, service, jobs: left.map((job) => recordJson("job", job)) }),
  });
}
