/** What `verify` is asked, and what it says. */
import type { Damage } from "./damage.ts";

export interface DamagedEntry {
  /** The hash under which it lies. */
  readonly entry: string;
  /** `undefined` when the record says nothing: then not even the address is known. */
  readonly uri: string | undefined;
  readonly etag: string | undefined;
  readonly sizeBytes: number;
  /** The file that is wrong. */
  readonly path: string;
  readonly damage: Damage;
  /** A clause in words, e.g. `"the file is gone"`. */
  readonly why: string;
  /** Whether a pin wants it kept. */
  readonly pinned: boolean;
  /** Whether it was taken away. What the disk does not let us read now stays: it may be right. */
  readonly removed: boolean;
}

export interface VerifyOptions {
  readonly repair?: boolean | undefined;
  /** Only what lies there. Default: everything, also what has no readable record. */
  readonly address?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of each entry when it has been read. */
  readonly onChecked?: ((uri: string | undefined, sizeBytes: number) => void) | undefined;
}

export interface VerifyReport {
  readonly checked: { readonly objects: number; readonly sizeBytes: number };
  readonly damaged: readonly DamagedEntry[];
}
