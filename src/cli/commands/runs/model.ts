/** `entrepot runs model`: the programs that runs execute, and their versions. */
import { type Command, defineGroup } from "../../command.ts";
import { add } from "./model/add.ts";
import { remove } from "./model/delete.ts";
import { deploy } from "./model/deploy.ts";
import { list } from "./model/list.ts";

export const model: Command = defineGroup({
  name: "runs model",
  summary: "the programs that runs execute, and their versions",
  actions: [add, deploy, list, remove],
  examples: [
    { line: "entrepot runs model add growth", says: "a model" },
    { line: "entrepot runs model deploy growth -- python3 model.py", says: "a version of it" },
  ],
});
