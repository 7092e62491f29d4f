/** What stands in the way of reads for the duration of some work: a lock file that says which versions may be read. */

/** Which version of an object is to be read. */
export interface GuardedVersion {
  readonly versionId?: string | undefined;
  /** Only this one. */
  readonly ifMatch?: string | undefined;
}

export interface ReadGuard {
  /** Before an object is asked for. `undefined` lets any version be read. Throws `changed` where it must not be read at all. */
  version(uri: string): GuardedVersion | undefined;
  /** What an answer that is not of the version becomes. */
  refused(uri: string, cause: unknown): Error;
}
