/** What a Pega repository gives and takes, as types. */
import type { CallOptions, IncompleteFile, LocalPath } from "../../depot/index.ts";
import type { EntrepotError } from "../../error/index.ts";
import type { Frame } from "../../table/index.ts";
import type { AdmDatamart, AdmOptions } from "../datamart/types.ts";
import type { FetchedFile } from "./fetched-file.ts";
import type { PegaTable } from "./tables.ts";

export interface PegaRepositoryOptions {
  /** The folder of this disk that files come to lie in. Default `./s3_download`. */
  readonly downloadDir?: LocalPath | undefined;
}

export interface FetchOptions extends CallOptions {
  /**
   * Only files beside which their marker `.name.meta` lies, at any depth: Pega writes it when a file is whole. Markers themselves are
   * never copied. Default false: every file.
   */
  readonly useMetaFiles?: boolean | undefined;
}

export interface FetchTableOptions extends FetchOptions {
  /** The folder of the repository that the tables lie in, at any depth, `""` for the repository itself. Default `"datamart"`. */
  readonly datamartFolder?: string | undefined;
}

export interface ReadTableOptions extends FetchTableOptions {
  /** Told of each file that is damaged, which is then left out. Default: the first one is the error of the call. */
  readonly onBroken?: ((error: EntrepotError) => void) | undefined;
  /** A column of text with the path of the file that each row comes from; TypeError where the table has one of that name. Default: none. */
  readonly sourceColumn?: string | undefined;
  /**
   * Told what was fetched, before it is read: which files there are, those that wait for their marker, and offline of what time they are.
   * Once more when a file was replaced while it was being read. Default: nobody.
   */
  readonly onFetched?: ((fetched: FetchedFiles) => void) | undefined;
}

/** How a datamart is fetched, and how its tables are made; `save` writes through the repository's depot. */
export type FetchDatamartOptions = Omit<ReadTableOptions, "sourceColumn" | "onFetched"> & Omit<AdmOptions, "data">;

export interface FetchedFiles {
  /** Where all of them lie: the repository's folder with the prefix. */
  readonly uri: string;
  /** In the order of their keys. */
  readonly files: readonly FetchedFile[];
  /** How many this call brought. */
  readonly fetched: number;
  /** How many were here before. */
  readonly skipped: number;
  /** Markers without their file; only with `useMetaFiles`. In the order of their keys. */
  readonly incomplete: readonly IncompleteFile[];
  /** Files without a marker, which were left for the next time; only with `useMetaFiles`. In the order of their keys. */
  readonly unmarked: readonly IncompleteFile[];
  /** Of a table that has no file: up to three keys of files that may be meant, which are called otherwise. Else empty. */
  readonly similar: readonly string[];
  /**
   * Offline, where no pinned listing says what there is: when the last of `files` came, which are all that lie here; of markers and of
   * what else there is nobody knows. Else `undefined`.
   */
  readonly asOf: Date | undefined;
  /** `Completed {prefix}. Imported N files, skipped M files.`, and offline by when they were fetched. */
  readonly summary: string;
}

/** A repository that Pega exports to, seen from here. Its functions are bound. */
export interface PegaRepository {
  /** The folder of the repository. */
  readonly uri: string;
  /** Where files come to lie, absolute. */
  readonly downloadDir: string;
  /**
   * Brings all files whose keys begin with `prefix` (any string: `files` also means `files2/x`) to `downloadDir/<key>`. What is here
   * and the same is not asked for again, what was changed or cut off is. One listing, with `useMetaFiles` two. Nothing there is no
   * error. Errors: those of a listing and a copy; unrepresentable-name for a key too long for this disk.
   */
  fetchFiles(prefix: string, options?: FetchOptions): Promise<FetchedFiles>;
  /** `fetchFiles` of one of the tables of a datamart. TypeError for a name that there is none of, with those there are. */
  fetchTable(name: PegaTable, options?: FetchTableOptions): Promise<FetchedFiles>;
  /**
   * Fetches a table and reads it: all its files as one, with the union of their columns, in the order of their keys. What was read is
   * kept as Parquet in `downloadDir/.entrepot-pega/`, with a column `source_file` that says where each row comes from, so that the next
   * time files that come behind those that were read before are all that is read; what a file touches that was changed, came in between
   * or is gone is read anew. Errors: not-found when there is no file, malformed, missing-peer without nodejs-polars, and those of
   * `fetchFiles`.
   */
  readTable(name: PegaTable, options?: ReadTableOptions): Promise<Frame>;
  /**
   * The models and predictors of a datamart, all their snapshots, with the figures that are derived of them. One of the two tables may be
   * missing. Errors: not-found where there is neither, and those of `readTable` and `admDatamart`.
   */
  admDatamart(options?: FetchDatamartOptions): Promise<AdmDatamart>;
}
