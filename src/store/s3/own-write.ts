/**
 * Whether the object that is there is the one that a write with a lost answer made. Decided by size, then MD5 where the ETag is
 * one, else by the bytes themselves.
 */
import { createHash } from "node:crypto";
import { isEntrepotError } from "../../error/index.ts";
import { bodyChunks, bodySize } from "../body-chunks.ts";
import type { ObjectInfo, RequestOptions, SizedSource } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";
import { readS3Object, statObject } from "./read.ts";

/** The object, if it holds exactly this body. */
export async function isOurs(
  context: BucketContext,
  key: string,
  body: Uint8Array | SizedSource,
  { signal, retry, timeouts }: RequestOptions,
): Promise<ObjectInfo | undefined> {
  const options = { signal, retry, timeouts };
  try {
    const info = await statObject(context, key, options);
    if (info.sizeBytes !== bodySize(body)) return undefined;
    const md5 = createHash("md5");
    const wanted = createHash("sha256");
    for await (const piece of bodyChunks(body, { uri: context.bucket, signal })) {
      md5.update(piece);
      wanted.update(piece);
    }
    if (info.etag.replaceAll('"', "") === md5.digest("hex")) return info;
    // Not an MD5 (encrypted, or a server of its own mind): the bytes decide.
    const found = createHash("sha256");
    const sink = { start() {}, write: (chunk: Uint8Array) => void found.update(chunk) };
    await readS3Object(context, key, sink, { ...options, ifMatch: info.etag });
    return found.digest("hex") === wanted.digest("hex") ? info : undefined;
  } catch (error) {
    // Replaced or removed meanwhile: whoever did that has the last word.
    if (isEntrepotError(error, "not-found", "precondition-failed", "changed")) return undefined;
    throw error;
  }
}
