/** Where results lie, as the store needs it: few, small operations that a local folder and any depot address have in common. */

/** An entry, by its name alone: nothing is read to list them. */
export interface Shelved {
  /** Below the folder that was asked for. */
  readonly name: string;
  readonly sizeBytes: number;
  /** When it was written, or used as far as is known. Milliseconds since 1970. */
  readonly usedMs: number;
}

/** A lock that this process has. */
export interface Held {
  release(): Promise<void>;
}

/** `"silent"`: its holder lives, and has given no sign of it for so long that it must be stopped; a dead holder's is free. */
export type LockState = "free" | "held" | "silent";

/** Names use `/` and hold nothing that any store would take amiss. Errors are those of the depot, and of the disk. */
export interface Shelf {
  /** Of the folder, with its final `/`. */
  readonly uri: string;
  readonly isLocal: boolean;
  /** The names in one folder that begin with `prefix`; they are told by name alone. */
  names(folder: string, prefix: string, signal?: AbortSignal): Promise<readonly Pick<Shelved, "name" | "usedMs">[]>;
  /** Everything below a folder. */
  all(folder: string, signal?: AbortSignal): Promise<readonly Shelved[]>;
  /** `undefined` when there is none. */
  read(name: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Of a file on this disk that engines may read by themselves. */
  pathOf(name: string): string | undefined;
  /** What never changes: one that is there already is as good. */
  create(name: string, pieces: readonly Uint8Array[]): Promise<void>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
  /** Says that an entry was used; at most once an hour, a day on other machines' stores. Never fails. */
  use(name: string, usedMs: number): Promise<void>;
  /** Nobody else has this lock until it is released; or why it is not to be had. A dead holder's is taken over. */
  lock(name: string): Promise<Held | Exclude<LockState, "free">>;
  lockState(name: string): Promise<LockState>;
  /** What the machine says of these bytes now, so that they need be checked once only; `undefined` where nothing is known. */
  witness(name: string): Promise<string | undefined>;
  /** Whether these very bytes were checked before on this machine since it was started. */
  isWitnessed(name: string, witness: string): Promise<boolean>;
  setWitness(name: string, witness: string): Promise<void>;
  /** Takes away what was noted of the use of entries of other keys than these. */
  sweep(keys: ReadonlySet<string>, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
