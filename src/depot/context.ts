/**
 * What every verb works with: the settings in force, the place of an address, and where warnings go.
 */
import type { CachedStore } from "../cache/index.ts";
import type { Disk } from "../disk/index.ts";
import type { EntrepotError } from "../error/index.ts";
import type { BucketStore, Clock, ObjectStore } from "../store/index.ts";
import type { Address, Location } from "../uri/index.ts";
import type { BoundService } from "./bound-service.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { Settings } from "./settings.ts";

/** Where an address leads. */
export interface Place {
  /** The full URI, for results and messages. */
  readonly uri: string;
  readonly location: Location;
  /** The store itself, without a cache. */
  readonly store: ObjectStore;
  /** In front of `store` for remote addresses when a cache is on. */
  readonly cached: CachedStore | undefined;
  /** What bucket verbs and presigning need; only S3 has it. */
  readonly bucket: BucketStore | undefined;
  readonly key: string;
  readonly versionId: string | undefined;
  /** Of S3: where and as whom it is asked. */
  readonly service?: BoundService | undefined;
  /** As `SeenRead` has it. */
  readonly origin?: string | undefined;
}

/** The same place over other stores. A place may know its address only when asked, so that it is not to be spread. */
export function placeOver(place: Place, { store, cached }: Pick<Place, "store" | "cached">): Place {
  const { uri, location, bucket, key, versionId, origin } = place;
  return { uri, location, store, cached, bucket, key, versionId, origin };
}

export interface Context {
  readonly settings: Settings;
  readonly disk: Disk;
  readonly clock: Clock;
  /** Shared by all depots of a session; the limit is `settings.memoryBytes`. */
  readonly memory: MemoryBudget;
  /** Milliseconds since 1970. */
  now(): number;
  /** When any server last answered anything, milliseconds since 1970; `-Infinity` before the first. */
  answeredMs(): number;
  locate(address: Address, use: "read" | "write"): Location;
  /** Opens nothing on the network; may read AWS's settings files. */
  place(address: Address, use: "read" | "write"): Place | Promise<Place>;
  placeOf(location: Location): Place | Promise<Place>;
  /** Which stores these are asked at, as `SeenRead` has it: of several all of them. */
  originOf(locations: readonly Location[]): Promise<string | undefined>;
  /** The addresses of the account's buckets. */
  buckets(signal: AbortSignal | undefined): Promise<readonly { readonly name: string; readonly createdMs: number }[]>;
  warn(error: EntrepotError): void;
  /** A folder for temporary files, private to this process; made when first asked for. */
  scratchFolder(): Promise<string>;
  /** Calls `end` when the depot is closed; what it gives takes that back. */
  whenClosed(end: (reason: unknown) => void): () => void;
}
