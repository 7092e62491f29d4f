/** What is stored, for assertions: read past the network, without a line in the log. */
import { type Storage, wholeOf } from "../server/index.ts";

/** One object as it was when it was asked for. */
export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Base64; of an object in parts it may end in `-` and their number. */
  readonly checksum: { readonly algorithm: string; readonly type: string; readonly value: string } | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** `x-amz-meta-*` without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly lastModified: Date;
  /** Parts that it was uploaded in; 0 when it came in one piece. */
  readonly parts: number;
  /** Error, as of the others: one that says so when the object has been replaced or removed meanwhile. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** As UTF-8. Error: TypeError when it is none. */
  text(): Promise<string>;
  json(): Promise<unknown>;
}

/** By key, in the order of their UTF-8 bytes. Error: RangeError when there is no such bucket. */
export function storedObjects(storage: Storage, bucket: string): ReadonlyMap<string, StoredObject> {
  const names = storage.buckets().map(({ name }) => name);
  if (!names.includes(bucket)) {
    const known = names.length === 0 ? "there is none at all" : `there are ${names.join(", ")}`;
    throw new RangeError(`there is no bucket ${JSON.stringify(bucket)}: ${known}`);
  }
  const found = new Map<string, StoredObject>();
  for (const key of storage.keys(bucket)) {
    const record = storage.find(bucket, key);
    if (record !== undefined) found.set(key, storedObject(storage, bucket, record));
  }
  return found;
}

type Found = NonNullable<ReturnType<Storage["find"]>>;

function storedObject(storage: Storage, bucket: string, record: Found): StoredObject {
  const { key, sizeBytes, etag, checksum, headers, metadata, tags, storageClass, modifiedMs, parts } = record;
  const bytes = async () => {
    const open = storage.open(bucket, key);
    try {
      if (open?.record !== record)
        throw new Error(`${bucket}/${key} has been replaced or removed since objects() was called`);
      return await wholeOf(open.read(0, sizeBytes));
    } finally {
      open?.release();
    }
  };
  const text = async () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await bytes());
  return {
    key,
    sizeBytes,
    etag,
    checksum,
    contentType: headers["content-type"],
    contentEncoding: headers["content-encoding"],
    metadata,
    tags: tags ?? {},
    storageClass,
    lastModified: new Date(modifiedMs),
    parts: parts?.length ?? 0,
    bytes,
    text,
    json: async () => JSON.parse(await text()) as unknown,
  };
}
