/**
 * A sink that writes to a file which nobody sees yet. When the object is replaced while it is read, the file starts again at
 * byte 0, also when the new version is empty.
 */
import type { PendingFile } from "../disk/index.ts";
import type { BodySink } from "./object-store.ts";

/** To be finished before the file is published. */
export interface FileSink extends BodySink {
  readonly restartable: true;
  writeAt(offset: number, chunk: Uint8Array): void | Promise<void>;
  /** Once after the read: then the file holds what the last start announced, and nothing before it. Errors of the disk. */
  finish(): Promise<void>;
}

/** For a file with nothing in it, or with what the first start is to take away. */
export function fileSink(file: Pick<PendingFile, "sizeBytes" | "writeAt" | "truncate">): FileSink {
  let isVoid = false;
  let emptying: Promise<void> | undefined;
  /** Where the next piece in order goes. */
  let position = 0;
  // Where it is awaited: `start` cannot wait, and a failure that nobody waits for would end the process.
  const empty = async () => {
    if (isVoid) await file.truncate();
    isVoid = false;
  };
  return {
    restartable: true,
    start: () => {
      isVoid = file.sizeBytes > 0;
      position = 0;
    },
    write: (chunk) => {
      const at = position;
      position += chunk.byteLength;
      return isVoid ? empty().then(() => file.writeAt(at, chunk)) : file.writeAt(at, chunk);
    },
    writeAt: (offset, chunk) => {
      if (!isVoid) return file.writeAt(offset, chunk);
      // Those that come meanwhile wait for the same emptying.
      emptying ??= empty().finally(() => {
        emptying = undefined;
      });
      return emptying.then(() => file.writeAt(offset, chunk));
    },
    finish: empty,
  };
}
