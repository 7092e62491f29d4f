/** The front: settings, `entrepot(options)` and its verbs. */

export type { CustomerEncryption, KmsEncryption, ServerSideEncryption } from "../store/index.ts";
export type {
  Archive,
  ArchiveFormat,
  ArchiveMember,
  ArchiveMembers,
  ArchiveOptions,
  PackOptions,
  UnpackOptions,
} from "./archives/types.ts";
export type { CacheLimits } from "./cache/limits.ts";
export type {
  CacheDetail,
  CacheEntry,
  CacheExplanation,
  CacheLinkOptions,
  CacheLinkReport,
  CacheState,
  CacheStats,
  CacheStatsOptions,
  CacheVerifyOptions,
  CacheVerifyReport,
  DamagedCopy,
} from "./cache/types.ts";
export type { CacheControl, CachePin, CacheRemovalOptions, PinOptions, PruneLimits } from "./cache-types.ts";
export type {
  Dataset,
  DatasetGcOptions,
  DatasetGcReport,
  DatasetGeneration,
  DatasetOpenOptions,
  DatasetPublishOptions,
  DatasetRollbackOptions,
  DatasetStage,
  OpenDataset,
} from "./dataset/types.ts";
export type { Cell, CsvOptions, CsvReadOptions, CsvRows, DataFile, Depot } from "./depot.ts";
export { askIdentity, describeRoute } from "./describe-route.ts";
export { describeAccess, describeProviders, describeSettings } from "./describe-settings.ts";
export { type DepotSeams, entrepot, openDepot } from "./entrepot.ts";
export type {
  DeleteMarkerEntry,
  EntryOf,
  FolderEntry,
  GlobOptions,
  Listing,
  ListOptions,
  ObjectEntry,
  ObjectStat,
  Shards,
  Sources,
  VersionEntry,
  VersionListOptions,
  WalkedFolder,
  WalkOptions,
} from "./entries.ts";
export { parseEnvFile } from "./env-file.ts";
export type { FilterOptions, Moment } from "./filters/filter-options.ts";
export { momentMs, parseMoment } from "./filters/moment.ts";
export type { CompleteWhen, CopyNewOptions, IncompleteFile, NewFile, NewReport } from "./incremental/types.ts";
export type {
  FailedObject,
  JobStatus,
  Jobs,
  ResumeOptions,
  StaleUpload,
  UploadsOptions,
} from "./jobs/types.ts";
export { listingOf } from "./listing.ts";
export type {
  ManyEntry,
  ManyForm,
  ManyItem,
  ManyLine,
  ManyLinesOptions,
  ManyReads,
  ManyValues,
  ReadManyOptions,
} from "./many/types.ts";
export type { CopyOptions, MoveOptions, RemoveOptions } from "./moving-options.ts";
export type { NamesOption } from "./names/name-plan.ts";
export type { Offline, OfflineStatus, OriginStatus, PinStatus } from "./offline-types.ts";
export type {
  AskOptions,
  Awaitable,
  BytesReadOptions,
  CacheOptions,
  CallOptions,
  Compression,
  Credentials,
  DecodeOptions,
  DecompressOptions,
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
  SignalOptions,
  TextOptions,
  TransferOptions,
  VersionReadOptions,
  WriteCondition,
  WriteOptions,
  WriteSettings,
} from "./options.ts";
export type { OutboxVerbs, PushOptions } from "./outbox-types.ts";
export { holdDefaults, type ProcessDefaults } from "./process-defaults.ts";
export type { ChangedRead } from "./reads/changed-read.ts";
export { currentFrame as watchedFrame, holdFrame, inFrame, unwatched } from "./reads/frame.ts";
export type { GuardedVersion, ReadGuard } from "./reads/read-guard.ts";
export { noteReads, type RecordedReads, recordReads } from "./reads/record-reads.ts";
export { Recorder } from "./reads/recorder.ts";
export type {
  SeenAbsent,
  SeenFailure,
  SeenListing,
  SeenObject,
  SeenQuestion,
  SeenRead,
  SeenWrite,
} from "./reads/seen-read.ts";
export { openServiceClient, type ServiceAnswer, type ServiceClient, type ServiceQuestion } from "./service-client.ts";
export type { Setting } from "./setting-sources.ts";
export type {
  Snapshot,
  SnapshotOptions,
  SnapshotRestoreOptions,
  SnapshotSaveOptions,
  Snapshots,
} from "./snapshots/types.ts";
export type { Compare, Compared, DeleteLimit, SyncOptions, SyncReport } from "./sync/types.ts";
export type {
  PartitionedTable,
  TableQuery,
  TableReadOptions,
  TableWriteOptions,
  WritePartitions,
} from "./table/types.ts";
export { openTelemetry, type Telemetry, type TelemetryOptions } from "./telemetry/open-telemetry.ts";
export type {
  OtelAttributes,
  OtelInstrumentOptions,
  OtelMeter,
  OtelSpan,
  OtelSpanOptions,
  OtelTracer,
} from "./telemetry/otel-shapes.ts";
export { type ByteSize, type Duration, durationMs, parseByteSize, parseDuration } from "./units.ts";
export type {
  Closable,
  Json,
  LocalCopy,
  LocalFolder,
  LocalFolderFile,
  LocalFolderOptions,
  PickleReading,
  SchemaOutput,
  StandardSchema,
} from "./verb-types.ts";
export type {
  ZarrArray,
  ZarrGroup,
  ZarrKey,
  ZarrNode,
  ZarrOptions,
  ZarrRange,
  ZarrStore,
  ZarrTree,
  ZarrTreeOptions,
} from "./zarr/types.ts";
