/** A read that goes straight to a file nobody sees yet, so that the size of the object does not matter. */
import type { PendingFile } from "../disk/index.ts";
import type { BodySink } from "./object-store.ts";

/** Fills `pending`, and empties it again when the read starts over: await the sink's `settled` before the commit. */
export function fileSink(pending: PendingFile): BodySink & { settled(): Promise<void> } {
  let isVoid = false;
  const settled = async () => {
    if (isVoid) await pending.truncate();
    isVoid = false;
  };
  return {
    restartable: true,
    start: () => {
      isVoid = pending.sizeBytes > 0;
    },
    write: async (chunk) => {
      await settled();
      await pending.write(chunk);
    },
    settled,
  };
}
