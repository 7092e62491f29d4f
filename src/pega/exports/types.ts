/** What exports are read from, and how, as types. */
import type { Depot, LocalPath, SignalOptions, Sources } from "../../depot/index.ts";
import type { EntrepotError } from "../../error/index.ts";
import type { Address } from "../../uri/index.ts";
import type { FetchedFile } from "../repository/fetched-file.ts";
import type { ExportTable } from "./export-names.ts";

/** One export, a folder of them, the bytes of one, or many: addresses, a listing, what `fetchFiles` gave. */
export type ExportSource = Address | Uint8Array | ArrayBuffer | Sources | readonly FetchedFile[];

export interface ReadExportOptions extends SignalOptions {
  /** What addresses are read by; stays open. Default: `entrepot()`, for this call. */
  readonly data?: Depot | undefined;
  /** Of a folder: which table's exports are meant, by the names that Pega and pdstools give them. Default: the only one there is. */
  readonly table?: ExportTable | undefined;
  /** Of a folder: the newest export by the stamp in its name (else by its time), or all of them as one table. Default `"newest"`. */
  readonly files?: "newest" | "all" | undefined;
  /** A column of text with the address or path that each row comes from; TypeError where the table has one of that name. Default: none. */
  readonly sourceColumn?: string | undefined;
  /** Told of each file that is damaged, which is then left out. Default: the first one is the error of the call. */
  readonly onBroken?: ((error: EntrepotError) => void) | undefined;
  /**
   * A folder of this disk that keeps what was read as Parquet, with a column `source_file` that says where each row comes from: then
   * files that come behind those that were read before are all that is read; what a file touches that was changed, came in between or is
   * gone is read anew. Not for bytes: TypeError. Default: none.
   */
  readonly incremental?: LocalPath | undefined;
}
