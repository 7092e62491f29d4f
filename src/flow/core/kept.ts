/**
 * What an execution asks of a store of results. The store itself, its keys and what a node read of a depot belong to flow/storage;
 * this room knows versions only: equal versions mean equal values.
 */

/** Identity of a value: text of hexadecimal digits. */
export type Version = string;

/** One computation of one node, or of one item of an `each`. */
export interface NodeCall {
  /** Name of the node. */
  readonly node: string;
  /** The user's function, never a wrapper of ours. */
  readonly fn: (...args: never[]) => unknown;
  /** Version of each value that the node asks for, by name; what it ignores is left out. */
  readonly inputs: ReadonlyMap<string, Version>;
  /** What `cached` was given. */
  readonly options: CachedOptions;
  /** Which functions the configuration chose for the node; a version alone does not say. */
  readonly variant?: string | undefined;
  /** The node that the function is told it runs for; absent where it is called directly. */
  readonly told?: string | undefined;
}

/** How results of one function are kept. */
export interface CachedOptions {
  /** Stands for the code: where it is given, the code is not looked at. */
  readonly version?: string | number | undefined;
  /** Names of what is asked for that must not count. */
  readonly ignore?: readonly string[] | undefined;
  /** Greatest age of a result that may be given, such as `"1d"`; without end by default. */
  readonly maxAge?: string | 0 | undefined;
  /** Default `"default"`: found where it is kept, kept where it was computed. */
  readonly behaviour?: "default" | "recompute" | "ignore" | "disable" | undefined;
}

/** A result that is kept. Nothing of the value is read before `load`. */
export interface KeptHit {
  readonly kind: "hit";
  readonly version: Version;
  /** When it was kept, milliseconds since 1970. */
  readonly keptMs: number;
  readonly sizeBytes: number;
  /** What the node read of depots when it ran; meant for the lineage, opaque to this room. */
  readonly reads: readonly object[];
  /** Rejects with `integrity` where what was kept is damaged: it is then computed anew. */
  load(): Promise<unknown>;
}

/** A result that has to be computed: `run` does so, in one process at a time, and keeps it. */
export interface KeptMiss {
  readonly kind: "miss";
  /** Why it is no hit, in words: "never computed", "the code changed: helper `rate`" … */
  readonly why: string;
  /** Computes it and keeps it, or gives what another process has kept meanwhile. A failure is never kept. */
  run<T>(compute: () => Promise<Watched<T>>): Promise<Computed<T>>;
}

/** What a miss gave in the end. */
export interface Computed<T> {
  readonly value: T;
  readonly version: Version;
  /** Where another process had kept it meanwhile: what was read when it was computed. */
  readonly reads?: readonly object[] | undefined;
}

/** What came of some work, and what it read of depots meanwhile. */
export interface Watched<T> {
  readonly value: T;
  readonly reads: readonly object[];
  /** What became another meanwhile, in words: then it is kept under no key. */
  readonly changed?: readonly string[] | undefined;
}

/** A store of results, as an execution sees it. */
export interface ResultKeeper {
  /** Throws `unsupported` naming the path inside the value where it has no version. */
  versionOf(value: unknown, name: string): Version;
  /** Runs some work and tells what it read: of a node that is computed, and of those that it needs and that are not kept. */
  watch<T>(work: () => T): Promise<Watched<Awaited<T>>>;
  /** Version of what a node gives that is not kept: follows from its code and its inputs. */
  recipeOf(call: NodeCall): Promise<Version>;
  /** Waits while another process computes the same. */
  find(call: NodeCall, signal?: AbortSignal | undefined): Promise<KeptHit | KeptMiss>;
  /** As `find`, for a plan: nothing is waited for, held or computed. */
  peek(
    call: NodeCall,
    signal?: AbortSignal | undefined,
  ): Promise<Pick<KeptHit, "kind" | "version" | "keptMs"> | Pick<KeptMiss, "kind" | "why">>;
}
