/** A run as the program that is executed sees it: the same on a laptop and in the cloud. */

import type { Depot, Json, LocalPath, SchemaOutput, Snapshots, StandardSchema } from "../../depot/index.ts";
import type { Bytes } from "../../store/index.ts";
import type { Frame } from "../../table/index.ts";
import type { Address } from "../../uri/index.ts";
import type { RunOptions, RunStore } from "../store/index.ts";

/** The parameter files of a policy, its own before those of all policies, by their full names: `parameters.csv`. Error of each: not-found. */
export interface PolicyFiles {
  readonly names: readonly string[];
  /** UTF-8, without a byte order mark. Error: malformed. */
  text(name: string): string;
  bytes(name: string): Bytes;
  /** Error: malformed, with line and column. */
  json(name: string): Json;
  /** CSV as rows of cells, by RFC 4180, whichever line ends it has. Error: malformed, with the row. */
  rows(name: string): string[][];
  /** As `readTable`, by the suffix. Errors: malformed, unsupported, missing-peer without nodejs-polars. */
  table(name: string): Promise<Frame>;
  /** Writes all of them into a folder of this disk, made if need be, and gives their paths. What lies there stays, but for their names. */
  saveTo(dir: LocalPath): Promise<readonly string[]>;
}

export interface Run<O = RunOptions> extends AsyncDisposable {
  /** Nothing named a run: everything below comes from `local` or a folder. */
  readonly isLocal: boolean;
  /** `"local"` for a local run that says none. */
  readonly id: string;
  readonly policyId: string;
  readonly name: string;
  readonly description: string;
  /** `undefined` for a local run that says none. */
  readonly model: string | undefined;
  readonly version: string | undefined;
  /** With their stored keys; checked and typed by the schema that was given. */
  readonly options: O;
  /** Ids of the policies in the order in which they are stacked; the first is the baseline. */
  readonly stackingOrder: readonly string[];
  readonly baseline: string;
  readonly isBaseline: boolean;
  /** Ids of all policies of the run. */
  readonly policies: readonly string[];
  readonly files: PolicyFiles;
  /** Those of this version of the model. */
  readonly snapshots: Snapshots;
  /** Where this policy writes: `<model>/<version>/<run>/<policy>/` below the root in force, unless the run says otherwise. */
  readonly outputUri: `${string}/`;
  /** The full address of one output; `a/b.json` lies in a folder. Error: unsafe-key for a name that would leave the output folder. */
  output(name: string): string;
  /** A line on stdout, which whoever executes the run keeps with it. */
  log(line: string): void;
  /** How far it is, from 0 to 1 (RangeError): a line `::progress 0.25 message` on stdout. */
  progress(fraction: number, message?: string): void;
  /**
   * Ends the record of what was read and written through any depot of the process, and writes it beside the outputs: what was read as
   * `inputs.lock.json` (see `lockDiff`, `withLock`), what was written as `outputs.lock.json`. A program that comes to its end without
   * it, and has not closed the depot, does so by itself. A second call does nothing.
   */
  close(): Promise<void>;
}

/** What a run on a laptop is, when nothing names one. */
export interface LocalRun {
  /** A folder with `run.json`, parameter files of all policies beside it, and those of one policy in a folder of its id. */
  readonly dir?: LocalPath | undefined;
  /** Default: that of `run.json`, else `local/<policy>/` below the root in force. */
  readonly outputUri?: Address | undefined;
  /** The files of this folder are the parameter files. Default: those of `dir`, else none. */
  readonly filesDir?: LocalPath | undefined;
  /** Stand before those of `run.json`. */
  readonly options?: RunOptions | undefined;
  /** Default: the baseline. */
  readonly policyId?: string | undefined;
}

export interface CurrentRunOptions<S extends StandardSchema | undefined = StandardSchema | undefined> {
  /** Where `--run-id` and `--policy-id` are looked for; others are left alone. Default: the arguments of the process. */
  readonly argv?: readonly string[] | undefined;
  /** Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Ids that are known otherwise; both or none. Arguments stand before them. */
  readonly runId?: string | undefined;
  readonly policyId?: string | undefined;
  /** Checks the options of the run and gives them their type. Error: malformed. */
  readonly options?: S;
  readonly local?: LocalRun | undefined;
  /** Where ids are looked up: a store, which stays open, or a URL or folder. Default: as `openRunStore`. */
  readonly database?: RunStore | string | undefined;
  /** Gets the lines of `log` and `progress`. Default: stdout. */
  readonly write?: ((line: string) => void) | undefined;
  /** Whether what is read and written is recorded. Default: yes, but for a local run of which nothing is said at all. */
  readonly record?: boolean | undefined;
}

export type RunOf<S> = Run<S extends StandardSchema ? SchemaOutput<S> : RunOptions>;

/** What the sources of a run tell of it. */
export interface FoundRun
  extends Pick<
    Run,
    "isLocal" | "id" | "policyId" | "name" | "description" | "model" | "version" | "options" | "policies"
  > {
  /** Nobody says anything of it, not even where it writes. */
  readonly isBare: boolean;
  readonly outputUri: string;
  /** By full name, in the order of the names. */
  readonly files: ReadonlyMap<string, Bytes>;
}

/** What sources are asked with. */
export interface RunSource {
  readonly data: Depot;
  readonly env: Readonly<Record<string, string | undefined>>;
}
