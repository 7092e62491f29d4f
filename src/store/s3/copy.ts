/** CopyObject: a copy inside the service, up to 5 GiB. What it cannot promise is left to the caller, who streams. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { CopySource, WriteOptions, WriteResult } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { isStrongEtag } from "../remote/etag.ts";
import { refusalOf } from "../remote/refusal.ts";
import type { BucketContext } from "./bucket-context.ts";
import { descriptionHeaders } from "./description.ts";
import { encodeKey, encodeValue } from "./encode.ts";
import { errorFields } from "./error-answer.ts";
import { quotedEtag } from "./etag.ts";
import { statObject } from "./read.ts";
import { callS3, objectUri, pathOfKey } from "./s3-calls.ts";
import { largestPutBytes } from "./write.ts";
import { readXml } from "./xml.ts";

/** Copies; `undefined` when the object is too large, or a condition is set on the target, which many servers do not check here. */
export async function copyObject(
  to: BucketContext,
  from: BucketContext,
  source: CopySource,
  key: string,
  options: WriteOptions,
): Promise<WriteResult | undefined> {
  pathOfKey(to.bucket, key);
  if (options.ifMatch !== undefined || options.ifNoneMatch !== undefined) return undefined;
  const { signal, retry, timeouts } = options;
  const { versionId, ifMatch } = source;
  const info = await statObject(from, source.key, { signal, retry, timeouts, versionId, ifMatch });
  // What was measured is what is copied, and only a strong ETag can say so.
  if (info.sizeBytes > largestPutBytes || !isStrongEtag(info.etag)) return undefined;
  const described = descriptionHeaders(options);
  const replaces = Object.keys(described).length > 0;
  if (from.bucket === to.bucket && source.key === key && versionId === undefined && !replaces) {
    return { etag: info.etag, sizeBytes: info.sizeBytes, versionId: info.versionId };
  }
  const uri = objectUri(to.bucket, key);
  const version = versionId === undefined ? "" : `?versionId=${encodeValue(versionId)}`;
  try {
    const { headers, body } = await callS3(
      to,
      {
        method: "PUT",
        bucket: to.bucket,
        key,
        headers: {
          "x-amz-copy-source": `${encodeValue(from.bucket)}/${encodeKey(source.key)}${version}`,
          "x-amz-copy-source-if-match": info.etag,
          ...to.sender.encryption.write,
          ...to.sender.encryption.copySource,
          ...(replaces ? { "x-amz-metadata-directive": "REPLACE", ...described } : undefined),
        },
        uri,
      },
      options,
      {
        // S3 answers 200 before it copies, and says in the body what became of it.
        check({ status, headers, body }) {
          const fields = errorFields(body);
          if (fields.Code !== undefined) {
            throw new Refused(refusalOf(status === 200 ? 500 : status, headers, fields, to.sender.clock.now()));
          }
        },
      },
    );
    return { etag: copiedEtag(body, uri), sizeBytes: info.sizeBytes, versionId: headers["x-amz-version-id"] };
  } catch (error) {
    if (!isEntrepotError(error, "precondition-failed") || ifMatch !== undefined) throw error;
    throw new EntrepotError("changed", `${objectUri(from.bucket, source.key)} was replaced while it was being copied`, {
      uri: objectUri(from.bucket, source.key),
      cause: error,
    });
  }
}

function copiedEtag(body: Uint8Array, uri: string): string {
  let etag = "";
  let root = "";
  readXml(Buffer.from(body).toString("utf8"), {
    close(name, text, depth) {
      if (depth === 0) root = name;
      else if (depth === 1 && name === "ETag") etag = quotedEtag(text);
    },
  });
  if (root !== "CopyObjectResult")
    throw new EntrepotError("protocol", `${uri}: the server's answer is no copy result`, { uri });
  return etag;
}
