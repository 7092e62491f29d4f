/** URLs that carry their own permission. Nothing is sent; nothing of it is logged or cached anywhere here. */
import { EntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";
import { objectUri, pathOfKey } from "./s3-calls.ts";
import { unsignedPayload } from "./sign.ts";

const longestMs = 7 * 24 * 60 * 60 * 1000;

interface PresignOptions extends RequestOptions {
  readonly method: "GET" | "PUT";
  /** 1 s to 7 days: RangeError. Temporary credentials end it sooner. */
  readonly expiresMs: number;
  readonly versionId?: string | undefined;
}

/** The URL. Error: unauthenticated when anonymous. */
export async function presignUrl(context: BucketContext, key: string, options: PresignOptions): Promise<string> {
  const { sender, bucket } = context;
  const { expiresMs } = options;
  if (!(expiresMs >= 1000 && expiresMs <= longestMs)) {
    throw new RangeError(`a presigned URL works for 1 second to 7 days, not for ${expiresMs} ms`);
  }
  const encoded = pathOfKey(bucket, key);
  const target = sender.targetOf(bucket);
  const signer = await sender.identity.signer(target.region);
  options.signal?.throwIfAborted();
  if (signer === undefined) {
    throw new EntrepotError("unauthenticated", `${objectUri(bucket, key)}: an anonymous reader cannot sign a URL`, {
      uri: objectUri(bucket, key),
      hint: "Set credentials or a profile, and not anonymous.",
    });
  }
  const { encryption } = sender;
  if (Object.keys(options.method === "PUT" ? encryption.write : encryption.object).length > 0) {
    throw new EntrepotError("unsupported", `${objectUri(bucket, key)}: a URL cannot carry what encryption needs`, {
      uri: objectUri(bucket, key),
      hint: "Presign with a depot without sse: the bucket's own default encryption holds for what is uploaded by a URL.",
    });
  }
  const path = `${target.prefix}/${encoded}`;
  const query = signer.presign(
    {
      method: options.method,
      host: target.host,
      path,
      parameters: {
        versionId: options.versionId,
        ...sender.standing,
      },
      headers: {},
      payloadHash: unsignedPayload,
    },
    sender.now(),
    Math.floor(expiresMs / 1000),
  );
  return `${target.origin}${path}?${query}`;
}
