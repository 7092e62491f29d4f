/** `entrepot runs token`: who may use the HTTP API. */
import { type Command, defineGroup } from "../../command.ts";
import { create } from "./token/create.ts";
import { list } from "./token/list.ts";
import { revoke } from "./token/revoke.ts";

export const token: Command = defineGroup({
  name: "runs token",
  summary: "tokens of the HTTP API: who may do what",
  actions: [create, list, revoke],
  examples: [
    { line: "entrepot runs token create laptop --role run", says: "is shown this once" },
    { line: "entrepot runs token list", says: "which there are, without themselves" },
  ],
});
