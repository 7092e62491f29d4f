/** One bucket, objects of a few bytes in it, and a look at what is there: for tests of a `Storage`. */
import { wholeOf } from "./blob-bytes.ts";
import type { ObjectRecord, PartRecord, UploadRecord, VersioningState } from "./records.ts";
import type { OpenObject, Storage } from "./storage.ts";
import { versionIdOf } from "./versions-of-key.ts";

export const bucket = { name: "b", region: "us-east-1", createdMs: 1 };
const settings = { headers: { "content-type": "text/plain" }, metadata: { a: "ü" }, storageClass: "STANDARD" };

export async function stage(storage: Storage, text: string) {
  const pending = storage.createBlob(undefined);
  for (const char of text) await pending.write(Buffer.from(char));
  return await pending.finish();
}

export async function put(
  storage: Storage,
  key: string,
  text: string,
  guard?: Parameters<Storage["put"]>[2],
): Promise<void> {
  const blob = await stage(storage, text);
  await storage.put("b", record(key, text, [blob]), guard);
}

export function record(key: string, etag: string, blobs: ObjectRecord["blobs"]): ObjectRecord {
  const sizeBytes = blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0);
  return { key, ...settings, sizeBytes, modifiedMs: 5, etag, checksum: undefined, blobs, parts: undefined };
}

export async function textOf(storage: Storage, key: string, start = 0, end?: number): Promise<string | undefined> {
  return await read(storage.open("b", key), start, end);
}

/** What each version of a key says, oldest first; nothing for a delete marker. Names are told from `null` only. */
export async function versionsOf(storage: Storage, key: string): Promise<readonly string[]> {
  const told = storage.versions("b", key).map(async (version) => {
    const kind = version.versionId === undefined ? "null" : "named";
    const text = await read(storage.open("b", key, versionIdOf(version)), 0);
    return text === undefined ? `${kind} marker` : `${kind}: ${text}`;
  });
  return await Promise.all(told);
}

async function read(object: OpenObject | undefined, start: number, end?: number): Promise<string | undefined> {
  if (object === undefined) return undefined;
  try {
    return Buffer.from(await wholeOf(object.read(start, end ?? object.record.sizeBytes))).toString();
  } finally {
    object.release();
  }
}

export async function keepVersions(storage: Storage, versioning: VersioningState): Promise<void> {
  await storage.reviseBucket("b", (record) => ({ ...record, versioning }));
}

export const upload: UploadRecord = { id: "abc123", key: "k", createdMs: 2, checksum: undefined, ...settings };

export async function part(storage: Storage, number: number, text: string): Promise<PartRecord> {
  const blob = await stage(storage, text);
  return { number, sizeBytes: blob.sizeBytes, modifiedMs: 3, etag: text, checksum: undefined, blob };
}
