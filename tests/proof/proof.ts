/** What a proof is, and what it may ask of the cache that it is run on. Types only: nothing here runs. */
import type { Stage } from "./stage.mjs";

/** One claim about the cache, run on ours and on each of the bad ones that break just this. */
export interface Proof {
  /** As in the reliability plan: `R01`. */
  readonly id: string;
  /** A sentence that is true of our cache. */
  readonly title: string;
  /** How much of what, in the long form. */
  readonly target: string;
  /** Files of bad-caches/, without suffix, and what must be said of each, or the proof cannot fail. */
  readonly bad: Readonly<Record<string, RegExp>>;
  /** Why the control, which is right as far as it goes, does not claim this; else it is played too, and must not be found wrong. */
  readonly notOfSimple?: string;
  /** Why it cannot run on this machine; `undefined` when it can. */
  needs?(): string | undefined;
  /** A defect of ours that it shows and that is not mended yet: told loudly, counted as skipped. */
  readonly known?: string;
  /** Tells the stage what it tried and what was wrong. What it throws proves nothing, on whichever side. */
  run(stage: Stage): Promise<void>;
}

/** How a cache is opened; everything else is its default. */
export interface OpenOptions {
  readonly endpoint: string;
  readonly dir: string;
  /** Never ask the server. Default false. */
  readonly offline?: boolean | undefined;
  /** What a bad one asks by, where there is no socket. Default: the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** What the cache warns of; those that never warn never call it. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** One reader or writer of the shared folder. Keys are of bucket `b`. */
export interface TestedCache {
  read(key: string): Promise<Uint8Array>;
  readRange(key: string, start: number, end: number): Promise<Uint8Array>;
  write(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
  /** The copy lies at `path` until `use` is done. */
  withCopy<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
  prune(maxBytes: number): Promise<void>;
  /** Fetches what lies below a prefix and keeps it, whatever is pruned. */
  pin?(prefix: string): Promise<void>;
  /** The files of an entry; `undefined` when there is none. */
  filesOf(key: string): Promise<EntryFiles | undefined>;
  /** What else may be asked about a key, by name. */
  otherVerbs?(key: string): Readonly<Record<string, () => Promise<unknown>>>;
  /** The objects below a prefix (these are they) into a folder; gives those that it says no file can hold. */
  download?(prefix: string, folder: string, keys: readonly string[]): Promise<readonly string[]>;
  /** The files of a folder under a prefix. */
  upload?(folder: string, prefix: string): Promise<void>;
  /** A file of the user's own, acknowledged when it is safe. */
  writeLocal(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export interface EntryFiles {
  readonly data: string;
  readonly record: string;
}

export interface CacheModule {
  open(options: OpenOptions): TestedCache;
  /** The files of a folder that readers take for the bytes of an object. */
  finalFiles(dir: string): Promise<string[]>;
  /** What was begun there and not finished. */
  leftovers(dir: string): Promise<string[]>;
  /** Whether it says: offline, and there is no copy. */
  isNotCached(error: unknown): boolean;
  /** Whether it says: not offline, in whatever words for this call. */
  isRefusal(error: unknown): boolean;
  /** Whether it says: such a key cannot be, or not as a file here. */
  isKeyRefusal?(error: unknown): boolean;
  /** Whether a file of the folder is a lock or lease. */
  isLock?(path: string): boolean;
  /** Under which paths it keeps what belongs to a key; no I/O. */
  namesOf?(dir: string): Promise<(key: string) => readonly string[]>;
}

/** What a worker says of one try. */
export interface Finding {
  readonly tried: number;
  readonly wrong: readonly string[];
}
