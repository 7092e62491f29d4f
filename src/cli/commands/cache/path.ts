/** `entrepot cache path`: the folder itself. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";

export const path: Command = defineCommand({
  name: "cache path",
  summary: "where the copies lie",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {},
  examples: [
    { line: "entrepot cache path", says: "the folder itself" },
    { line: 'du -sh "$(entrepot cache path)"', says: "for any tool" },
  ],
  async run(call) {
    const { dir } = (await call.depot()).cache;
    await call.output.tell({ text: () => printable(dir), json: () => ({ type: "path", path: dir }) });
  },
});
