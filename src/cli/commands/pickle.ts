/** `entrepot pickle`: Python's pickles, without Python. */
import { type Command, defineGroup } from "../command.ts";
import { show } from "./pickle/show.ts";

export const pickle: Command = defineGroup({
  name: "pickle",
  summary: "what a Python pickle holds",
  actions: [show],
  examples: [
    { line: "entrepot pickle show s3://my-bucket/model.pkl", says: "its values; classes are named, never loaded" },
    { line: "entrepot pickle show --json s3://my-bucket/model.pkl", says: "for programs" },
  ],
});
