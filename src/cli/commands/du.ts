/** `entrepot du`: counts and sums what lies below a folder; the listing streams, nothing is kept. */
import type { Usage } from "../../cache/index.ts";
import type { Depot, FilterOptions } from "../../depot/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../command.ts";
import { printable } from "../escape.ts";
import { filterFlags, filterNote, filtersOf, isFiltered } from "../filter-options.ts";
import { folderSums } from "../folder-sums.ts";
import { globOption, openMatches } from "../matches.ts";
import { formatCount, formatSize } from "../measure.ts";
import type { Message } from "../message.ts";
import { objectInstead } from "../nothing-there.ts";
import { count, flag } from "../option.ts";
import { UsageError } from "../usage-error.ts";
import { isAccount } from "../whole-place.ts";

export const du: Command = defineCommand({
  name: "du",
  summary: "how many objects, and how large together",
  synopsis: "[options] [<address>...]",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options: {
    human: flag("sizes with units, e.g. 1.4 MB", "h"),
    depth: { ...count("N", "a sum for each folder, too, of so many levels", "d", 1), also: ["max-depth"] },
    glob: globOption,
    ...filterFlags,
  },
  notes: [
    "With --depth folders come before those that hold them, and the whole at the end.",
    "With --glob one sum of all objects that match; a pattern that ends in / gives a sum for each folder.",
    filterNote,
  ],
  examples: [
    { line: "entrepot du -h s3://my-bucket/data/", says: "one folder" },
    { line: "entrepot du -h --depth 2 s3://my-bucket/", says: "with a sum for each folder of two levels" },
    { line: "entrepot du --json s3://my-bucket/", says: "a bucket, for programs" },
    { line: "entrepot du -h --glob 's3://my-bucket/*/'", says: "each folder of a bucket" },
    { line: "entrepot du --glob 's3://my-bucket/**/*.csv'", says: "what matches a pattern, at any depth" },
  ],
  async run(call, values, operands) {
    if (values.glob && operands.length === 0)
      throw new UsageError("--glob needs a pattern", "entrepot du --glob '*.csv'");
    if (values.glob && values.depth !== undefined)
      throw new UsageError("a pattern says itself what is summed", "leave out --depth, or --glob");
    const depot = await call.depot();
    const filters = filtersOf(values);
    const tell = (uri: string, usage: Usage) => call.output.tell(usageMessage(call, uri, usage, values.human));
    await forEachOperand(call, operands.length === 0 ? [""] : operands, async (operand) => {
      if (!values.glob) {
        const uri = depot.resolve(operand);
        if (isAccount(uri)) throw new UsageError(`${uri} holds buckets`, "name one; entrepot ls s3:// lists them");
        const total = await sumOfFolder(depot, operand, filters, values.depth, tell);
        if (total.objects > 0) return tell(uri, total);
        const object = await objectInstead(depot, operand, { isFiltered: isFiltered(values) });
        await tell(uri, object === undefined ? total : { objects: 1, sizeBytes: object.sizeBytes });
      } else if (operand.endsWith("/")) {
        for await (const { uri } of await openMatches(depot, [operand], "folder"))
          await tell(uri, await depot.usage(uri, filters));
      } else await tell(operand, await sumOfMatches(depot, operand, filters));
    });
  },
});

/** With a depth each folder of so many levels is told before. */
async function sumOfFolder(
  depot: Depot,
  address: string,
  filters: FilterOptions,
  depth: number | undefined,
  tell: (uri: string, usage: Usage) => Promise<void>,
): Promise<Usage> {
  if (depth === undefined) return depot.usage(address, filters);
  const total = { objects: 0, sizeBytes: 0 };
  for await (const sum of folderSums(depot.list(address, { ...filters, kind: "any" }), depth, total))
    await tell(sum.uri, sum);
  return total;
}

async function sumOfMatches(depot: Depot, pattern: string, filters: FilterOptions): Promise<Usage> {
  let objects = 0;
  let sizeBytes = 0;
  for await (const entry of await openMatches(depot, [pattern], "object", filters)) {
    objects += 1;
    sizeBytes += entry.sizeBytes;
  }
  return { objects, sizeBytes };
}

function usageMessage({ output }: Call, uri: string, { objects, sizeBytes }: Usage, human: boolean): Message {
  const size = human ? formatSize(sizeBytes) : String(sizeBytes);
  return {
    text: () => `${size.padStart(12)}  ${formatCount(objects, "object").padStart(14)}  ${printable(output.show(uri))}`,
    json: () => ({ type: "usage", uri, objects, sizeBytes }),
  };
}
