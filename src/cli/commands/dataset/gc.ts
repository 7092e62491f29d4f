/** `entrepot dataset gc`: takes old generations away, and what publishers left that did not end. */
import { parseDuration } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { formatCount, formatSize } from "../../measure.ts";
import { count, flag, parsed } from "../../option.ts";

export const gc: Command = defineCommand({
  name: "dataset gc",
  summary: "remove old generations, and what publishers left that did not end",
  synopsis: "[options] <dataset>",
  operands: { min: 1, max: 1 },
  options: {
    keep: count("N", "how many of the newest stay (default 3)", undefined, 1),
    "older-than": parsed("TIME", "only what was not used for so long (default 7d)", parseDuration),
    "dry-run": flag("say what would be removed, change nothing"),
  },
  notes: ["The current generation and those under a lease always stay."],
  examples: [
    { line: "entrepot dataset gc --dry-run s3://my-bucket/prices/", says: "what would be removed" },
    { line: "entrepot dataset gc --keep 2 --older-than 30d s3://my-bucket/prices/", says: "at least two stay" },
  ],
  async run(call, { keep, "older-than": olderThan, "dry-run": dryRun }, [address = ""]) {
    const depot = await call.depot("many");
    const report = await depot.dataset(address).gc({ keep, olderThan, dryRun });
    const { removed, abandoned, leased, objects, sizeBytes } = report;
    const did = dryRun ? "would remove" : "removed";
    const lines = [
      ...removed.map((name) => `${did} ${name}`),
      ...abandoned.map((name) => `${did} ${name}, which was never published`),
      ...leased.map((name) => `kept ${name}, which is under a lease`),
    ];
    const sum = `${did} ${formatCount(objects, "object")}, ${formatSize(sizeBytes)}`;
    await call.output.tell({
      text: () => (lines.length === 0 ? undefined : lines.join("\n")),
      json: () => ({ type: "gc", dryRun, removed, abandoned, leased, objects, sizeBytes }),
    });
    await call.output.flush();
    if (!call.output.quiet && !call.output.json) call.output.say({ text: () => sum, json: () => undefined });
  },
});
