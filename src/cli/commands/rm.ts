/** `entrepot rm`: says when there was nothing to remove, and asks twice before it empties a bucket. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { type Command, defineCommand, forEachOperand } from "../command.ts";
import { flag, parsed, type ValuesOf } from "../option.ts";
import { removing, tellTransfer } from "../transfer-message.ts";
import { UsageError } from "../usage-error.ts";

const options = {
  recursive: flag("remove folders with all that lies in them", "r"),
  force: flag("a missing one is no failure; allow emptying a whole bucket", "f"),
  "dry-run": flag("say what would be removed, change nothing"),
  match: parsed("REGEX", "of a folder, only what matches below it", (given) => new RegExp(given)),
} as const;

export const rm: Command = defineCommand({
  name: "rm",
  summary: "remove objects or folders",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options,
  examples: [
    { line: "entrepot rm s3://my-bucket/notes.txt", says: "one object" },
    { line: "entrepot rm -r --dry-run s3://my-bucket/data/", says: "what would be removed" },
    { line: "entrepot rm -r s3://my-bucket/data/", says: "a folder with all that lies in it" },
    { line: "entrepot rm --force s3://my-bucket/perhaps.txt", says: "whether it is there or not" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot(values.recursive || operands.length > 8 ? "many" : "few");
    // all are looked at before the first is removed: a mistake in the last one then removes nothing.
    for (const address of operands) checkFolder(depot, address, values);
    await forEachOperand(call, operands, async (address) => {
      const isFolder = address.endsWith("/");
      const report = await tellTransfer(call, removing, (told) =>
        depot.remove(address, { ...told, recursive: isFolder, dryRun: values["dry-run"], match: values.match }),
      );
      if (report.removed.objects === 0 && !values.force) throw nothingBelow(depot.resolve(address));
    });
  },
});

function checkFolder(depot: Depot, address: string, values: ValuesOf<typeof options>): void {
  if (!address.endsWith("/") && !isBucket(depot.resolve(address))) return;
  if (!values.recursive) throw new UsageError(`${address} is a folder`, "add -r to remove all that lies in it");
  if (isBucket(depot.resolve(address)) && !values.force && !values["dry-run"] && values.match === undefined)
    throw new UsageError(
      `${address} is everything there is in that place`,
      "add --force if you mean it; --dry-run first",
    );
}

function isBucket(uri: string): boolean {
  return /^[a-z0-9]+:\/\/[^/]*\/?$/.test(uri);
}

function nothingBelow(uri: string): EntrepotError {
  return new EntrepotError("not-found", `there is nothing at ${uri}`, {
    uri,
    hint: "with --force a missing one is no failure",
  });
}
