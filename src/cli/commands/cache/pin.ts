/** `entrepot cache pin`: keeps objects and folders on this disk whatever the limits say, and knows offline what is in them. */
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { globOption, openMatches } from "../../matches.ts";
import { flag } from "../../option.ts";
import { pinning, tellTransfer } from "../../transfer-message.ts";
import { UsageError } from "../../usage-error.ts";

export const pin: Command = defineCommand({
  name: "cache pin",
  summary: "fetch, and keep whatever the limits say",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    prefix: flag("the address is what names begin with, no folder or object"),
    "dry-run": flag("say what would be fetched, change nothing"),
    glob: globOption,
  },
  notes: [
    "A folder (final /) is listed as well: ls, stat and du know it offline, and what is not in it. Pinning again asks what is new, fetches what changed, and lets go what is gone. What is here in its current version is not fetched again.",
    "With --glob what matches now is kept, as a list. entrepot offline status says whether all of it is here.",
  ],
  examples: [
    { line: "entrepot cache pin s3://my-bucket/data/", says: "a folder, for offline use" },
    { line: "entrepot cache pin --dry-run s3://my-bucket/data/", says: "what would be fetched" },
    { line: "entrepot cache pin --glob 's3://my-bucket/**/*.csv'", says: "what matches a pattern" },
  ],
  async run(call, values, operands) {
    if (values.glob && values.prefix) throw new UsageError("a pattern is no prefix", "leave out --prefix, or --glob");
    const depot = await call.depot("many");
    const dryRun = values["dry-run"];
    if (values.glob) {
      const matches = await openMatches<"object">(depot, operands, "object");
      await tellTransfer(call, pinning, (told) => depot.cache.pin(matches, { ...told, dryRun }));
      return;
    }
    await forEachOperand(call, operands, async (address) => {
      const { prefix } = values;
      await tellTransfer(call, pinning, (told) => depot.cache.pin(address, { ...told, prefix, dryRun }));
    });
  },
});
