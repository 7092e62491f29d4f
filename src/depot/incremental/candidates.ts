/** A listing held against what was taken before: both are in key order, so neither is held. */
import { compareKeys } from "../../uri/index.ts";
import type { ObjectEntry } from "../entries.ts";
import type { Candidate } from "./gate.ts";
import type { Taken } from "./taken.ts";

/** Every entry with its reason to be taken, if there is one; `onKnown` is told of those that are the same. */
export async function* candidatesOf(
  entries: AsyncIterable<ObjectEntry>,
  taken: AsyncIterable<Taken>,
  onKnown: (entry: ObjectEntry) => void,
): AsyncGenerator<Candidate> {
  const before = taken[Symbol.asyncIterator]();
  try {
    let next = await before.next();
    for await (const entry of entries) {
      while (next.done !== true && compareKeys(next.value.path, entry.path) < 0) next = await before.next();
      const known = next.done !== true && next.value.path === entry.path ? next.value : undefined;
      const isSame = known?.etag === entry.etag && known.sizeBytes === entry.sizeBytes;
      if (isSame) onKnown(entry);
      yield { entry, reason: isSame ? undefined : known === undefined ? "new" : "changed" };
    }
  } finally {
    await before.return?.();
  }
}
