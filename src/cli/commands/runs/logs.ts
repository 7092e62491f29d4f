/** `entrepot runs logs`: what the programs of a run said. */
import { EntrepotError } from "../../../error/index.ts";
import type { RunRecord, RunStore } from "../../../runs/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import type { Message } from "../../message.ts";
import { count, flag, text } from "../../option.ts";
import { attemptMessage, logMessage } from "../../runs/event-lines.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { notStarted } from "../../runs/run-lines.ts";

export const logs: Command = defineCommand({
  name: "runs logs",
  summary: "what the programs of a run said, in the order in which it came",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: {
    policy: text("NAME", "of this policy only"),
    attempt: count("N", "of this attempt only", undefined, 1),
    follow: flag("go on until the run has ended", "f"),
    ...runsOptions,
  },
  notes: [
    "Of each attempt 100,000 lines or 10 MB are kept, of a line 10,000 characters.",
    "With --json each line has its policy, attempt, stream and time.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs logs test --policy high", says: "of one policy" },
    { line: "entrepot runs logs test --follow", says: "of all, as it comes" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const { policy, attempt, follow } = values;
      const run = await namedRun(store, word);
      const policyId = policy === undefined ? undefined : namedPolicy(run, policy);
      const isOne = policyId !== undefined || run.policies.length === 1;
      const events = store.watch(run.id, {
        ...{ follow: follow && run.state !== "created", types: ["log"], policyId },
        signal: call.signal,
      });
      if (run.state === "created") call.output.say(notStarted(run));
      else if (attempt !== undefined && !follow) await checkAttempt(store, run, policyId, attempt);
      let lines = 0;
      const attempts = new Map<string, number>();
      for await (const event of events)
        if (event.type === "log" && (attempt === undefined || event.attempt === attempt)) {
          lines += 1;
          if (event.attempt > (attempts.get(event.policyId) ?? 1)) await call.output.tell(attemptMessage(event, isOne));
          attempts.set(event.policyId, event.attempt);
          await call.output.tell(logMessage(event, isOne));
        }
      if (lines === 0 && run.state !== "created") call.output.say(nothing);
    }),
});

const nothing: Message = { text: () => "its programs said nothing", json: () => ({ type: "summary", lines: 0 }) };

/** Error: not-found for one that nobody has begun. */
async function checkAttempt(
  store: RunStore,
  run: RunRecord,
  policyId: string | undefined,
  wanted: number,
): Promise<void> {
  const tasks = (await store.tasks.list(run.id)).filter((task) => policyId === undefined || task.policyId === policyId);
  const most = Math.max(0, ...tasks.map(({ attempts }) => attempts));
  if (wanted <= most) return;
  throw new EntrepotError("not-found", `there is no attempt ${wanted} of ${JSON.stringify(policyId ?? run.name)}`, {
    hint: most === 0 ? "none has begun" : `the last one is ${most}`,
  });
}
