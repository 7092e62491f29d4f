/** `entrepot pack`: a folder of this disk becomes one archive, here or there. */
import { formatOption } from "../archive-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { matchOption } from "../match-option.ts";
import { flag } from "../option.ts";
import { packing, tellTransfer } from "../transfer-message.ts";

export const pack: Command = defineCommand({
  name: "pack",
  summary: "a folder of this disk becomes one archive",
  synopsis: "[options] <folder> <archive>",
  operands: { min: 2, max: 2 },
  options: {
    format: formatOption,
    match: matchOption,
    "keep-times": flag("entries bear the times of their files"),
    "no-clobber": flag("fail (6) instead of replacing an object"),
    "dry-run": flag("say what would be packed, write nothing"),
  },
  notes: [
    "The folder is a path of this disk, from the working folder; the archive is any address. zip, tar, tar.gz (tgz), tar.bz2 (tbz2), tar.xz (txz) go by suffix; tar.zst (tzst) needs Node 24.",
    "Paths in the archive begin in the folder. Links are followed. Nothing is visible until all of it is there. Without --keep-times the same files make the same archive, byte for byte.",
  ],
  examples: [
    { line: "entrepot pack ./data s3://my-bucket/model.zip", says: "as a stream, without a file of its own here" },
    { line: "entrepot pack --match '\\.csv$' ./data s3://my-bucket/tables.tar.xz", says: "only some of the files" },
    { line: "entrepot pack --dry-run ./data ./data.tar.gz", says: "which files, and how much" },
  ],
  async run(call, values, [folder = "", archive = ""]) {
    const depot = await call.depot("many");
    const condition = values["no-clobber"] ? ({ ifNoneMatch: "*" } as const) : {};
    await tellTransfer(call, packing, (told) =>
      depot.pack(folder, archive, {
        ...told,
        ...condition,
        format: values.format,
        match: values.match,
        modified: values["keep-times"] ? "keep" : undefined,
        dryRun: values["dry-run"],
        signal: call.signal,
      }),
    );
  },
});
