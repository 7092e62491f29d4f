/** What `cp` and `mv` have in common: their options, their plan, and how each step is told. */
import { openNodeDisk } from "../disk/index.ts";
import { type BudgetOptions, budgetOptions, budgetsOf } from "./budget-options.ts";
import type { Call } from "./command.ts";
import { planCopy } from "./copy-plan.ts";
import { localFolders } from "./local-folder.ts";
import { matchOption } from "./match-option.ts";
import { globOption } from "./matches.ts";
import { type Flag, flag, type ValueOption, type ValuesOf } from "./option.ts";
import { type TransferVerb, tellTransfer } from "./transfer-message.ts";

export type MovingOptions = Readonly<Record<"recursive" | "glob" | "dry-run" | "no-clobber", Flag>> &
  BudgetOptions & { readonly match: ValueOption<RegExp> };

/** The options of `cp` or `mv`, in its own words. */
export function movingOptions({ plan, past }: TransferVerb): MovingOptions {
  return {
    recursive: flag(`${plan} folders`, "r"),
    glob: globOption,
    "dry-run": flag(`say what would be ${past}, change nothing`),
    "no-clobber": flag("fail (6) instead of replacing an object"),
    match: matchOption,
    ...budgetOptions,
  };
}

/** How both read their addresses. */
export const movingNotes: readonly string[] = [
  "A source that ends in / means its contents, a target that ends in / means into it. A target that is a folder of this machine already is one with or without its /.",
];

/** Does what the operands say; the last of them is the target. */
export async function moveObjects(
  call: Call,
  verb: TransferVerb & { readonly method: "copy" | "move" },
  values: ValuesOf<MovingOptions>,
  operands: readonly string[],
): Promise<void> {
  const { recursive, glob, match } = values;
  const depot = await call.depot(recursive || glob || operands.length > 8 ? "many" : "few");
  const condition = values["no-clobber"] ? ({ ifNoneMatch: "*" } as const) : {};
  const world = { depot, isLocalFolder: localFolders(depot, openNodeDisk()) };
  const request = { sources: operands.slice(0, -1), target: operands.at(-1) ?? "", recursive, glob };
  for (const { from, to } of await planCopy(world, request))
    await tellTransfer(call, verb, (told) =>
      depot[verb.method](from, to, { ...told, ...condition, ...budgetsOf(values), dryRun: values["dry-run"], match }),
    );
}
