/** `entrepot jobs`: transfers that were interrupted or failed. */
import { type Command, defineGroup } from "../command.ts";
import { abort } from "./jobs/abort.ts";
import { gc } from "./jobs/gc.ts";
import { list } from "./jobs/list.ts";
import { resume } from "./jobs/resume.ts";
import { uploads } from "./jobs/uploads.ts";

export const jobs: Command = defineGroup({
  name: "jobs",
  summary: "transfers that were interrupted: go on, or give up",
  actions: [list, resume, abort, gc, uploads],
  notes: [
    "Each transfer of several objects, or of a large one, keeps a journal in the cache's folder until it is done. The same command again goes on where it stopped, too.",
  ],
  examples: [
    { line: "entrepot jobs list", says: "what is not finished, and why" },
    { line: "entrepot jobs resume --all", says: "go on with all of it" },
  ],
});
