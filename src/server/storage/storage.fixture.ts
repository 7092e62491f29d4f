/** One bucket, objects of a few bytes in it, and a look at what is there: for tests of a `Storage`. */
import type { ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import type { Storage } from "./storage.ts";

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
  const object = storage.open("b", key);
  if (object === undefined) return undefined;
  try {
    const bytes = object.read(start, end ?? object.record.sizeBytes);
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) chunks.push(Uint8Array.from(chunk));
    return Buffer.concat(chunks).toString();
  } finally {
    object.release();
  }
}

export const upload: UploadRecord = { id: "abc123", key: "k", createdMs: 2, checksum: undefined, ...settings };

export async function part(storage: Storage, number: number, text: string): Promise<PartRecord> {
  const blob = await stage(storage, text);
  return { number, sizeBytes: blob.sizeBytes, modifiedMs: 3, etag: text, checksum: undefined, blob };
}
