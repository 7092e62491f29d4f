/** What a listing says of one object of either side, and what kind of place a side is. */
import type { ObjectStore } from "../../store/index.ts";
import type { ObjectEntry } from "../entries.ts";

/** `path` is below the folder of its side. */
export type Found = Pick<ObjectEntry, "uri" | "path" | "sizeBytes" | "modifiedMs" | "etag">;

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
