/** `entrepot sync`: makes one folder like another, in either direction, and says of each object why. */
import type { Compare, DeleteLimit } from "../../depot/index.ts";
import { budgetOptions, budgetsOf } from "../budget-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { filterFlags, filterNote, filtersOf } from "../filter-options.ts";
import { keepEmptyFlag } from "../keep-empty-option.ts";
import { matchOption } from "../match-option.ts";
import { namesNote, namesOption } from "../moving-objects.ts";
import { choice, flag, parsed } from "../option.ts";
import { syncing, tellTransfer } from "../transfer-message.ts";
import { UsageError } from "../usage-error.ts";

const ways = ["auto", "checksum", "size-time", "size"] as const satisfies readonly Compare[];

export const sync: Command = defineCommand({
  name: "sync",
  summary: "make one folder like another, either way",
  synopsis: "[options] <source> <target>",
  operands: { min: 2, max: 2 },
  options: {
    by: choice(ways, "how objects of the same path are told apart (auto)"),
    delete: flag("remove what the target holds beyond the source"),
    "max-delete": parsed("N|N%", "remove at most so many, or so much of the target (50%)", deleteLimit),
    "keep-empty-folders": keepEmptyFlag,
    durable: flag("wait for the disk after each file of a folder"),
    "dry-run": flag("say what would be done and why, change nothing"),
    match: matchOption,
    ...budgetOptions,
    ...filterFlags,
    names: namesOption,
  },
  notes: [
    "Both sides are folders, with or without their /. What is the same is left alone and not shown, but with --json.",
    "--by auto goes by size first. Between servers ETags decide, else checksums, else times. With a file on one side times that agree are enough; else its contents are held against the server's ETag or checksum. A file that is fetched bears the time of its object. --by checksum takes no notice of times.",
    "--delete removes only when everything has been copied, and nothing from a source without objects, or of more than half of the target, unless --max-delete says so. What filters leave out stays.",
    filterNote,
    namesNote,
  ],
  examples: [
    { line: "entrepot sync ./data s3://my-bucket/backup", says: "what is new or has changed, into the bucket" },
    { line: "entrepot sync --dry-run --delete ./data s3://my-bucket/backup", says: "what would happen, and why" },
    { line: "entrepot sync --delete s3://my-bucket/data ./data", says: "a mirror of the bucket's folder on this disk" },
    { line: "entrepot sync --by checksum ./data s3://my-bucket/data", says: "by contents, whatever the times are" },
  ],
  async run(call, values, [source = "", target = ""]) {
    if (values["max-delete"] !== undefined && !values.delete)
      throw new UsageError("--max-delete limits --delete, which is missing", "add --delete, or leave --max-delete out");
    const depot = await call.depot("many");
    await tellTransfer(
      call,
      syncing,
      (told, jobs) =>
        depot.sync(source, target, {
          ...told,
          onJob: (id) => void jobs.add(id),
          ...budgetsOf(values),
          ...filtersOf(values),
          names: values.names,
          compare: values.by,
          delete: values.delete,
          deleteLimit: values["max-delete"],
          keepEmptyFolders: values["keep-empty-folders"],
          durable: values.durable,
          dryRun: values["dry-run"],
          match: values.match,
        }),
      filtersOf(values),
    );
  },
});

/** The library checks what it stands for. */
function deleteLimit(given: string): DeleteLimit {
  if (/^\d+$/.test(given)) return Number(given);
  if (/^(?:\d{1,2}(?:\.\d+)?|100)%$/.test(given)) return given as DeleteLimit;
  throw new RangeError("expected a number of objects or a share such as 90%");
}
