/** The front: settings, `entrepot(options)` and its verbs. */
export type {
  CacheControl,
  Cell,
  Closable,
  CsvOptions,
  CsvRows,
  DataFile,
  Depot,
  EntryOf,
  FolderEntry,
  Json,
  Listing,
  ListOptions,
  LocalCopy,
  ObjectEntry,
  PruneLimits,
  SchemaOutput,
  Sources,
  StandardSchema,
} from "./depot.ts";
export { describeAccess, describeSettings } from "./describe-settings.ts";
export { type DepotSeams, entrepot, openDepot } from "./entrepot.ts";
export { parseEnvFile } from "./env-file.ts";
export type {
  Awaitable,
  CacheOptions,
  CallOptions,
  Compression,
  Credentials,
  DecodeOptions,
  DepotEvent,
  EncodeOptions,
  EntrepotOptions,
  Identity,
  LocalPath,
  OnError,
  OnWriteError,
  Otherwise,
  Overrides,
  ReadOptions,
  Root,
  Runtime,
  S3Options,
  TransferOptions,
  WriteCondition,
  WriteOptions,
  WriteSettings,
} from "./options.ts";
export type { Setting } from "./setting-sources.ts";
export { type ByteSize, type Duration, parseByteSize, parseDuration } from "./units.ts";
