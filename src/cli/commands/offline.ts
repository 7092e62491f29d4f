/** `entrepot offline`: what could be done without a network. */
import { type Command, defineGroup } from "../command.ts";
import { discard } from "./offline/discard.ts";
import { outbox } from "./offline/outbox.ts";
import { push } from "./offline/push.ts";
import { save } from "./offline/save.ts";
import { status } from "./offline/status.ts";

export const offline: Command = defineGroup({
  name: "offline",
  summary: "what is here for work without a network",
  actions: [status, outbox, push, save, discard],
  examples: [
    { line: "entrepot offline status", says: "is all that was pinned here?" },
    { line: "entrepot offline status s3://my-bucket/data/", says: "one folder" },
  ],
});
