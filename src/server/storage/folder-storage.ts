/**
 * A storage that survives its process: a folder of blobs and a JSON record per bucket, version, upload and part, read into
 * memory at the start. Keys are never paths: file names are hashes or random. One server per folder: see `claimFolder`.
 */
import type { Disk } from "../../disk/index.ts";
import { FolderBlob, readFolderBlobs } from "./folder-blob.ts";
import { FolderLayout } from "./folder-layout.ts";
import { loadFolder } from "./folder-load.ts";
import { IndexedStorage } from "./indexed-storage.ts";
import type { Shelf } from "./shelf.ts";
import type { Storage } from "./storage.ts";

export interface FolderStorageOptions {
  /** Whether an answer waits until the change would survive a loss of power. Default true. */
  readonly durable?: boolean | undefined;
  /** Run by `close`, when no change is under way any more. */
  readonly onClose?: (() => Promise<void>) | undefined;
}

/**
 * Opens the folder, made when missing, and removes what a crash left half done. Errors: malformed for a record that cannot be
 * read, and the disk's.
 */
export async function openFolderStorage(
  disk: Disk,
  folder: string,
  options: FolderStorageOptions = {},
): Promise<Storage> {
  const layout = new FolderLayout(folder);
  await disk.makeFolder(folder);
  const contents = await loadFolder(disk, layout);
  return new IndexedStorage(folderShelf(disk, layout, options.durable ?? true), contents, options.onClose);
}

/**
 * Records name blobs: a blob is on disk before the record that names it, and goes after it. So a crash leaves at worst
 * blobs that nobody names.
 */
function folderShelf(disk: Disk, layout: FolderLayout, durable: boolean): Shelf {
  const save = async (path: string, record: object): Promise<void> => {
    const bytes = new TextEncoder().encode(JSON.stringify(record));
    await disk.writeFile(path, bytes, { makeFolders: true, durable });
  };
  return {
    createBlob: () => new FolderBlob(disk, layout, durable),
    read: (blobs, start, end) => readFolderBlobs(disk, layout, blobs, start, end),
    dropBlobs: async (blobs) => {
      for (const { id } of blobs) await disk.removeFile(layout.blob(id));
    },
    saveBucket: (record) => save(layout.bucketRecord(record.name), record),
    dropBucket: async (name) => {
      // The record goes first: without it the rest is garbage.
      await disk.removeFile(layout.bucketRecord(name));
      await disk.removeTree(layout.bucket(name));
    },
    saveVersion: (bucket, record) => save(layout.versionRecord(bucket, record.key, record.versionId), record),
    dropVersion: async (bucket, key, versionId) => {
      await disk.removeFile(layout.versionRecord(bucket, key, versionId));
    },
    saveUpload: (bucket, upload) => save(layout.uploadRecord(bucket, upload.id), upload),
    savePart: (bucket, uploadId, part) => save(layout.partRecord(bucket, uploadId, part.number), part),
    dropUpload: async (bucket, uploadId) => {
      await disk.removeFile(layout.uploadRecord(bucket, uploadId));
      await disk.removeTree(layout.upload(bucket, uploadId));
    },
  };
}
