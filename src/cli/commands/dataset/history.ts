/** `entrepot dataset history`: the generations that are kept. */
import { type Command, defineCommand } from "../../command.ts";
import { generationMessage } from "./generation.ts";

export const history: Command = defineCommand({
  name: "dataset history",
  summary: "the generations that are kept, the newest first, the current one with *",
  synopsis: "[options] <dataset>",
  operands: { min: 1, max: 1 },
  options: {},
  examples: [
    { line: "entrepot dataset history s3://my-bucket/prices/", says: "one a line" },
    { line: "entrepot dataset history --json s3://my-bucket/prices/", says: "for programs" },
  ],
  async run(call, _, [address = ""]) {
    const depot = await call.depot();
    for (const generation of await depot.dataset(address).history())
      await call.output.tell(generationMessage(generation));
  },
});
