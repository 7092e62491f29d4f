/** Puts other bytes under a key behind the client's back, everything else about the object kept. */
import type { IncomingRequest } from "./incoming-request.ts";
import { recordOf, stageCopy } from "./stage-body.ts";
import type { Storage } from "./storage/storage.ts";

/** Does nothing when there is no such object. */
export async function replaceObject(storage: Storage, request: IncomingRequest, bytes: Uint8Array): Promise<void> {
  const { bucket, key } = request.target;
  const current = storage.find(bucket, key);
  if (current === undefined) return;
  const algorithm = current.checksum?.algorithm ?? "CRC64NVME";
  const staged = await stageCopy(storage, bytes, bytes.length, algorithm);
  await storage.put(bucket, { ...current, ...recordOf(staged, request.nowMs) });
}
