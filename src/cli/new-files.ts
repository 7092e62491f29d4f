/** `cp --only-new`: what a source has now and had not the last time, and when a file of it is complete. */
import { type CompleteWhen, type Depot, type Duration, type IncompleteFile, parseDuration } from "../depot/index.ts";
import { budgetsOf } from "./budget-options.ts";
import type { Call } from "./command.ts";
import { printable } from "./escape.ts";
import { filtersOf, isFiltered } from "./filter-options.ts";
import type { Message } from "./message.ts";
import type { MovingOptions } from "./moving-objects.ts";
import { type Flag, flag, parsed, text, type ValueOption, type ValuesOf } from "./option.ts";
import { copying, tellTransfer } from "./transfer-message.ts";
import { UsageError } from "./usage-error.ts";
import { isWholePlace } from "./whole-place.ts";

export type NewFilesOptions = Readonly<Record<"only-new" | "in-order", Flag>> &
  Readonly<Record<"when-marked" | "when-file" | "when-listed" | "state", ValueOption<string>>> & {
    readonly "when-stable": ValueOption<Duration>;
  };

export const newFilesOptions: NewFilesOptions = {
  "only-new": flag("only what was not taken the last time, of one folder"),
  "when-marked": text("NAME", "of that, files beside which this lies, e.g. .{name}.meta"),
  "when-file": text("NAME", "of that, what lies in or below a folder with this, e.g. _SUCCESS"),
  "when-listed": text("NAME", "of that, what this JSON names in its folder, e.g. manifest.json"),
  "when-stable": parsed("DURATION", "of that, files not written to for so long, e.g. 60s", parseDuration),
  "in-order": flag("list only what sorts after the last that was taken (dates in keys)"),
  state: text("DIR", "remember there what was taken (default: below the cache's folder)"),
};

export const newFilesNote =
  "--only-new takes each file once, and again when it has changed, by one listing; what was taken and removed here stays away. Markers are never copied; what is not complete is said, and comes the next time. --dry-run says what would come.";

type Values = ValuesOf<NewFilesOptions & MovingOptions> & { readonly durable: boolean; readonly markers: boolean };

/** Whether the options ask for it. UsageError for those that mean nothing without it, or beside it. */
export function isOnlyNew(values: Values, operands: readonly string[]): boolean {
  const names = ["when-marked", "when-file", "when-listed", "when-stable", "state"] as const;
  if (!values["only-new"]) {
    const alone = values["in-order"] ? "in-order" : names.find((name) => values[name] !== undefined);
    if (alone !== undefined) throw new UsageError(`--${alone} says which new files are meant`, "add --only-new");
    return false;
  }
  const [other] = [
    ...(["glob", "no-clobber", "markers"] as const).filter((name) => values[name]),
    ...(values["files-from"] === undefined ? [] : ["files-from"]),
  ];
  if (other !== undefined) throw new UsageError(`--only-new takes a whole folder, so not with --${other}`);
  if (operands.length !== 2 || operands.includes("-"))
    throw new UsageError("--only-new takes one folder into another", "entrepot cp --only-new s3://my-bucket/in/ ./in/");
  return true;
}

/** Does what the operands say, and says what it left for the next time. */
export async function copyNewFiles(call: Call, values: Values, [from = "", to = ""]: readonly string[]): Promise<void> {
  const completeWhen = completeWhenOf(values);
  const depot = await call.depot("many");
  const { match, names, durable, state } = values;
  const settings = {
    completeWhen,
    match,
    names,
    durable,
    state,
    inOrder: values["in-order"],
    dryRun: values["dry-run"],
  };
  await tellTransfer(call, copying, async (told) => {
    const report = await depot.copyNew(from, to, { ...told, ...settings, ...budgetsOf(values), ...filtersOf(values) });
    const seen = report.newFiles.length + report.incomplete.length + report.unchanged.objects;
    if (seen === 0 && !isFiltered(values)) await tellNothing(call, depot, from);
    for (const file of report.incomplete) await call.output.tell(incompleteMessage(file, call));
    return report;
  });
}

/** A source that is waited for looks like one that is mistyped: it is said, and an object in its place is a mistake. */
async function tellNothing(call: Call, depot: Depot, from: string): Promise<void> {
  const uri = depot.resolve(from);
  const name = uri.replace(/\/+$/, "");
  if (!isWholePlace(uri) && (await depot.exists(name)))
    throw new UsageError(`${name} is an object`, "--only-new takes a folder; cp without it takes objects");
  await call.output.tell({
    text: () => (call.settings.quiet ? undefined : `nothing lies in ${printable(call.output.show(uri))} so far`),
    json: () => ({ type: "nothing", uri }),
  });
}

function completeWhenOf(values: Values): CompleteWhen | undefined {
  const { "when-marked": marker, "when-file": file, "when-listed": manifest, "when-stable": stableFor } = values;
  const given: readonly CompleteWhen[] = [
    ...(marker === undefined ? [] : [{ marker }]),
    ...(file === undefined ? [] : [{ file }]),
    ...(manifest === undefined ? [] : [{ manifest }]),
    ...(stableFor === undefined ? [] : [{ stableFor }]),
  ];
  if (given.length > 1) throw new UsageError("a file is complete by one of --when-marked, -file, -listed and -stable");
  return given[0];
}

function incompleteMessage({ uri, reason }: IncompleteFile, { output, settings }: Call): Message {
  return {
    text: () => (settings.quiet ? undefined : `waits ${printable(output.show(uri))}: ${printable(reason)}`),
    json: () => ({ type: "incomplete", uri, reason }),
  };
}
