/** A snapshot as commands tell it. */
import type { Snapshot } from "../../../depot/index.ts";
import { printable } from "../../escape.ts";
import { formatSize, formatTime } from "../../measure.ts";
import type { Message } from "../../message.ts";

export function snapshotMessage({ name, uri, sizeBytes, modifiedMs, etag }: Snapshot): Message {
  return {
    text: () =>
      `${formatTime(modifiedMs)}  ${formatSize(sizeBytes).padStart(9)}  ${printable(name)}  ${printable(uri)}`,
    json: () => ({ type: "snapshot", name, uri, sizeBytes, modifiedMs, etag }),
  };
}

/** No snapshot: `why` says whether there is none or nobody looked. */
export function nothingDone(name: string, why: string): Message {
  return {
    text: () => `${why}: ${printable(name)}`,
    json: () => ({ type: "no-snapshot", name, reason: why }),
  };
}

export const localRoot = "the root in force is a folder of this disk, and --in names none";
