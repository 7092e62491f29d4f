/**
 * Reads a server's folder at its start and finishes what a crash left half done: uploads that were completed, deletions
 * that were not seen through, blobs that nobody names.
 */
import { join } from "node:path";
import { type Disk, isPendingName } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { isBlobId, isBucketRecord, isPartRecord, isUploadRecord, isVersionRecord } from "./check-record.ts";
import type { FolderLayout } from "./folder-layout.ts";
import type { Blob, BucketRecord, PartRecord, UploadRecord, VersionRecord } from "./records.ts";
import type { BucketContents, ShelfContents } from "./shelf.ts";
import { blobsOf } from "./versions-of-key.ts";

/** In the folder of a bucket, beside its record. */
const bucketFolders: ReadonlySet<string> = new Set(["objects", "uploads"]);
const recordBytes = 64 * 1024 * 1024;

/** Error: malformed for a record that cannot be read. */
export async function loadFolder(disk: Disk, layout: FolderLayout): Promise<ShelfContents> {
  const present = await listBlobs(disk, layout);
  const buckets: BucketContents[] = [];
  for (const { name, kind } of (await disk.readFolder(layout.buckets)) ?? []) {
    if (kind !== "folder") continue;
    const record = await readRecord<BucketRecord>(disk, layout.bucketRecord(name), (value) =>
      isBucketRecord(value, name),
    );
    if (record === undefined) {
      await removeRest(disk, layout, name, present);
      continue;
    }
    // Its record may have been about to change.
    await fileNames(disk, layout.bucket(name));
    const versions = await loadVersions(disk, layout, name, present);
    const used = new Set(versions.flatMap((version) => blobsOf(version).map(({ id }) => id)));
    buckets.push({ record, versions, uploads: await loadUploads(disk, layout, name, used) });
  }
  await removeUnnamed(disk, layout, present, buckets);
  return { buckets };
}

/**
 * What is left of a bucket whose removal, or making, was broken off: it was empty. One that holds something has lost its record,
 * or is somebody else's. Error: malformed.
 */
async function removeRest(disk: Disk, layout: FolderLayout, name: string, present: ReadonlySet<string>): Promise<void> {
  const folder = layout.bucket(name);
  const stranger = (await fileNames(disk, folder)).find((one) => !bucketFolders.has(one));
  if (stranger !== undefined || (await loadVersions(disk, layout, name, present)).length > 0) {
    throw new EntrepotError("malformed", `${folder} has no bucket.json, and is not empty`, {
      hint: "put that file back, or remove the folder to do without what it holds",
    });
  }
  await disk.removeTree(folder);
}

async function loadVersions(
  disk: Disk,
  layout: FolderLayout,
  bucket: string,
  present: ReadonlySet<string>,
): Promise<readonly VersionRecord[]> {
  const versions: VersionRecord[] = [];
  for (const folder of await folders(disk, layout.objects(bucket))) {
    for (const file of await records(disk, folder)) {
      const isRight = (value: unknown) => isVersionRecord(value, layout, bucket, file);
      const record = await readRecord<VersionRecord>(disk, file, isRight);
      if (record === undefined) continue;
      // Blobs go after their record: this record was removed, and only its removal did not reach the disk.
      if (blobsOf(record).every((blob) => isPresent(blob, present))) versions.push(record);
      else await disk.removeFile(file);
    }
  }
  return versions;
}

async function loadUploads(
  disk: Disk,
  layout: FolderLayout,
  bucket: string,
  used: ReadonlySet<string>,
): Promise<BucketContents["uploads"]> {
  const uploads: { record: UploadRecord; parts: readonly PartRecord[] }[] = [];
  for (const folder of await folders(disk, layout.uploads(bucket))) {
    const path = join(folder, "upload.json");
    const record = await readRecord<UploadRecord>(disk, path, (value) => isUploadRecord(value, layout, bucket, path));
    const parts: PartRecord[] = [];
    for (const file of await records(disk, folder, "part-")) {
      const part = await readRecord<PartRecord>(disk, file, (value) => isPartRecord(value, file));
      if (part !== undefined) parts.push(part);
    }
    // An object that uses a part was made of this upload.
    if (record === undefined || parts.some(({ blob }) => used.has(blob.id))) await disk.removeTree(folder);
    else uploads.push({ record, parts });
  }
  return uploads;
}

async function listBlobs(disk: Disk, layout: FolderLayout): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const folder of await folders(disk, layout.blobs)) {
    for (const name of await fileNames(disk, folder)) if (isBlobId(name)) names.add(name);
  }
  return names;
}

async function removeUnnamed(
  disk: Disk,
  layout: FolderLayout,
  present: ReadonlySet<string>,
  buckets: readonly BucketContents[],
): Promise<void> {
  const named = new Set<string>();
  for (const { versions, uploads } of buckets) {
    for (const version of versions) for (const { id } of blobsOf(version)) named.add(id);
    for (const { parts } of uploads) for (const { blob } of parts) named.add(blob.id);
  }
  for (const id of present) if (!named.has(id)) await disk.removeFile(layout.blob(id));
}

function isPresent(blob: Blob, present: ReadonlySet<string>): boolean {
  return blob.sizeBytes === 0 || present.has(blob.id);
}

async function folders(disk: Disk, folder: string): Promise<readonly string[]> {
  const entries = (await disk.readFolder(folder)) ?? [];
  return entries.filter(({ kind }) => kind === "folder").map(({ name }) => join(folder, name));
}

async function records(disk: Disk, folder: string, prefix = ""): Promise<readonly string[]> {
  const names = await fileNames(disk, folder);
  return names.filter((name) => name.startsWith(prefix) && name.endsWith(".json")).map((name) => join(folder, name));
}

/** What lies in a folder. Nobody else writes here: unfinished files are those of a crash, whatever their age, and go. */
async function fileNames(disk: Disk, folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { name } of (await disk.readFolder(folder)) ?? []) {
    if (isPendingName(name)) await disk.removeFile(join(folder, name));
    else names.push(name);
  }
  return names;
}

async function readRecord<T>(disk: Disk, path: string, isRight: (value: unknown) => boolean): Promise<T | undefined> {
  let bytes: Uint8Array;
  try {
    ({ bytes } = await disk.readFile(path, { maxBytes: recordBytes }));
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
  const malformed = (cause?: unknown) =>
    new EntrepotError("malformed", `${path} is not a record of this server`, {
      cause,
      hint: "serve another folder, or remove this file to do without what it describes",
    });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed(cause);
  }
  if (!isRight(value)) throw malformed();
  return value as T;
}
