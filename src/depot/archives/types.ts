/** Folders as archives, and archives as folders, as types. */
import type { ArchiveFormat, Existing } from "../../archive/index.ts";
import type { ByteStream, Bytes } from "../../store/index.ts";
import type {
  CallOptions,
  ReadOptions,
  SignalOptions,
  TransferOptions,
  WriteCondition,
  WriteSettings,
} from "../options.ts";
import type { ByteSize } from "../units.ts";
import type { Closable } from "../verb-types.ts";

export type { ArchiveFormat } from "../../archive/index.ts";

/** How an archive is made. */
export type PackOptions = Omit<WriteSettings<"throw">, "onError"> &
  WriteCondition &
  Pick<TransferOptions, "dryRun" | "match" | "onFile"> & {
    /** Default: by the suffix of the name; `.tgz .tbz2 .txz .tzst` are known, too. */
    readonly format?: ArchiveFormat | undefined;
    /**
     * The time that all entries bear, so that the same files make the same archive, byte for byte; `"keep"`: that of each file.
     * Default: 1980-01-01, the earliest that a zip can say, which `unpack` takes for none.
     */
    readonly modified?: Date | "keep" | undefined;
  };

/** How an archive is unpacked. */
export interface UnpackOptions
  extends CallOptions,
    Pick<ReadOptions, "cache">,
    Pick<TransferOptions, "dryRun" | "match" | "onFile"> {
  /** Default: by the suffix of the name. */
  readonly format?: ArchiveFormat | undefined;
  /**
   * What becomes of a folder that holds something: `"merge"` puts the archive's files beside and over what is there, one by one once all
   * of them are right, and a merge that is killed is finished by the next unpack there; `"replace"` removes that first. Default: not-empty.
   */
  readonly existing?: Exclude<Existing, "refuse"> | undefined;
  /** `"skip"` leaves symbolic and hard links out, and counts them. Default `"refuse"`: unsafe-key. */
  readonly links?: "refuse" | "skip" | undefined;
  /**
   * Names that differ only by case (`A`, `a`) or by the form of their letters (é written in two ways, ﬀ and ff), which many disks take for
   * one: `"keep"` writes both where this disk tells them apart. Default `"refuse"`: unrepresentable-name.
   */
  readonly similarNames?: "refuse" | "keep" | undefined;
  /** Entries, from 1. Default 1,000,000. */
  readonly maxEntries?: number | undefined;
  /** Bytes of all files together. Default: what the disk holds. */
  readonly maxBytes?: ByteSize | undefined;
  /** Bytes out per byte in, above the first 1 MiB of each compressed stream, from 1. Default 1,000; `Infinity` for what you trust. */
  readonly maxRatio?: number | undefined;
}

export interface ArchiveOptions extends SignalOptions, Pick<ReadOptions, "cache">, Pick<UnpackOptions, "maxRatio"> {
  /** Default: by the suffix of the name. */
  readonly format?: ArchiveFormat | undefined;
  /** The most bytes of one member: limit-exceeded. Default: 2 GiB for `readBytes` and `readText`, no limit for `readStream`. */
  readonly maxBytes?: ByteSize | undefined;
}

/** One line of an archive's contents. */
export interface ArchiveMember {
  /** As it stands there: not to be used as a path of this disk. */
  readonly path: string;
  /** `"other"`: a device, a pipe, a sparse file. */
  readonly kind: "file" | "folder" | "link" | "other";
  readonly sizeBytes: number;
  /** Milliseconds since 1970; `undefined` where the archive does not tell. */
  readonly modifiedMs: number | undefined;
}

/** Members as they stand in the archive; read anew each time it is iterated. */
export interface ArchiveMembers extends AsyncIterable<ArchiveMember> {
  toArray(): Promise<ArchiveMember[]>;
}

/**
 * One version of one archive, opened with the first question. Of a zip only its index and what is asked for are fetched; a tar has no
 * index and is read from its start up to the member. Close it.
 */
export interface Archive extends Closable {
  readonly uri: string;
  /** Refuses no name: it shows what there is. */
  list(options?: SignalOptions): ArchiveMembers;
  /** One member, verified. Errors: not-found, malformed for a name that a zip has twice, those of `unpack`. */
  readBytes(path: string, options?: SignalOptions): Promise<Bytes>;
  /** As `readBytes`, as UTF-8. */
  readText(path: string, options?: SignalOptions): Promise<string>;
  /** One member as it comes; its checksum is known at the end. */
  readStream(path: string, options?: SignalOptions): ByteStream;
}
