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

/** There is none, or none is kept on this disk. */
export function nothingDone(name: string): Message {
  return {
    text: () => `no snapshot ${printable(name)}`,
    json: () => ({ type: "no-snapshot", name }),
  };
}
