/** `entrepot find`: what lies below a folder and meets all conditions. The listing streams, nothing is kept. */
import type { Depot } from "../../depot/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../command.ts";
import { entryFormat, tellEntry } from "../entry-lines.ts";
import { filterFlags } from "../filter-options.ts";
import { type Condition, conditionsOf, findOptions } from "../find-conditions.ts";
import { matchOption } from "../match-option.ts";
import { objectInstead } from "../nothing-there.ts";
import { count, flag, type ValuesOf } from "../option.ts";
import { UsageError } from "../usage-error.ts";
import { isAccount } from "../whole-place.ts";

/** Accepted since other commands have them. */
const otherNames = {
  include: { ...filterFlags.include, hidden: true },
  exclude: { ...filterFlags.exclude, hidden: true },
  "min-size": { ...filterFlags["min-size"], hidden: true },
  "max-size": { ...filterFlags["max-size"], hidden: true },
} as const;

const options = {
  ...findOptions,
  match: matchOption,
  "max-depth": { ...count("N", "levels below the folder (default all)", undefined, 1), also: ["depth"] },
  ...otherNames,
  ...entryFormat,
  path: flag("paths below the address, not full addresses", "p"),
} as const;
type Values = ValuesOf<typeof options>;

export const find: Command = defineCommand({
  name: "find",
  summary: "what lies below a folder and meets conditions",
  synopsis: "[options] [<address>...]",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options,
  notes: [
    "All conditions must hold. Folders have neither size nor time, so --size, --newer and --older find objects only. Without an address: the root in force, or the working folder. An address that holds nothing is an error (3); finding nothing there is none.",
  ],
  examples: [
    { line: "entrepot find s3://my-bucket/ --name '*.csv'", says: "by name, at any depth" },
    { line: "entrepot find s3://my-bucket/ --size +100MB --older 30d", says: "large and not changed for 30 days" },
    { line: "entrepot find s3://my-bucket/ --size=-1kB --newer 2026-01-31", says: "small and changed since that day" },
    { line: "entrepot find s3://my-bucket/ --type folder --max-depth 2", says: "folders of two levels" },
    { line: "entrepot find -0 s3://my-bucket/ --name '*.gz' | xargs -0 entrepot stat", says: "for programs, exactly" },
  ],
  async run(call, values, operands) {
    const conditions = conditionsOf(values, Date.now());
    const depot = await call.depot();
    await forEachOperand(call, operands.length === 0 ? [""] : operands, (operand) =>
      findBelow(call, depot, values, conditions, operand),
    );
  },
});

async function findBelow(
  call: Call,
  depot: Depot,
  values: Values,
  { kind, holds }: Condition,
  address: string,
): Promise<void> {
  const uri = depot.resolve(address);
  if (isAccount(uri)) throw new UsageError(`${uri} holds buckets`, "name one; entrepot ls s3:// lists them");
  const format = { ...values, uri: !values.path };
  const { match, "max-depth": depth, include, exclude } = values;
  const named = { include, exclude, minSize: values["min-size"], maxSize: values["max-size"] };
  let found = false;
  // with a pattern that matches nothing, whether anything is there is asked below
  for await (const entry of depot.list<"any">(address, { ...named, kind: kind as "any", depth, match })) {
    found = true;
    if (holds(entry)) await tellEntry(call, entry, format);
  }
  if (found) return;
  const object = await objectInstead(depot, address, { isFiltered: true });
  if (object !== undefined && kind !== "folder" && holds(object)) await tellEntry(call, object, format);
}
