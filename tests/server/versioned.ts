/** A bucket that keeps versions, new for each test, and the calls that tests of versions make all the time. */
import {
  DeleteObjectCommand,
  type DeleteObjectCommandOutput,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  type PutObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect } from "vitest";
import { Bucket, Sdk } from "./sdk.ts";

export interface VersionedBucket {
  readonly send: S3Client["send"];
  readonly stack: () => S3Client["middlewareStack"];
  keep(status: "Enabled" | "Suspended"): Promise<void>;
  put(key: string, text: string): Promise<PutObjectCommandOutput>;
  get(key: string, versionId?: string): Promise<GetObjectCommandOutput>;
  head(key: string, versionId?: string): Promise<HeadObjectCommandOutput>;
  textOf(key: string, versionId?: string): Promise<string | undefined>;
  remove(key: string, versionId?: string, ifMatch?: string): Promise<DeleteObjectCommandOutput>;
  /** Puts them one after the other; resolves with their names. */
  write(key: string, ...texts: readonly string[]): Promise<readonly string[]>;
  /** Newest first: the name of each, `x` behind that of a delete marker, `*` behind that of the latest. */
  listed(prefix?: string): Promise<readonly string[]>;
}

/** To be called where tests are declared. The clock stands still: only arrival can tell which version is newer. */
export function versionedBucket(): VersionedBucket {
  let sdk: Sdk;
  beforeEach(async () => {
    const nowMs = Date.now();
    sdk = await Sdk.start({ now: () => nowMs });
    await bucket.keep("Enabled");
  });
  afterEach(() => sdk.close());
  const bucket: VersionedBucket = {
    send: ((...args: Parameters<S3Client["send"]>) => sdk.s3.send(...args)) as S3Client["send"],
    stack: () => sdk.s3.middlewareStack,
    async keep(Status) {
      await sdk.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    },
    put: (key, text) => sdk.put(key, text),
    get: (Key, VersionId) => sdk.s3.send(new GetObjectCommand({ Bucket, Key, VersionId })),
    head: (Key, VersionId) => sdk.s3.send(new HeadObjectCommand({ Bucket, Key, VersionId })),
    textOf: async (key, versionId) => await (await bucket.get(key, versionId)).Body?.transformToString(),
    remove: (Key, VersionId, IfMatch) => sdk.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, IfMatch })),
    async write(key, ...texts) {
      const names: string[] = [];
      for (const text of texts) names.push((await sdk.put(key, text)).VersionId ?? "none");
      return names;
    },
    async listed(Prefix = "") {
      const { Versions = [], DeleteMarkers = [] } = await sdk.s3.send(
        new ListObjectVersionsCommand({ Bucket, Prefix }),
      );
      const name = (
        { VersionId, IsLatest }: { VersionId?: string | undefined; IsLatest?: boolean | undefined },
        kind: string,
      ) => `${VersionId}${kind}${IsLatest === true ? "*" : ""}`;
      return [...Versions.map((one) => name(one, "")), ...DeleteMarkers.map((one) => name(one, "x"))];
    },
  };
  return bucket;
}

/** The headers of a refusal, which the SDK keeps to itself. */
export async function refusedHeaders(call: Promise<unknown>): Promise<Record<string, string>> {
  const error = await call.then(
    () => expect.fail("not refused"),
    (reason) => reason,
  );
  return error.$response.headers;
}
