/** `entrepot runs status`: how far a run is. */
import {
  type DescribedJob,
  describeJobs,
  type RunRecord,
  type RunStore,
  type TaskRecord,
} from "../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";
import type { Message } from "../../message.ts";
import { flag } from "../../option.ts";
import { columnLines } from "../../runs/columns.ts";
import { eventMessage, percent } from "../../runs/event-lines.ts";
import { namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";
import { notStarted, taskText } from "../../runs/run-lines.ts";
import { openSubmitterOf, serviceSettingsOption } from "../../runs/submit-options.ts";

export const status: Command = defineCommand({
  name: "runs status",
  summary: "how far a run is, policy by policy",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: {
    follow: flag("then what happens, until the run has ended", "f"),
    settings: serviceSettingsOption,
    ...runsOptions,
  },
  notes: [
    "With --settings also what batch or kubernetes says of the jobs of tasks that have not ended.",
    "With --follow the exit code is 1 when the run failed or was cancelled.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs status test", says: "as it is now" },
    { line: "entrepot runs status test --follow", says: "waits for its end" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const run = await namedRun(store, word);
      const jobs = values.settings === undefined ? [] : await describedJobs(call, store, run, values.settings);
      await tellStatus(call, run, { tasks: await store.tasks.list(run.id), jobs });
      if (run.state === "created") call.output.say(notStarted(run));
      else if (run.service === undefined && run.tasks.ready > 0 && run.tasks.running === 0)
        call.output.say(waiting(run));
      if (values.follow && run.state !== "created") await follow(call, store, run);
    }),
});

async function describedJobs(
  call: Call,
  store: RunStore,
  run: RunRecord,
  settings: string,
): Promise<readonly DescribedJob[]> {
  const submitter = await openSubmitterOf(call, run, settings);
  try {
    return await describeJobs(store, submitter, run.id, { signal: call.signal });
  } finally {
    await submitter.close();
  }
}

function jobText(job: DescribedJob | undefined): string {
  if (job === undefined) return "";
  const { jobId, said } = job;
  if (said === undefined) return `job ${jobId} is not there any more`;
  return `job ${jobId} is ${said.state}${said.reason === undefined ? "" : `: ${said.reason}`}`;
}

async function tellStatus(
  { output }: Call,
  run: RunRecord,
  { tasks, jobs }: { readonly tasks: readonly TaskRecord[]; readonly jobs: readonly DescribedJob[] },
): Promise<void> {
  const rows = tasks.map(({ policyId, state, attempts, progress, reason }) => [
    policyId,
    state,
    attempts > 1 ? `attempt ${attempts}` : "",
    progress === undefined || state !== "running" ? "" : `${percent(progress.fraction)} ${progress.message}`.trim(),
    state === "done" || reason === state ? "" : (reason ?? ""),
    jobText(jobs.find((job) => job.policyId === policyId)),
  ]);
  await output.tell({
    text: () =>
      [
        `${printable(run.name)} is ${run.state}: ${taskText(run)}`,
        ...columnLines(rows).map((line) => `  ${line}`),
      ].join("\n"),
    json: () => ({
      ...recordJson("run", run),
      policyTasks: tasks.map((task) => recordJson("task", task)),
      jobs: jobs.map((job) => recordJson("job", job)),
    }),
  });
}

/** Whether a worker is there nobody knows before it takes one. */
function waiting({ tasks: { ready } }: RunRecord): Message {
  return {
    text: () => `${formatCount(ready, "task waits", "tasks wait")} for a worker: entrepot runs worker executes them`,
    json: () => ({ type: "waiting-for-worker", tasks: ready }),
  };
}

async function follow(call: Call, store: RunStore, { id, lastEvent, state }: RunRecord): Promise<void> {
  let end = state;
  const types = ["started", "progress", "finished", "failed", "cancelled", "ended"] as const;
  for await (const event of store.watch(id, { after: lastEvent, types, signal: call.signal })) {
    if (event.type === "ended") end = event.state;
    await call.output.tell(eventMessage(event));
  }
  if (end === "failed" || end === "cancelled") call.endWith("io");
}
