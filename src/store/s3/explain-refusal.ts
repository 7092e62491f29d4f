/**
 * Why a HEAD was refused. Its answer has no body, so a wrong secret looks like a missing permission and a missing bucket like a
 * missing object; a GET of one byte is told more. One more request, and only after a failure.
 */
import { isEntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { singleAttempt } from "../retry-policy.ts";
import type { BucketContext } from "./bucket-context.ts";
import { S3Refused } from "./request.ts";
import { isVerdict } from "./s3-answer.ts";
import { type CallRequest, callS3 } from "./s3-calls.ts";

/** What a GET may say better than the HEAD did; anything else, success included, leaves the HEAD's word standing. */
const explanations = [
  "forbidden",
  "unauthenticated",
  "not-found",
  "misconfigured",
  "protocol",
  "invalid-address",
  "unrepresentable-name",
] as const;

/** The error that says more than `refused`, the HEAD's last failure, does; `undefined` where nothing more is to be learned. */
export async function explainedRefusal(
  context: BucketContext,
  head: CallRequest,
  refused: unknown,
  { signal, timeouts }: RequestOptions,
): Promise<unknown> {
  if (!(refused instanceof Refused) || !isMute(context, refused)) return undefined;
  try {
    const headers = { ...context.sender.encryption.object, range: "bytes=0-0" };
    const request: CallRequest = { ...head, method: "GET", headers };
    await callS3(context, request, { signal, timeouts, retry: singleAttempt });
    return undefined;
  } catch (error) {
    return signal?.aborted === true || isEntrepotError(error, ...explanations) ? error : undefined;
  }
}

/** In a bucket that has answered before, a 404 of S3's can only mean the object. */
function isMute({ sender, bucket }: BucketContext, refused: Refused): boolean {
  const { status, serverCode } = refused.refusal;
  if (serverCode !== "") return false;
  return status === 400 || status === 403 || (status === 404 && !sender.hasSeen(bucket)) || isOfStranger(refused);
}

function isOfStranger(refused: Refused): boolean {
  return refused instanceof S3Refused && refused.page && isVerdict(refused.refusal.status);
}
