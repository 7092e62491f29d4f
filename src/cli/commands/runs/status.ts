/** `entrepot runs status`: how far a run is. */
import type { RunRecord, RunStore, TaskRecord } from "../../../runs/index.ts";
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

export const status: Command = defineCommand({
  name: "runs status",
  summary: "how far a run is, policy by policy",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: { follow: flag("then what happens, until the run has ended", "f"), ...runsOptions },
  notes: ["With --follow the exit code is 1 when the run failed or was cancelled.", runsNote],
  examples: [
    { line: "entrepot runs status test", says: "as it is now" },
    { line: "entrepot runs status test --follow", says: "waits for its end" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const run = await namedRun(store, word);
      await tellStatus(call, run, await store.tasks.list(run.id));
      if (run.state === "created") call.output.say(notStarted(run));
      else if (run.tasks.ready > 0 && run.tasks.running === 0) call.output.say(waiting(run));
      if (values.follow && run.state !== "created") await follow(call, store, run);
    }),
});

async function tellStatus({ output }: Call, run: RunRecord, tasks: readonly TaskRecord[]): Promise<void> {
  const rows = tasks.map(({ policyId, state, attempts, progress, reason }) => [
    policyId,
    state,
    attempts > 1 ? `attempt ${attempts}` : "",
    progress === undefined || state !== "running" ? "" : `${percent(progress.fraction)} ${progress.message}`.trim(),
    state === "done" || reason === state ? "" : (reason ?? ""),
  ]);
  await output.tell({
    text: () =>
      [
        `${printable(run.name)} is ${run.state}: ${taskText(run)}`,
        ...columnLines(rows).map((line) => `  ${line}`),
      ].join("\n"),
    json: () => ({ ...recordJson("run", run), policyTasks: tasks.map((task) => recordJson("task", task)) }),
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
