/** The door `entrepot/pega`: what Pega exports to a folder of S3, here, as files and as tables. */
export { pegaRepository } from "./repository/repository.ts";
export { type PegaTable, pegaTables } from "./repository/tables.ts";
export type {
  FetchedFile,
  FetchedFiles,
  FetchOptions,
  FetchTableOptions,
  PegaRepository,
  PegaRepositoryOptions,
} from "./repository/types.ts";
