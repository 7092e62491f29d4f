/** Changes an object behind the client's back, just before its request is carried out. */
import { defaultAlgorithm } from "../body/checksums.ts";
import { recordOf, stageCopy } from "../body/stage-body.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { Storage } from "../storage/storage.ts";

/** Puts other bytes under the key, everything else about the object kept. Does nothing when there is no such object. */
export async function replaceObject(storage: Storage, request: IncomingRequest, bytes: Uint8Array): Promise<void> {
  const { bucket, key } = request.target;
  const current = storage.find(bucket, key);
  if (current === undefined) return;
  const algorithm = current.checksum?.algorithm ?? defaultAlgorithm;
  const staged = await stageCopy(storage, bytes, bytes.length, algorithm);
  await storage.put(bucket, { ...current, ...recordOf(staged, request.nowMs) });
}

/** Does nothing when there is no such object. */
export async function deleteObject(storage: Storage, request: IncomingRequest): Promise<void> {
  const { bucket, key } = request.target;
  if (storage.find(bucket, key) !== undefined) await storage.remove(bucket, key, request.nowMs);
}
