/** What stands in the way of reads for the duration of some work: a lock that says which versions may be read. */
import type { SeenListing, SeenQuestion, SeenRead } from "./seen-read.ts";

/** Which version of an object is to be read. */
export interface GuardedVersion {
  readonly versionId?: string | undefined;
  /** Only this one. */
  readonly ifMatch?: string | undefined;
}

export interface ReadGuard {
  /** Before an object is asked for. `undefined` lets any version be read. Throws `changed` where it must not be read at all. */
  version(uri: string): GuardedVersion | undefined;
  /** After the object turned out to be another one: the version to ask for instead, or what to throw. */
  instead(uri: string, version: GuardedVersion, cause: unknown): GuardedVersion | Error;
  /** Before a listing begins. Throws `changed` for one that must not be asked. */
  mayList(uri: string, options: SeenQuestion): void;
  /** Of what a result that was kept had read: the very thing that the lock names, another, or what the work wrote itself. */
  judge(read: SeenRead): "same" | "other" | "own";
  /** After one has ended. Throws `changed` for another one than the lock knows. */
  listed(listing: SeenListing): void;
}
