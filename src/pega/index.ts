/** The door `entrepot/pega`: what Pega exports to a folder of S3, here, as files and as tables. */
export type { ExportTable } from "./exports/export-names.ts";
export { readExport } from "./exports/read-export.ts";
export type { ExportSource, ReadExportOptions } from "./exports/types.ts";
export { pegaRepository } from "./repository/repository.ts";
export { type PegaTable, pegaTables } from "./repository/tables.ts";
export type {
  FetchedFile,
  FetchedFiles,
  FetchOptions,
  FetchTableOptions,
  PegaRepository,
  PegaRepositoryOptions,
  ReadTableOptions,
} from "./repository/types.ts";
