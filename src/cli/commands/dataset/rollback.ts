/** `entrepot dataset rollback`: an older generation becomes current again, after a look whether all its files are there. */
import { type Command, defineCommand } from "../../command.ts";
import { flag } from "../../option.ts";
import { generationMessage } from "./generation.ts";

export const rollback: Command = defineCommand({
  name: "dataset rollback",
  summary: "make a generation that is kept current again",
  synopsis: "[options] <dataset> [<generation>]",
  operands: { min: 1, max: 2 },
  options: { "dry-run": flag("look at its files, and say which it would be; change nothing") },
  notes: ["Without a generation: the one published before the current one. entrepot dataset history names them."],
  examples: [
    { line: "entrepot dataset rollback s3://my-bucket/prices/", says: "one back" },
    { line: "entrepot dataset rollback --dry-run s3://my-bucket/prices/", says: "which one that would be" },
  ],
  async run(call, { "dry-run": dryRun }, [address = "", generation]) {
    const depot = await call.depot();
    await call.output.tell(generationMessage(await depot.dataset(address).rollback(generation, { dryRun })));
  },
});
