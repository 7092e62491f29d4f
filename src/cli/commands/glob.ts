/** `entrepot glob`: the addresses that patterns match, as they arrive. */
import { type Command, defineCommand } from "../command.ts";
import { entryFormat, tellEntry } from "../entry-lines.ts";
import { filterFlags } from "../filter-options.ts";
import { openMatches } from "../matches.ts";
import { choice, flag } from "../option.ts";

export const glob: Command = defineCommand({
  name: "glob",
  summary: "the addresses that match a pattern",
  synopsis: "[options] <pattern>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    ...entryFormat,
    kind: choice(["object", "folder", "any"], "what may match (default object)"),
    path: flag("paths below the last folder without a wildcard, not full addresses", "p"),
    include: filterFlags.include,
    exclude: filterFlags.exclude,
  },
  notes: [
    "Quote patterns: * and ? stay within a name, [a-z] and [!a] are one character, {a,b} is either, ** crosses folders. [*] is a star itself. The part before the first wildcard is what the server is asked for.",
    "Each object comes once, however many patterns match it. A pattern that matches nothing is an error (3).",
  ],
  examples: [
    { line: "entrepot glob 's3://my-bucket/**/*.csv'", says: "every CSV file, at any depth" },
    { line: "entrepot glob -lh 's3://my-bucket/data.{csv,parquet}'", says: "either, with times and sizes" },
    { line: "entrepot glob --kind folder 's3://my-bucket/*'", says: "folders, each ending in /" },
    { line: "entrepot glob -0 's3://my-bucket/*.csv' | xargs -0 entrepot cat", says: "for other programs, exactly" },
  ],
  async run(call, { kind = "object", path, include, exclude, ...format }, patterns) {
    const depot = await call.depot();
    for await (const entry of await openMatches<"any">(depot, patterns, kind as "any", { include, exclude }))
      await tellEntry(call, entry, { ...format, uri: !path });
  },
});
