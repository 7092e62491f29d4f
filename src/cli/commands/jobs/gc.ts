/** `entrepot jobs gc`: forgets jobs that nobody went on with. */
import { parseDuration } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { jobJson } from "../../job-message.ts";
import { formatCount } from "../../measure.ts";
import { flag, parsed } from "../../option.ts";

export const gc: Command = defineCommand({
  name: "jobs gc",
  summary: "abort jobs that nobody went on with",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    "older-than": parsed("TIME", "of which nothing was done for so long (default 30d)", parseDuration),
    "dry-run": flag("say which, change nothing"),
  },
  examples: [
    { line: "entrepot jobs gc --dry-run", says: "which would go" },
    { line: "entrepot jobs gc --older-than 7d", says: "those of more than a week ago" },
  ],
  async run(call, values) {
    const depot = await call.depot();
    const dryRun = values["dry-run"];
    const gone = await depot.jobs.gc({ dryRun, olderThan: values["older-than"], signal: call.signal });
    const did = dryRun ? "would abort" : "aborted";
    for (const job of gone) {
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `${did} ${job.id}`),
        json: () => ({ ...jobJson(job), type: "aborted", dryRun }),
      });
    }
    await call.output.tell({
      text: () => (call.output.quiet ? undefined : `${did} ${formatCount(gone.length, "job")}`),
      json: () => ({ type: "summary", jobs: gone.length, dryRun }),
    });
  },
});
