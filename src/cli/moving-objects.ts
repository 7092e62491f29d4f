/** What `cp` and `mv` have in common: their options, their plan, and how each step is told. */
import type { Depot, TransferOptions } from "../depot/index.ts";
import { openNodeDisk } from "../disk/index.ts";
import { begunCopies } from "./begun-copy.ts";
import { type BudgetOptions, budgetOptions, budgetsOf } from "./budget-options.ts";
import type { Call } from "./command.ts";
import { type CopyStep, type CopyWorld, intoFolder, planCopy } from "./copy-plan.ts";
import { filesFromNote, filesFromOptions, readFilesFrom } from "./files-from.ts";
import { type FilterFlags, filterFlags, filterNote, filtersOf } from "./filter-options.ts";
import { localFolders } from "./local-folder.ts";
import { matchOption } from "./match-option.ts";
import { globOption } from "./matches.ts";
import { choice, type Flag, flag, type ValueOption, type ValuesOf } from "./option.ts";
import { severalAsOne } from "./several-transfers.ts";
import { type TransferVerb, tellTransfer } from "./transfer-message.ts";
import { UsageError } from "./usage-error.ts";

export type MovingOptions = Readonly<Record<"recursive" | "glob" | "dry-run" | "no-clobber", Flag>> & {
  readonly match: ValueOption<RegExp>;
  readonly names: ValueOption<"refuse" | "map" | "portable">;
} & BudgetOptions &
  FilterFlags &
  typeof filesFromOptions;

/** The options of `cp` or `mv`, in its own words. */
export function movingOptions({ plan, past }: TransferVerb): MovingOptions {
  return {
    recursive: flag(`${plan} folders`, "r"),
    glob: globOption,
    "dry-run": flag(`say what would be ${past}, change nothing`),
    "no-clobber": flag("fail (6) instead of replacing an object"),
    match: matchOption,
    ...budgetOptions,
    ...filterFlags,
    ...filesFromOptions,
    names: namesOption,
  };
}

export const namesOption: MovingOptions["names"] = choice(
  ["refuse", "map", "portable"],
  "of names that this disk cannot hold (default refuse): see below",
);

/** The same words in the help of every command that has it. */
export const namesNote =
  "Names that this disk cannot hold are found before anything is written. --names map writes such objects under other names, with a list of them in .entrepot-names.ndjson; --names map on the way back restores the keys. portable does so for every disk, Windows included.";

/** How both read their addresses. */
export const movingNotes: readonly string[] = [
  "A source that ends in / means its contents, a target that ends in / means into it. A target that is a folder of this machine already is one with or without its /: a finished cp -r s3://b/x here, said again, copies into here/x; end the source with / (or use sync) to copy into here each time. One that was interrupted goes on as it was meant.",
  filterNote,
  filesFromNote,
  namesNote,
];

/** Does what the operands say; the last of them is the target. */
export async function moveObjects(
  call: Call,
  verb: TransferVerb & { readonly method: "copy" | "move" },
  values: ValuesOf<MovingOptions>,
  operands: readonly string[],
  more: { readonly durable?: boolean; readonly markers?: boolean; readonly keepEmptyFolders?: boolean } = {},
): Promise<void> {
  const { recursive, glob, match, names } = values;
  const isMany = recursive || glob || values["files-from"] !== undefined || operands.length > 8;
  const depot = await call.depot(isMany ? "many" : "few");
  const condition = values["no-clobber"] ? ({ ifNoneMatch: "*" } as const) : {};
  const settings = {
    ...more,
    ...condition,
    ...filtersOf(values),
    names,
    dryRun: values["dry-run"],
    match,
  };
  const budgets = budgetsOf(values);
  const isBegun = begunCopies(depot, verb.method, (message) => {
    if (!call.output.quiet) call.output.say(message);
  });
  const steps = await stepsOf(
    call,
    { depot, isLocalFolder: localFolders(depot, openNodeDisk()), isBegun },
    values,
    operands,
  );
  await tellTransfer(
    call,
    verb,
    (told, jobs) => {
      const [only, ...others] = steps.map(({ from, to }) => async (more: TransferOptions) => {
        const onJob = (id: string) => void jobs.add(id);
        const report = await depot[verb.method](from, to, { ...told, ...settings, ...more, onJob });
        // Done to its end, and nothing is left of it.
        jobs.delete(report.jobId ?? "");
        return report;
      });
      if (only === undefined) throw new TypeError("there is nothing to do");
      return others.length === 0 ? only(budgets) : severalAsOne(call, [only, ...others], budgets);
    },
    filtersOf(values),
  );
}

async function stepsOf(
  call: Call,
  world: CopyWorld & { readonly depot: Depot },
  values: ValuesOf<MovingOptions>,
  operands: readonly string[],
): Promise<readonly CopyStep[]> {
  const { recursive, glob } = values;
  const { depot } = world;
  const sources = operands.slice(0, -1);
  const target = operands.at(-1) ?? "";
  const file = values["files-from"];
  if (file === undefined) {
    if (values.null) throw new UsageError("-0 says how the list of --files-from is written", "add --files-from FILE");
    if (sources.length === 0) throw new UsageError("there is a source and a target", "the last address is the target");
    return planCopy(world, { sources, target, recursive, glob });
  }
  if (glob || sources.length > 1)
    throw new UsageError(
      "with --files-from there is one folder at most, and a target",
      "entrepot cp --files-from list.txt s3://my-bucket/data/ ./here/",
    );
  const from = readFilesFrom(depot, { file, zero: values.null, stdin: call.stdin, folder: sources[0] });
  return [{ from, to: await intoFolder(world, target, "a list") }];
}
