/** `entrepot ls`: names as they arrive, folders with a `/`. */
import type { Depot, EntryOf } from "../../depot/index.ts";
import { openNodeDisk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../command.ts";
import { entryJson } from "../entry-json.ts";
import { printable } from "../escape.ts";
import { localFolders } from "../local-folder.ts";
import { collectMatches, globNote, globOption, openMatches } from "../matches.ts";
import { formatSize, formatTime } from "../measure.ts";
import type { Message } from "../message.ts";
import { choice, count, flag, type ValuesOf } from "../option.ts";
import { UsageError } from "../usage-error.ts";
import { isAccount, isWholePlace } from "../whole-place.ts";

const options = {
  long: flag("time (UTC) and size before each name", "l"),
  human: flag("sizes with units, e.g. 1.4 MB", "h"),
  recursive: flag("everything below, not only one level", "r"),
  depth: count("N", "levels below the folder (default 1)", undefined, 1),
  kind: choice(["object", "folder", "any"], "what to list (default any; with -r object)"),
  glob: globOption,
  uri: flag("full addresses instead of names", "u"),
  null: flag("exact names, each ended by a zero byte, for xargs -0", "0"),
} as const;
type Values = ValuesOf<typeof options>;
type Entry = EntryOf["any"];

export const ls: Command = defineCommand({
  name: "ls",
  summary: "list a folder, a bucket or all buckets",
  synopsis: "[options] [<address>...]",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options,
  notes: [
    "Without an address: the root in force, or the working folder. An address that holds nothing is an error (3).",
    globNote,
  ],
  examples: [
    { line: "entrepot ls s3://my-bucket/", says: "one level, folders end in /" },
    { line: "entrepot ls -lh s3://my-bucket/data/", says: "with times and sizes" },
    { line: "entrepot ls -r --json s3://my-bucket/data/", says: "everything below, one JSON object a line" },
    { line: "entrepot ls -l --glob 's3://my-bucket/*.csv'", says: "what matches a pattern" },
    { line: "entrepot ls", says: "the root in force, else the working folder" },
    { line: "entrepot ls s3://", says: "the buckets of this account" },
  ],
  async run(call, values, operands) {
    if (values.glob && operands.length === 0)
      throw new UsageError("--glob needs a pattern", "entrepot ls --glob '*.csv'");
    if (values.glob && values.depth !== undefined)
      throw new UsageError("a pattern says itself how deep it goes", "leave out --depth, or --glob");
    const depot = await call.depot();
    const list = values.glob ? listMatches : listFolder;
    await forEachOperand(call, operands.length === 0 ? [""] : operands, (operand) =>
      list(call, depot, values, operand),
    );
  },
});

async function listFolder(call: Call, depot: Depot, values: Values, address: string): Promise<void> {
  const depth = values.depth ?? (values.recursive ? undefined : 1);
  const kind = values.kind ?? (values.recursive ? "object" : "any");
  const uri = depot.resolve(address);
  if (isAccount(uri) && (depth !== 1 || kind === "object"))
    throw new UsageError(`${uri} holds buckets, no objects`, "name a bucket; entrepot ls s3:// lists them");
  let found = 0;
  for await (const entry of depot.list<"any">(address, { kind: kind as "any", depth })) {
    found++;
    await show(call, entry, values);
  }
  if (found > 0) return;
  if (isWholePlace(uri)) return;
  const object = address.endsWith("/") || address === "" ? undefined : await statIfThere(depot, address);
  if (object !== undefined) await show(call, object, values);
  else if (!(await localFolders(depot, openNodeDisk())(address, "read"))) throw nothingAt(uri);
}

/** With -r what lies in a folder that matches stands for it, as everywhere. */
async function listMatches(call: Call, depot: Depot, values: Values, pattern: string): Promise<void> {
  if (!values.recursive) {
    const kind = values.kind ?? "any";
    for await (const entry of await openMatches<"any">(depot, [pattern], kind as "any"))
      await show(call, entry, values);
    return;
  }
  const kind = values.kind ?? "object";
  const { objects, folders } = await collectMatches(depot, [pattern]);
  if (kind !== "folder") for (const entry of objects) await show(call, entry, values);
  for (const folder of folders) {
    if (kind !== "object") await show(call, folder, values);
    for await (const entry of depot.list<"any">(folder.uri, { kind: kind as "any" }))
      await show(call, { ...entry, path: folder.path + entry.path }, values);
  }
}

/** An object's own address lists that object, as everywhere. */
async function statIfThere(depot: Depot, address: string): Promise<Entry | undefined> {
  return depot.stat(address, { onError: "allow-missing" });
}

function nothingAt(uri: string): EntrepotError {
  return new EntrepotError("not-found", `there is nothing at ${uri}`, {
    uri,
    hint: "list the folder above it to see what is there",
  });
}

async function show(call: Call, entry: Entry, values: Values): Promise<void> {
  const name = values.uri ? entry.uri : entry.path || entry.name;
  const shown = entry.kind === "folder" && !name.endsWith("/") ? `${name}/` : name;
  if (values.null && !call.output.json) await call.output.write(`${shown}\0`);
  else await call.output.tell(entryMessage(entry, shown, values));
}

function entryMessage(entry: Entry, name: string, values: Values): Message {
  return {
    text: () => `${values.long ? `${columnsOf(entry, values)}  ` : ""}${printable(name)}`,
    json: () => entryJson(entry),
  };
}

function columnsOf(entry: Entry, values: Values): string {
  if (entry.kind === "folder") return " ".repeat(19 + 2 + 12);
  const size = values.human ? formatSize(entry.sizeBytes) : String(entry.sizeBytes);
  return `${formatTime(entry.modifiedMs).padEnd(19)}  ${size.padStart(12)}`;
}
