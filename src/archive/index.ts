/** Archives: an async iterable of entries to and from zip and tar, and to and from folders, attack-proof. */
export type { ArchiveEntry, PackEntry, SkippedEntry, UnpackEntry } from "./entry.ts";
export { folderEntries } from "./folder-entries.ts";
export { type ArchiveFormat, archiveFormats, compressionOf, formatOf } from "./formats.ts";
export { type ArchiveLimits, ArchiveMeter } from "./limits.ts";
export { packed } from "./pack.ts";
export { putEntries } from "./put-entries.ts";
export { distinctEntries } from "./similar-names.ts";
export { type ReadTarOptions, readTar } from "./tar/read-tar.ts";
export { type Existing, openTarget, publishFolder } from "./unpacked/publish-folder.ts";
export { openStaging, type Staging } from "./unpacked/staging.ts";
export { memberName } from "./zip/member-places.ts";
export { type ReadZipOptions, readZip, unpackEntry } from "./zip/read-zip.ts";
export type { ZipSource } from "./zip/source.ts";
export { earliestMs } from "./zip/times.ts";
export { ZipIndex } from "./zip/zip-index.ts";
export type { ZipRecord } from "./zip/zip-record.ts";
