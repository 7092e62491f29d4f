/** The other end of a copy: whether the pinned version is still there, what it means when not, and how long a server may be busy. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Timeouts } from "../../net/index.ts";
import type { RequestOptions } from "../object-store.ts";
import type { CopyPlan } from "./copy-plan.ts";
import { statObject } from "./read.ts";
import { objectUri } from "./s3-calls.ts";

/** A server that says nothing until it is done may need so long beside the usual: 10 MB a second. */
const bytesPerMs = 10_000;
const usualMs = 30_000;

/** Bounds of a request that copies so many bytes before it is answered, unless the caller has own ones. */
export function copyTimeouts(sizeBytes: number, { timeouts }: RequestOptions): Timeouts {
  return { firstByteMs: usualMs + Math.ceil(sizeBytes / bytesPerMs), ...timeouts };
}

/** Whether the version that was measured is still the present one. */
export async function sourceIsThere({ from, source, info, options }: CopyPlan): Promise<boolean> {
  const { signal, retry, timeouts } = options;
  const { versionId } = source;
  try {
    await statObject(from, source.key, { signal, retry, timeouts, versionId, ifMatch: info.etag });
    return true;
  } catch (error) {
    if (isEntrepotError(error, "precondition-failed", "not-found")) return false;
    throw error;
  }
}

/** What a failure of a copy means where it is one of the source, which was there in this version when it was measured. */
export function sourceError({ from, source }: CopyPlan, error: unknown): unknown {
  const isGone = isEntrepotError(error, "not-found") && error.message.includes("NoSuchKey");
  if (!isGone && !isEntrepotError(error, "precondition-failed", "already-exists")) return error;
  const uri = objectUri(from.bucket, source.key);
  const code = source.ifMatch === undefined ? "changed" : "precondition-failed";
  return new EntrepotError(code, `${uri} was replaced or removed while it was being copied`, { uri, cause: error });
}
