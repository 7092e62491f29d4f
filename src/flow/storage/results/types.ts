/** The store of results, as users have it. */
import type { ByteSize, Depot, Duration, Listing, LocalPath, SeenRead, SignalOptions } from "../../../depot/index.ts";
import type { EntrepotError } from "../../../error/index.ts";
import type { ResultKeeper } from "../../core/index.ts";

/** Where results are kept, and how many. */
export type ResultStoreOptions = ResultBounds & {
  /** What stops nothing and should be known: a store that cannot be reached, a kept node that reads the clock. Default: `process.emitWarning`, once each. */
  readonly onWarning?: ((error: EntrepotError) => void) | undefined;
} & (
    | {
        /** Any address of a folder that a depot can read and write. */
        readonly store: string;
        /** Default: `entrepot()`, opened when first needed and closed with the store. */
        readonly data?: Depot | undefined;
        readonly dir?: never;
      }
    | { readonly dir: LocalPath; readonly data?: Depot | undefined; readonly store?: never }
  );

export interface ResultBounds {
  /** What is kept is pruned to this now and then, what was not used for longest first. Default: without end. */
  readonly maxBytes?: ByteSize | undefined;
  /** What was not used for so long is pruned now and then. Default: without end. */
  readonly olderThan?: Duration | undefined;
}

/** What is kept of one node. */
export interface KeptNode {
  readonly node: string;
  readonly entries: number;
  /** Of its values; one that several entries share counts in each. */
  readonly sizeBytes: number;
  /** When the latest was kept, milliseconds since 1970. */
  readonly keptMs: number;
  /** Address that its entries lie below. */
  readonly uri: string;
}

export interface ResultStats {
  readonly uri: string;
  readonly nodes: number;
  readonly entries: number;
  /** Values; equal ones are kept once. */
  readonly values: number;
  /** Of all objects of the store. */
  readonly sizeBytes: number;
}

export interface ClearReport {
  /** Entries that were removed. */
  readonly removed: number;
  readonly freedBytes: number;
  /** Names of which nothing was kept. */
  readonly unknown: readonly string[];
}

/** One kept result of a node, and what was different from the one before it. */
export interface KeptResult {
  readonly key: string;
  readonly version: string;
  readonly keptMs: number;
  /** Milliseconds that it took to compute. */
  readonly ms: number;
  readonly sizeBytes: number;
  readonly reads: readonly SeenRead[];
  /** In words, such as "the code changed: `rate` changed"; empty for the first. */
  readonly changed: readonly string[];
}

export interface Why {
  readonly node: string;
  /** The latest first, at most ten. */
  readonly results: readonly KeptResult[];
  /** Reads of the latest result that would be others today, each with its reason: then it is no hit. */
  readonly outdated: readonly { readonly uri: string; readonly why: string }[];
}

/**
 * Results of nodes and functions, in a folder of this disk or at any address, shared by all who use it. Errors of every method are
 * those of the depot; what is damaged counts as not kept.
 */
export interface ResultStore {
  readonly uri: string;
  /** By name of the node. Nothing is read but names. */
  list(options?: SignalOptions): Listing<KeptNode>;
  /** Whether `save` kept something under a name for these inputs, any data. TypeError for inputs that have no fingerprint. */
  has(name: string, inputs: unknown): Promise<boolean>;
  /** What was kept; `undefined` where there is nothing. */
  load(name: string, inputs: unknown): Promise<unknown>;
  /** Keeps a value under a name, for these inputs. Error: unsupported for what cannot be kept. */
  save(
    name: string,
    inputs: unknown,
    value: unknown,
  ): Promise<{ readonly version: string; readonly sizeBytes: number }>;
  /** Removes what is kept of these nodes, or of all. */
  clear(nodes: readonly string[] | "all", options?: SignalOptions): Promise<ClearReport>;
  stats(options?: SignalOptions): Promise<ResultStats>;
  /** Removes what was not used for long, and then what was not used for longest; what is kept without being referred to goes, too. */
  prune(bounds: ResultBounds, options?: SignalOptions): Promise<Omit<ClearReport, "unknown">>;
  /** What is kept of a node, what made each result another, and what has changed since; `undefined` where nothing is kept. */
  why(node: string, options?: SignalOptions): Promise<Why | undefined>;
  /** As executions ask it. */
  readonly keeper: ResultKeeper;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
