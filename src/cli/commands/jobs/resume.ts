/** `entrepot jobs resume`: goes on with what is left of a job. */
import { EntrepotError } from "../../../error/index.ts";
import { budgetOptions, budgetsOf } from "../../budget-options.ts";
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { flag } from "../../option.ts";
import { copying, moving, removing, tellTransfer } from "../../transfer-message.ts";
import { UsageError } from "../../usage-error.ts";

const verbs = { copy: copying, sync: copying, move: moving, remove: removing } as const;

export const resume: Command = defineCommand({
  name: "jobs resume",
  summary: "go on with what is left of jobs",
  synopsis: "[options] <id>...",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options: {
    all: flag("all that are not finished and that nobody is at"),
    "dry-run": flag("say what is left, change nothing"),
    ...budgetOptions,
  },
  notes: [
    "Give the settings of the first time, such as the endpoint: with those of another server it is refused. What was replaced since is not removed.",
  ],
  examples: [
    { line: "entrepot jobs resume --dry-run --all", says: "what is left" },
    { line: "entrepot jobs resume --all", says: "all of it" },
    { line: "entrepot jobs resume 0123456789abcdef", says: "one, by the id that jobs list shows" },
  ],
  async run(call, values, operands) {
    if (values.all === operands.length > 0) throw new UsageError("which?", "name jobs by their ids, or give --all");
    const depot = await call.depot("many");
    const jobs = await depot.jobs.list();
    const idle = jobs.filter(({ state }) => state !== "running").map(({ id }) => id);
    await forEachOperand(call, values.all ? idle : operands, async (id) => {
      const job = jobs.find((each) => each.id === id);
      if (job === undefined) throw notFound(id);
      await tellTransfer(call, verbs[job.verb ?? "copy"], (told, left) =>
        depot.jobs.resume(id, {
          ...told,
          ...budgetsOf(values),
          dryRun: values["dry-run"],
          signal: call.signal,
          onJob: (job) => void left.add(job),
        }),
      );
    });
  },
});

function notFound(id: string): EntrepotError {
  return new EntrepotError("not-found", `there is no job ${JSON.stringify(id)}`, {
    hint: "entrepot jobs list shows those that are not finished",
  });
}
