/** A lock in the way of reads: what is in it is read as it says, what is not is refused. */
import type {
  GuardedVersion,
  ReadGuard,
  Recorder,
  SeenListing,
  SeenObject,
  SeenQuestion,
  SeenRead,
} from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";
import { type LockedInput, nameOfInput } from "./inputs-lock.ts";

export interface LockGuardOptions {
  readonly inputs: readonly LockedInput[];
  /** Of files that the lock knows by their bytes, as they are now. */
  readonly etags: ReadonlyMap<string, string>;
  /** URIs of what is read in the version of then. */
  readonly versions: ReadonlySet<string>;
  /** Knows what the work wrote itself. */
  readonly recorder: Recorder;
}

export class LockGuard implements ReadGuard {
  readonly #known: ReadonlyMap<string, LockedInput>;
  readonly #etags: ReadonlyMap<string, string>;
  readonly #versions: Set<string>;
  readonly #recorder: Recorder;

  constructor({ inputs, etags, versions, recorder }: LockGuardOptions) {
    this.#known = new Map(inputs.map((read) => [nameOfInput(read), read]));
    this.#etags = etags;
    this.#versions = new Set(versions);
    this.#recorder = recorder;
  }

  version(uri: string): GuardedVersion | undefined {
    if (this.#recorder.isOwn(uri)) return undefined;
    const read = this.#known.get(uri);
    if (read === undefined) throw notInLock(uri, "it was not read when the lock was written");
    if (read.kind !== "object") return undefined;
    if (this.#versions.has(uri)) return { versionId: read.versionId };
    return this.#now(read);
  }

  instead(uri: string, version: GuardedVersion): GuardedVersion | Error {
    const read = this.#known.get(uri);
    const kept = read?.kind === "object" ? read.versionId : undefined;
    if (version.versionId !== undefined || kept === undefined || kept === "null")
      return notInLock(uri, "it is another one than when the work began");
    this.#versions.add(uri);
    return { versionId: kept };
  }

  mayList(uri: string, options: SeenQuestion): void {
    if (this.#listing(uri, options) === undefined)
      throw notInLock(uri, "it was not listed like this when the lock was written");
  }

  listed(listing: SeenListing): void {
    const known = this.#listing(listing.uri, listing.options);
    if (known === undefined || known.ended === true || known.digest === listing.digest) return;
    throw notInLock(listing.uri, "it lists other entries than when the lock was written");
  }

  judge(read: SeenRead): "same" | "other" | "own" {
    if (read.kind !== "listing" && this.#recorder.isOwn(read.uri)) return "own";
    const known = this.#known.get(nameOfInput(read));
    return known !== undefined && isSame(known, read) ? "same" : "other";
  }

  #listing(uri: string, options: SeenQuestion): SeenListing | undefined {
    const name = nameOfInput({ kind: "listing", uri, options, digest: "", entries: 0 });
    const read = this.#known.get(name);
    return read?.kind === "listing" ? read : undefined;
  }

  /** One version is asked for as it is; all else only if it still is what it was. */
  #now({ uri, etag = this.#etags.get(uri) }: SeenObject): GuardedVersion | undefined {
    return etag === undefined || uri.includes("?versionId=") ? undefined : { ifMatch: etag };
  }
}

/** By the strongest that both know. */
function isSame(known: LockedInput, read: SeenRead): boolean {
  if (known.kind === "listing") return read.kind === "listing" && known.digest === read.digest;
  if (known.kind === "absent" || read.kind !== "object") return known.kind === read.kind;
  if (known.checksum !== undefined && read.checksum !== undefined) return known.checksum === read.checksum;
  if (known.versionId !== undefined && read.versionId !== undefined) return known.versionId === read.versionId;
  return known.etag !== undefined && known.etag === read.etag;
}

function notInLock(uri: string, why: string): EntrepotError<"changed"> {
  return new EntrepotError("changed", `${uri} is not what the lock says: ${why}`, {
    uri,
    retryable: false,
    hint: "run without the frozen lock and write it anew to accept it",
  });
}
