/** `entrepot mv`: each source is removed when its copy stands, and only the version that was copied. */
import { type Command, defineCommand } from "../command.ts";
import { planCopy } from "../copy-plan.ts";
import { flag, parsed } from "../option.ts";
import { moving, tellTransfer } from "../transfer-message.ts";

export const mv: Command = defineCommand({
  name: "mv",
  summary: "move objects or folders, either way",
  synopsis: "[options] <source>... <target>",
  operands: { min: 2, max: Number.POSITIVE_INFINITY },
  options: {
    recursive: flag("move folders", "r"),
    "dry-run": flag("say what would be moved, change nothing"),
    "no-clobber": flag("fail (6) instead of replacing an object"),
    match: parsed("REGEX", "of a folder, only what matches below it", (given) => new RegExp(given)),
  },
  notes: ["A source that ends in / means its contents, a target that ends in / means into it."],
  examples: [
    { line: "entrepot mv s3://my-bucket/notes.txt s3://my-bucket/old/", says: "into a folder" },
    { line: "entrepot mv s3://my-bucket/data.csv s3://my-bucket/data-2024.csv", says: "under another name" },
    { line: "entrepot mv -r --dry-run s3://my-bucket/data/ s3://my-bucket/archive/", says: "what would happen" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot(values.recursive || operands.length > 8 ? "many" : "few");
    const condition = values["no-clobber"] ? ({ ifNoneMatch: "*" } as const) : {};
    const steps = await planCopy(depot, operands.slice(0, -1), operands.at(-1) ?? "", values.recursive);
    for (const { from, to } of steps)
      await tellTransfer(call, moving, (told) =>
        depot.move(from, to, { ...told, ...condition, dryRun: values["dry-run"], match: values.match }),
      );
  },
});
