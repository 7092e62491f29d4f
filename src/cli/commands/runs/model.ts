/** `entrepot runs model`: the programs that runs execute, and their versions. */
import { type Command, defineGroup } from "../../command.ts";
import { list } from "./model/list.ts";

export const model: Command = defineGroup({
  name: "runs model",
  summary: "the programs that runs execute, and their versions",
  actions: [list],
  examples: [
    { line: "entrepot runs model list", says: "the models there are" },
    { line: "entrepot runs model list growth", says: "the versions of one" },
  ],
});
