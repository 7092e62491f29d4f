/** `entrepot dataset`: many files that change as one. */
import { type Command, defineGroup } from "../command.ts";
import { gc } from "./dataset/gc.ts";
import { history } from "./dataset/history.ts";
import { publish } from "./dataset/publish.ts";
import { rollback } from "./dataset/rollback.ts";
import { show } from "./dataset/show.ts";

export const dataset: Command = defineGroup({
  name: "dataset",
  summary: "folders of many files that change as one",
  actions: [publish, show, history, rollback, gc],
  examples: [
    { line: "entrepot dataset publish ./data/ s3://my-bucket/prices/", says: "a new generation of all files" },
    { line: "entrepot dataset show s3://my-bucket/prices/", says: "which one is current, and where it lies" },
  ],
});
