/** `entrepot lock`: what runs read. */
import { type Command, defineGroup } from "../command.ts";
import { diff } from "./lock/diff.ts";
import { verify } from "./lock/verify.ts";

export const lock: Command = defineGroup({
  name: "lock",
  summary: "what a run read: why two differ, and what changed since",
  actions: [diff, verify],
  notes: [
    "A lock file names every object, absence and listing that a run read, with its version. A run writes one with writeLock() of entrepot/flow, and withLock() runs again on exactly that.",
  ],
  examples: [
    { line: "entrepot lock diff monday.lock.json tuesday.lock.json", says: "what one read and the other did not" },
    { line: "entrepot lock verify inputs.lock.json", says: "what changed since the run" },
  ],
});
