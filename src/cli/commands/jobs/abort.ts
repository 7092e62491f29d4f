/** `entrepot jobs abort`: gives a job up, with what it left half done. */
import { EntrepotError } from "../../../error/index.ts";
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { jobJson } from "../../job-message.ts";
import { flag } from "../../option.ts";

export const abort: Command = defineCommand({
  name: "jobs abort",
  summary: "give jobs up: what is half done goes, what is done stays",
  synopsis: "[options] <id>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { "dry-run": flag("say what would go, change nothing") },
  examples: [
    { line: "entrepot jobs abort 0123456789abcdef", says: "one, by the id that jobs list shows" },
    { line: "entrepot jobs abort 0123456789abcdef fedcba9876543210", says: "several" },
  ],
  async run(call, { "dry-run": dryRun }, ids) {
    const depot = await call.depot();
    const { signal } = call;
    await forEachOperand(call, ids, async (id) => {
      const job = dryRun
        ? (await depot.jobs.list({ signal })).find((each) => each.id === id)
        : await depot.jobs.abort(id, { signal });
      if (job === undefined) throw new EntrepotError("not-found", `there is no job ${JSON.stringify(id)}`);
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `${dryRun ? "would abort" : "aborted"} ${printable(id)}`),
        json: () => ({ ...jobJson(job), type: "aborted", dryRun }),
      });
    });
  },
});
