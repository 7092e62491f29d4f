/** Named folders between runs, as types. */
import type { Existing } from "../../archive/index.ts";
import type { TransferReport } from "../../transfer/index.ts";
import type { Listing } from "../entries.ts";
import type { CallOptions, LocalPath, SignalOptions } from "../options.ts";
import type { ByteSize } from "../units.ts";

/** What one run leaves for the next: a folder under a name. */
export interface Snapshot {
  readonly name: string;
  /** A zip, `snapshots/<version>/<name>.zip` below the root in force. */
  readonly uri: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly etag: string;
}

export interface SnapshotOptions extends SignalOptions {
  /** A name space, such as the version of the model. Default `ENTREPOT_MODEL_VERSION`, else none. */
  readonly version?: string | undefined;
  /** Also where the root in force is a folder of this disk. Default false: there, nothing is saved, found or cleared. */
  readonly local?: boolean | undefined;
}

export interface SnapshotSaveOptions extends SnapshotOptions, Pick<CallOptions, "onProgress"> {}

export interface SnapshotRestoreOptions extends SnapshotOptions, Pick<CallOptions, "onProgress"> {
  /** What becomes of a folder that holds something. Default `"merge"`: the snapshot's files beside and over what is there. */
  readonly existing?: Existing | undefined;
  /** Bytes of all files together. Default: what the disk holds. */
  readonly maxBytes?: ByteSize | undefined;
  /** Bytes out per byte in, from 1: limit-exceeded. Default: what `save` can reach, some 1,030 for a long run of zeros. */
  readonly maxRatio?: number | undefined;
}

/** They lie below the root in force. Where that is a folder of this disk, as with `location: "local"`, they do nothing unless told. */
export interface Snapshots {
  /**
   * Publishes the folder under the name, all of it at once. Of several that save at the same time one wins, and the others are told:
   * already-exists for the first snapshot of this name, precondition-failed for a later one. `undefined` where nothing is done.
   */
  save(name: string, fromDir: LocalPath, options?: SnapshotSaveOptions): Promise<Snapshot | undefined>;
  /**
   * Brings the snapshot into the folder. Nothing changes before all of it is unpacked and checked; then its files go over those that are
   * there, one by one, and files that it does not have stay. Whoever is killed meanwhile, the next restore there finishes it first.
   * `existing: "replace"` gives the snapshot alone, the old folder or the new one. `undefined` when there is none, and where nothing is done: then the folder
   * is there all the same, made if need be. A missing bucket is not-found.
   */
  restore(name: string, toDir: LocalPath, options?: SnapshotRestoreOptions): Promise<Snapshot | undefined>;
  /** Those of this version, by name. */
  list(options?: SnapshotOptions): Listing<Snapshot>;
  /** Removes one snapshot, or all of this version. Nothing there is success. */
  clear(name?: string, options?: SnapshotOptions): Promise<TransferReport>;
}
