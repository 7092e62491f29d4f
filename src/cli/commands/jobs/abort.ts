/** `entrepot jobs abort`: gives a job up, with what it left half done. */
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { jobJson } from "../../job-message.ts";

export const abort: Command = defineCommand({
  name: "jobs abort",
  summary: "give jobs up: what is half done goes, what is done stays",
  synopsis: "[options] <id>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {},
  examples: [
    { line: "entrepot jobs abort 0123456789abcdef", says: "one, by the id that jobs list shows" },
    { line: "entrepot jobs abort 0123456789abcdef fedcba9876543210", says: "several" },
  ],
  async run(call, _, ids) {
    const depot = await call.depot();
    await forEachOperand(call, ids, async (id) => {
      const job = await depot.jobs.abort(id, { signal: call.signal });
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `aborted ${printable(id)}`),
        json: () => ({ ...jobJson(job), type: "aborted" }),
      });
    });
  },
});
