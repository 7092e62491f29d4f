/** `entrepot offline save`: the bytes of what waits, as a file. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatSize } from "../../measure.ts";

export const save: Command = defineCommand({
  name: "offline save",
  summary: "write what waits to a new file of this disk",
  synopsis: "[options] <id> <path>",
  operands: { min: 2, max: 2 },
  options: {},
  notes: ["It waits on as before: entrepot offline discard takes it back."],
  examples: [
    { line: "entrepot offline save 3-9f2c11ab ./mine.csv", says: "keep one version beside the other" },
    { line: "entrepot offline save --json 3-9f2c11ab ./mine.csv", says: "the same for programs" },
  ],
  async run(call, _, [id = "", path = ""]) {
    const depot = await call.depot();
    const { sizeBytes } = await depot.offline.save(id, path);
    await call.output.tell({
      text: () =>
        call.output.quiet ? undefined : `saved ${printable(id)} -> ${printable(path)} (${formatSize(sizeBytes)})`,
      json: () => ({ type: "saved", id, path, sizeBytes }),
    });
  },
});
