/** `entrepot cache verify`: reads every copy and compares checksums. */
import { EntrepotError } from "../../../error/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize } from "../../measure.ts";
import { flag } from "../../option.ts";
import { entryJson } from "./entry.ts";

export const verify: Command = defineCommand({
  name: "cache verify",
  summary: "read every copy and compare it with its checksum",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: { repair: flag("remove what is damaged") },
  examples: [
    { line: "entrepot cache verify", says: "is every copy as it was fetched?" },
    { line: "entrepot cache verify --repair", says: "what is not goes, and is fetched again when it is read" },
  ],
  async run(call, values) {
    const depot = await call.depot();
    const { checked, damaged } = await depot.cache.verify({ repair: values.repair });
    for (const entry of damaged)
      await call.output.tell({
        text: () => `damaged ${printable(entry.uri)}  ${printable(entry.path)}`,
        json: () => ({ type: "damaged", ...entryJson(entry) }),
      });
    const done = values.repair ? "removed; the next read fetches them again" : "the next read of each fetches it again";
    await call.output.tell({
      text: () =>
        `checked ${formatCount(checked.objects, "object")}, ${formatSize(checked.sizeBytes)}: ${damaged.length === 0 ? "all as they were fetched" : `${damaged.length} damaged, ${done}`}`,
      json: () => ({ type: "summary", checked: { ...checked }, damaged: damaged.length, repaired: values.repair }),
    });
    if (damaged.length > 0 && !values.repair)
      call.fail(
        new EntrepotError("integrity", `${formatCount(damaged.length, "local copy", "local copies")} damaged`, {
          hint: "entrepot cache verify --repair removes them; a read would fetch them again in any case",
        }),
      );
  },
});
