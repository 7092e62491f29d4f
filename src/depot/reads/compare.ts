/** Whether an object is what it was. */
import { createHash } from "node:crypto";
import type { EntrepotError } from "../../error/index.ts";
import { type ObjectInfo, readStream } from "../../store/index.ts";
import type { Place } from "../context.ts";
import type { ChangedRead } from "./changed-read.ts";
import type { SeenAbsent, SeenObject } from "./seen-read.ts";

/** `now`: what the store says of it, `undefined` when it is not there. */
export async function compareObject(
  place: Place,
  read: SeenObject | SeenAbsent,
  now: Pick<ObjectInfo, "etag" | "sizeBytes" | "modifiedMs"> | undefined,
  signal: AbortSignal | undefined,
): Promise<ChangedRead | undefined> {
  if (read.kind === "absent")
    return now === undefined ? undefined : { read, why: "it was not there, and is now", kind: "appeared" };
  if (now === undefined) return { read, why: "it is gone", kind: "gone" };
  if (read.etag !== undefined && now.etag === read.etag) return undefined;
  const { sizeBytes } = now;
  if (sizeBytes !== read.sizeBytes)
    return { read, why: `it had ${read.sizeBytes} bytes, and has ${sizeBytes} now`, kind: "changed" };
  // a file of this disk that was copied, touched or checked out anew may hold what it held
  const isFile = place.location.scheme === "file" || place.location.scheme === "memory";
  if (isFile && read.checksum !== undefined)
    return (await checksumAt(place, signal)) === read.checksum
      ? undefined
      : { read, why: "its bytes are others", kind: "changed" };
  if (read.etag === undefined && read.modifiedMs !== undefined && read.modifiedMs === now.modifiedMs) return undefined;
  const why = isFile ? "it was written or touched since, and its bytes were not all read then" : "it has another ETag";
  return { read, why, kind: "changed" };
}

async function checksumAt({ store, key }: Place, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of readStream(store, key, { signal })) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

/** What to say where nobody could be asked. */
export function whyUnknown({ code, message }: EntrepotError): string {
  return `nobody can tell (${code}): ${message}`;
}
