/**
 * Single objects: what the server knows of them, whether they exist, buckets, and links for others.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { BucketStore, ObjectInfo } from "../store/index.ts";
import type { Usage } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { isFolderAddress } from "./address-kind.ts";
import { assertMayWrite, lenient, signalOf, versionWritten } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { ListOptions, ObjectStat } from "./entries.ts";
import { lastSegment, listOf } from "./listing.ts";
import type { AskOptions, OnError, SignalOptions } from "./options.ts";
import { type Duration, durationMs } from "./units.ts";

export async function statOf(
  context: Context,
  address: Address,
  options: AskOptions<OnError> = {},
): Promise<ObjectStat | undefined> {
  return lenient(context, options.onError, async () => {
    const place = await context.place(address, "read");
    const store = options.cache === "bypass" ? place.store : (place.cached ?? place.store);
    const info = await store.stat(place.key, { signal: signalOf(context, options), versionId: place.versionId });
    return objectStat(place, info);
  });
}

/** One literal, because spreading costs as much as signing. */
function objectStat({ uri, key }: Place, info: ObjectInfo): ObjectStat {
  const folder = key.slice(0, key.lastIndexOf("/") + 1);
  return {
    kind: "object",
    uri,
    path: key.slice(folder.length),
    name: lastSegment(key),
    sizeBytes: info.sizeBytes,
    modifiedMs: info.modifiedMs,
    etag: info.etag,
    versionId: info.versionId,
    contentType: info.contentType,
    contentEncoding: info.contentEncoding,
    contentLanguage: info.contentLanguage,
    contentDisposition: info.contentDisposition,
    cacheControl: info.cacheControl,
    storageClass: info.storageClass,
    encryption: info.encryption,
    metadata: info.metadata ?? {},
  };
}

/** A final `/` asks whether anything lies below; a bucket, whether it is there. */
export async function existsOf(context: Context, address: Address, options: SignalOptions = {}): Promise<boolean> {
  const place = await context.place(address, "read");
  const signal = signalOf(context, options);
  const store = place.cached ?? place.store;
  try {
    if (isFolderAddress(address, place)) {
      for await (const page of store.list({ prefix: place.key, pageSize: 1, signal })) {
        if (page.objects.length > 0) return true;
      }
      return place.key === "" && place.location.scheme === "s3";
    }
    await store.stat(place.key, { signal, versionId: place.versionId });
    return true;
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return false;
    throw error;
  }
}

export async function usageOf(context: Context, folder: Address, options: ListOptions<"object"> = {}): Promise<Usage> {
  let objects = 0;
  let sizeBytes = 0;
  for await (const entry of listOf(context, folder, options)) {
    objects += 1;
    sizeBytes += entry.sizeBytes;
  }
  return { objects, sizeBytes };
}

export async function createBucketOf(
  context: Context,
  address: Address,
  options: SignalOptions & { readonly region?: string | undefined } = {},
): Promise<void> {
  const place = await context.place(address, "write");
  await bucketOf(context, place).createBucket({ signal: signalOf(context, options), region: options.region });
}

export async function removeBucketOf(context: Context, address: Address, options: SignalOptions = {}): Promise<void> {
  const place = await context.place(address, "write");
  await bucketOf(context, place).removeBucket({ signal: signalOf(context, options) });
}

const weekMs = 7 * 86_400_000;

export async function presignOf(
  context: Context,
  address: Address,
  options: SignalOptions & {
    readonly expiresIn?: Duration | undefined;
    readonly method?: "GET" | "PUT" | undefined;
  } = {},
): Promise<string> {
  const expiresMs = durationMs(options.expiresIn ?? "1h");
  if (expiresMs < 1_000 || expiresMs > weekMs)
    throw new RangeError(`a presigned URL lives from 1 second to 7 days, not ${options.expiresIn}`);
  const { method = "GET" } = options;
  const place = await context.place(address, method === "GET" ? "read" : "write");
  if (place.bucket === undefined) {
    throw new EntrepotError("unsupported", `${place.uri} cannot be presigned`, {
      uri: place.uri,
      hint: "only s3:// objects have URLs for others",
    });
  }
  if (method === "PUT" && place.versionId !== undefined) throw versionWritten(place.uri);
  if (place.key === "") throw new TypeError(`${place.uri} names a bucket; a presigned URL is for one object`);
  return place.bucket.presign(place.key, {
    method,
    expiresMs,
    versionId: place.versionId,
    signal: signalOf(context, options),
  });
}

function bucketOf(context: Context, place: Place): BucketStore {
  if (place.bucket === undefined) {
    throw new EntrepotError("unsupported", `${place.uri} has no buckets`, {
      uri: place.uri,
      hint: "write s3://name; folders of this disk come with their first file",
    });
  }
  if (place.key !== "") throw new TypeError(`${place.uri} is below a bucket; write s3://name`);
  assertMayWrite(context, place);
  return place.bucket;
}
