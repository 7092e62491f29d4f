/** `entrepot ls`: names as they arrive, folders with a `/`. */
import type { Depot, EntryOf } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../command.ts";
import { printable } from "../escape.ts";
import { formatSize, formatTime } from "../measure.ts";
import type { JsonObject, Message } from "../message.ts";
import { choice, count, flag, type ValuesOf } from "../option.ts";

const options = {
  long: flag("time (UTC) and size before each name", "l"),
  human: flag("sizes with units, e.g. 1.4 MB", "h"),
  recursive: flag("everything below, not only one level", "r"),
  depth: count("N", "levels below the folder (default 1)", undefined, 1),
  kind: choice(["object", "folder", "any"], "what to list (default any; with -r object)"),
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
  ],
  examples: [
    { line: "entrepot ls s3://my-bucket/", says: "one level, folders end in /" },
    { line: "entrepot ls -lh s3://my-bucket/data/", says: "with times and sizes" },
    { line: "entrepot ls -r --json s3://my-bucket/data/", says: "everything below, one JSON object a line" },
    { line: "entrepot ls s3://", says: "the buckets of this account" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands.length === 0 ? [""] : operands, (address) =>
      list(call, depot, values, address),
    );
  },
});

async function list(call: Call, depot: Depot, values: Values, address: string): Promise<void> {
  const depth = values.depth ?? (values.recursive ? undefined : 1);
  const kind = values.kind ?? (values.recursive ? "object" : "any");
  let found = 0;
  for await (const entry of depot.list<"any">(address, { kind: kind as "any", depth })) {
    found++;
    await show(call, entry, values);
  }
  if (found > 0) return;
  const object = address.endsWith("/") || address === "" ? undefined : await statIfThere(depot, address);
  if (object !== undefined) await show(call, object, values);
  else if (!isRoot(depot.resolve(address))) throw nothingAt(depot.resolve(address));
}

/** An object's own address lists that object, as everywhere. */
async function statIfThere(depot: Depot, address: string): Promise<Entry | undefined> {
  return depot.stat(address, { onError: "allow-missing" });
}

/** A bucket, a memory or this machine may be empty; listing them has already shown that they are there. */
function isRoot(uri: string): boolean {
  return /^[a-z0-9]+:\/\/[^/]*\/?$/.test(uri);
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

/** An entry for machines. */
export function entryJson(entry: Entry): JsonObject {
  const { uri, path, name, kind } = entry;
  if (kind === "folder") return { type: "entry", kind, uri, path, name };
  const { sizeBytes, modifiedMs, etag, versionId } = entry;
  return { type: "entry", kind, uri, path, name, sizeBytes, modifiedMs, etag, versionId: versionId ?? null };
}
