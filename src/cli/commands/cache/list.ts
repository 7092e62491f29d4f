/** `entrepot cache list`: address and path of each copy. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatAge, formatSize } from "../../measure.ts";
import { entryJson } from "./entry.ts";

export const list: Command = defineCommand({
  name: "cache list",
  summary: "address and path of each copy",
  synopsis: "[options] [<folder>]",
  operands: { min: 0, max: 1 },
  options: {},
  examples: [
    { line: "entrepot cache list s3://my-bucket/data/", says: "what lies below an address" },
    { line: "entrepot cache list --json", says: "everything, for programs" },
  ],
  async run(call, _, [folder]) {
    const depot = await call.depot();
    const now = Date.now();
    for await (const entry of depot.cache.list(folder))
      await call.output.tell({
        text: () =>
          `${formatSize(entry.sizeBytes).padStart(8)}  used ${formatAge(now - entry.usedMs).padStart(6)} ago  ${printable(entry.uri)}  ${printable(entry.path)}`,
        json: () => ({ type: "cached", ...entryJson(entry) }),
      });
  },
});
