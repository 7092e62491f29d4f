/** `entrepot lock verify`: what changed since a run. */
import { EntrepotError } from "../../../error/index.ts";
import { readLock } from "../../../flow/storage/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";
import type { JsonObject } from "../../message.ts";

export const verify: Command = defineCommand({
  name: "lock verify",
  summary: "what changed since the run that wrote it",
  synopsis: "[options] <lock>",
  operands: { min: 1, max: 1 },
  options: {},
  notes: [
    "Exit code 0: every input is what it was; 6: at least one is not; 5: nobody could tell of one.",
    "Objects are asked for by ETag, many of one folder by a listing; only files of this disk that were touched are read.",
  ],
  examples: [
    { line: "entrepot lock verify inputs.lock.json", says: "would a run today read the same?" },
    { line: "entrepot lock verify --json s3://my-bucket/inputs.lock.json", says: "for programs" },
  ],
  async run(call, _, [address = ""]) {
    const { output, signal } = call;
    const depot = await call.depot();
    const { inputs } = await readLock(depot, address, { signal });
    const changed = await depot.changedSince(inputs, { signal });
    for (const { read, kind, why } of changed)
      await output.tell({
        text: () => `${kind} ${printable(output.show(read.uri))}: ${printable(why)}`,
        json: () => ({ type: "changed", uri: read.uri, kind, why, read: { ...read } as unknown as JsonObject }),
      });
    await output.flush();
    await output.tell({
      text: () =>
        changed.length === 0
          ? `checked ${formatCount(inputs.length, "input")}: all as they were`
          : `checked ${formatCount(inputs.length, "input")}: ${changed.length} not as they were`,
      json: () => ({ type: "summary", checked: inputs.length, changed: changed.length }),
    });
    if (changed.length === 0) return;
    const isKnown = changed.some(({ kind }) => kind !== "unknown");
    const what = isKnown
      ? "the inputs are not what they were"
      : "nobody could tell whether the inputs are what they were";
    const hint = isKnown
      ? "the lines above say what; run again and write the lock anew to accept it"
      : "the lines above say why; go online, or check with entrepot explain <address>";
    call.fail(new EntrepotError(isKnown ? "precondition-failed" : "unreachable", what, { hint }));
  },
});
