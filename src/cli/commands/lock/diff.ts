/** `entrepot lock diff`: why two runs differ. */
import { EntrepotError } from "../../../error/index.ts";
import { lockDiff, readLock } from "../../../flow/storage/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";
import type { JsonObject } from "../../message.ts";

export const diff: Command = defineCommand({
  name: "lock diff",
  summary: "why two runs differ: what they read that is not the same",
  synopsis: "[options] <lock> <lock>",
  operands: { min: 2, max: 2 },
  options: {},
  notes: [
    "Exit code 0: both read the same; 6: they did not.",
    "Nothing is asked but for the two files. Where they are the same, two runs differ for their code, their settings or their machine.",
  ],
  examples: [
    { line: "entrepot lock diff monday.lock.json tuesday.lock.json", says: "one line for each input that differs" },
    { line: "entrepot lock diff --json s3://my-bucket/a.lock.json inputs.lock.json", says: "for programs" },
  ],
  async run(call, _, [one = "", other = ""]) {
    const { output, signal } = call;
    const depot = await call.depot();
    const [before, after] = await Promise.all([one, other].map((each) => readLock(depot, each, { signal })));
    if (before === undefined || after === undefined) return;
    const { differences, unchanged, same } = lockDiff(before, after);
    for (const { uri, why, before: was, after: is } of differences)
      await output.tell({
        text: () => `${printable(output.show(uri))}: ${printable(why)}`,
        json: () => ({ type: "difference", uri, why, before: json(was), after: json(is) }),
      });
    await output.flush();
    await output.tell({
      text: () =>
        same
          ? `the same ${formatCount(unchanged, "input")} in both`
          : `${formatCount(differences.length, "difference")}, ${formatCount(unchanged, "input")} the same`,
      json: () => ({ type: "summary", same, differences: differences.length, unchanged }),
    });
    if (same) return;
    call.fail(
      new EntrepotError("precondition-failed", "the two runs did not read the same", {
        hint: "the lines above say what; entrepot lock verify <lock> says which of them is as things are now",
      }),
    );
  },
});

function json(read: object | undefined): JsonObject | null {
  return read === undefined ? null : ({ ...read } as JsonObject);
}
