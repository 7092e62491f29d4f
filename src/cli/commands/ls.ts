/** `entrepot ls`: names as they arrive, folders with a `/`. */
import type { Depot } from "../../depot/index.ts";
import { nameOfUri } from "../../uri/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../command.ts";
import { entryFormat, tellEntry, tellVersion } from "../entry-lines.ts";
import { printable } from "../escape.ts";
import { filterFlags, filterNote, filtersOf, isFiltered } from "../filter-options.ts";
import { collectMatches, globNote, globOption, openMatches } from "../matches.ts";
import type { Message } from "../message.ts";
import { nothingAt, objectInstead } from "../nothing-there.ts";
import { choice, count, flag, type ValuesOf } from "../option.ts";
import { UsageError } from "../usage-error.ts";
import { isAccount, isWholePlace } from "../whole-place.ts";

const options = {
  long: entryFormat.long,
  human: entryFormat.human,
  recursive: flag("everything below, not only one level", "r"),
  depth: { ...count("N", "levels below the folder (default 1)", undefined, 1), also: ["max-depth"] },
  kind: choice(["object", "folder", "any"], "what to list (default any; with -r object)"),
  glob: globOption,
  uri: flag("full addresses instead of names", "u"),
  null: entryFormat.null,
  versions: flag("every version and delete marker, the newest first"),
  ...filterFlags,
} as const;
type Values = ValuesOf<typeof options>;

export const ls: Command = defineCommand({
  name: "ls",
  summary: "list a folder, a bucket or all buckets",
  synopsis: "[options] [<address>...]",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options,
  notes: [
    "Without an address: the root in force, or the working folder. An address that holds nothing is an error (3).",
    globNote,
    filterNote,
  ],
  examples: [
    { line: "entrepot ls s3://my-bucket/", says: "one level, folders end in /" },
    { line: "entrepot ls -lh s3://my-bucket/data/", says: "with times and sizes" },
    { line: "entrepot ls -r --json s3://my-bucket/data/", says: "everything below, one JSON object a line" },
    { line: "entrepot ls -l --glob 's3://my-bucket/*.csv'", says: "what matches a pattern" },
    { line: "entrepot ls", says: "the root in force, else the working folder" },
    { line: "entrepot ls s3://", says: "the buckets of this account" },
    { line: "entrepot ls -l --versions s3://my-bucket/data.csv", says: "all versions of one object" },
  ],
  async run(call, values, operands) {
    if (values.glob && operands.length === 0)
      throw new UsageError("--glob needs a pattern", "entrepot ls --glob '*.csv'");
    if (values.glob && values.depth !== undefined)
      throw new UsageError("a pattern says itself how deep it goes", "leave out --depth, or --glob");
    const depot = await call.depot();
    if (values.versions && isFiltered(values))
      throw new UsageError("--versions lists all of them", "leave out --include and what else chooses");
    if (values.versions && (values.glob || values.kind !== undefined))
      throw new UsageError("--versions lists those of objects", `leave out ${values.glob ? "--glob" : "--kind"}`);
    const list = values.versions ? listVersions : values.glob ? listMatches : listFolder;
    let isFirst = true;
    await forEachOperand(call, operands.length === 0 ? [""] : operands, async (operand) => {
      if (operands.length > 1 && !values.glob && !values.null && !values.uri && !values.versions)
        await call.output.tell(headingMessage(operand, isFirst));
      isFirst = false;
      await list(call, depot, values, operand);
    });
  },
});

/** As ls(1) does, where there are several. */
function headingMessage(operand: string, isFirst: boolean): Message {
  return { text: () => `${isFirst ? "" : "\n"}${printable(operand)}:`, json: () => undefined };
}

async function listFolder(call: Call, depot: Depot, values: Values, address: string): Promise<void> {
  const depth = values.depth ?? (values.recursive ? undefined : 1);
  const kind = values.kind ?? (values.recursive ? "object" : "any");
  const uri = depot.resolve(address);
  if (isAccount(uri) && (depth !== 1 || kind === "object"))
    throw new UsageError(`${uri} holds buckets, no objects`, "name a bucket; entrepot ls s3:// lists them");
  let found = 0;
  // of one level the folders are shown whatever is chosen among the objects: what is wanted may lie in them
  const { include, ...filters } = filtersOf(values);
  const isLevel = depth === 1 && kind === "any" && include !== undefined;
  const chosen = isLevel ? { ...filters, include: [...include, "*/"] } : { ...filters, include };
  for await (const entry of depot.list<"any">(address, { ...chosen, kind: kind as "any", depth })) {
    found++;
    await tellEntry(call, entry, values);
  }
  if (found > 0) return;
  const object = await objectInstead(depot, address, { isFiltered: isFiltered(values) });
  if (object !== undefined) await tellEntry(call, object, values);
}

/** Those of what lies in a folder, or of the one object of that name. */
async function listVersions(call: Call, depot: Depot, values: Values, address: string): Promise<void> {
  const uri = depot.resolve(address);
  if (isAccount(uri)) throw new UsageError(`${uri} holds buckets, no objects`, "name a bucket");
  const depth = values.depth ?? (values.recursive ? undefined : 1);
  let found = 0;
  for await (const version of depot.list(address, { versions: true, depth })) {
    found++;
    await tellVersion(call, version, values);
  }
  if (found > 0 || uri.endsWith("/") || isWholePlace(uri)) return;
  for await (const version of depot.list(address, { versions: true, depth: 1, prefix: true })) {
    if (version.name !== nameOfUri(uri)) break;
    found++;
    await tellVersion(call, version, values);
  }
  if (found === 0) throw nothingAt(uri);
}

/** With -r what lies in a folder that matches stands for it, as everywhere. */
async function listMatches(call: Call, depot: Depot, values: Values, pattern: string): Promise<void> {
  if (!values.recursive) {
    const kind = values.kind ?? "any";
    for await (const entry of await openMatches<"any">(depot, [pattern], kind as "any", filtersOf(values)))
      await tellEntry(call, entry, values);
    return;
  }
  const kind = values.kind ?? "object";
  const { objects, folders } = await collectMatches(depot, [pattern], filtersOf(values));
  if (kind !== "folder") for (const entry of objects) await tellEntry(call, entry, values);
  for (const folder of folders) {
    if (kind !== "object") await tellEntry(call, folder, values);
    for await (const entry of depot.list<"any">(folder.uri, { ...filtersOf(values), kind: kind as "any" }))
      await tellEntry(call, { ...entry, path: folder.path + entry.path }, values);
  }
}
