/** What a listing says of one object of either side, and what kind of place a side is. */
import type { ObjectStore } from "../../store/index.ts";
import type { ObjectEntry } from "../entries.ts";

/** `path` is that of its key below the folder of its side. */
export interface Found extends Pick<ObjectEntry, "uri" | "path" | "sizeBytes" | "modifiedMs" | "etag"> {
  /** Where it lies below the folder, where no file can bear its key. */
  readonly storedAt?: string | undefined;
}

export function keyOf({ key }: Pick<Side, "key">, { storedAt, path }: Found): string {
  return key + (storedAt ?? path);
}

/** One side of a sync. */
export interface Side {
  /** `"server"` gives ETags and perhaps checksums; what is `"at-hand"`, a file or this memory, can be read for nothing. */
  readonly kind: "server" | "at-hand";
  /** Whether files there bear the time of what they were copied from. */
  readonly keepsTimes: boolean;
  readonly store: ObjectStore;
  /** Of the folder, `""` or ending in `/`. */
  readonly key: string;
}
