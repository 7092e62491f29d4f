/** `entrepot tree`: folders and what lies in them, as a drawing. One folder is held at a time, with those above it. */
import type { Depot, EntryOf } from "../../depot/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../command.ts";
import { entryJson } from "../entry-json.ts";
import { printable } from "../escape.ts";
import { formatCount, formatSize } from "../measure.ts";
import { objectInstead } from "../nothing-there.ts";
import { count, flag, type ValuesOf } from "../option.ts";
import { UsageError } from "../usage-error.ts";
import { isAccount } from "../whole-place.ts";

const options = {
  depth: { ...count("N", "levels below the folder (default all)", "L", 1), also: ["max-depth"] },
  folders: flag("folders only", "d"),
  sizes: flag("the size before each object", "s"),
  human: flag("sizes with units, e.g. 1.4 MB", "h"),
} as const;
type Values = ValuesOf<typeof options>;
type Entry = EntryOf["any"];

export const tree: Command = defineCommand({
  name: "tree",
  summary: "folders and what lies in them, as a drawing",
  synopsis: "[options] [<address>...]",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options,
  notes: [
    "Without an address: the root in force, or the working folder. An address that holds nothing is an error (3). With --json the entries, one a line, and a summary.",
  ],
  examples: [
    { line: "entrepot tree s3://my-bucket/", says: "everything, at every depth" },
    { line: "entrepot tree --depth 2 -d s3://my-bucket/", says: "folders, two levels of them" },
    { line: "entrepot tree -sh s3://my-bucket/data/", says: "with sizes" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands.length === 0 ? [""] : operands, (operand) =>
      draw(call, depot, values, operand),
    );
  },
});

/** What is left to show of one folder. */
interface Level {
  readonly indent: string;
  readonly entries: readonly Entry[];
  next: number;
}

async function draw(call: Call, depot: Depot, values: Values, address: string): Promise<void> {
  const uri = depot.resolve(address);
  if (isAccount(uri)) throw new UsageError(`${uri} holds buckets`, "name one; entrepot ls s3:// lists them");
  const { depth = Number.POSITIVE_INFINITY } = values;
  const shown = { folders: 0, objects: 0, sizeBytes: 0 };
  const open: Level[] = [];
  /** Shows what comes next until a folder whose contents are to come. */
  const goOn = async () => {
    for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
      const entry = level.entries[level.next++];
      if (entry === undefined) {
        open.pop();
        continue;
      }
      const isLast = level.next === level.entries.length;
      await call.output.tell(lineOf(entry, `${level.indent}${isLast ? "└── " : "├── "}`, values));
      if (entry.kind === "object") {
        shown.objects += 1;
        shown.sizeBytes += entry.sizeBytes;
        continue;
      }
      shown.folders += 1;
      if (open.length >= depth) continue;
      indent = `${level.indent}${isLast ? "    " : "│   "}`;
      return;
    }
  };
  let indent = "";
  let found = false;
  for await (const { folders, objects } of depot.walk(address, { depth: values.depth })) {
    if (!found) await call.output.tell({ text: () => printable(call.output.show(uri)), json: () => undefined });
    found = true;
    open.push({ indent, entries: inOrder(values.folders ? folders : [...objects, ...folders]), next: 0 });
    await goOn();
  }
  if (!found) {
    const object = await objectInstead(depot, address);
    if (object !== undefined) await call.output.tell(lineOf(object, "", values));
    return;
  }
  const { folders, objects, sizeBytes } = shown;
  const size = values.human ? formatSize(sizeBytes) : `${sizeBytes} B`;
  const objectCount = values.folders ? "" : `, ${formatCount(objects, "object")}, ${size}`;
  await call.output.tell({
    text: () => `\n${formatCount(folders, "folder")}${objectCount}`,
    json: () => ({ type: "tree", uri, folders, ...(values.folders ? {} : { objects, sizeBytes }) }),
  });
}

function inOrder(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => compareKeys(a.path, b.path));
}

function lineOf(entry: Entry, drawing: string, { sizes, human }: Values) {
  const name = entry.kind === "folder" ? `${entry.name}/` : entry.name;
  const size = entry.kind === "folder" || !sizes ? "" : human ? formatSize(entry.sizeBytes) : String(entry.sizeBytes);
  const column = sizes ? `${size.padStart(12)}  ` : "";
  return { text: () => `${column}${drawing}${printable(name)}`, json: () => entryJson(entry) };
}
