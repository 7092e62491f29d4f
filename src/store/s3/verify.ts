/** Bytes that came by several reads, held against what the server keeps of the whole version. */
import { EntrepotError } from "../../error/index.ts";
import type { ReadResult, RequestOptions } from "../object-store.ts";
import { Verification } from "../remote/verification.ts";
import type { BucketContext } from "./bucket-context.ts";
import { findPartLayout } from "./part-layout.ts";
import { headObject } from "./read.ts";
import { objectUri } from "./s3-calls.ts";

type VerifyOptions = RequestOptions & { readonly ifMatch: string; readonly versionId?: string | undefined };

/** Errors: integrity, precondition-failed, truncated. */
export async function verifyObject(
  context: BucketContext,
  key: string,
  bytes: AsyncIterable<Uint8Array>,
  options: VerifyOptions,
): Promise<ReadResult["verified"]> {
  const uri = objectUri(context.bucket, key, options.versionId);
  const { info, headers } = await headObject(context, key, { ...options, checksums: true });
  const layout = (version: typeof info, parts: number, signal: AbortSignal) =>
    findPartLayout(context, version, parts, { ...options, signal });
  const verification = new Verification({ uri, findings: context.findings, layout }, info, headers);
  try {
    await verification.answered;
    verification.mayPass(info.sizeBytes);
    let sizeBytes = 0;
    for await (const chunk of bytes) {
      options.signal?.throwIfAborted();
      sizeBytes += chunk.byteLength;
      verification.update(chunk);
    }
    if (sizeBytes !== info.sizeBytes)
      throw new EntrepotError("truncated", `${uri}: ${sizeBytes} of ${info.sizeBytes} bytes are there`, { uri });
    return verification.verified();
  } finally {
    verification.end();
  }
}
