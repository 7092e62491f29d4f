/**
 * What a refusal teaches: the bucket is in another region, the token has expired, this machine's clock is wrong, the server knows
 * no checksums.
 */
import type { Refused } from "../remote/answer.ts";
import { type RequestSender, S3Refused } from "./request.ts";

/** S3 refuses from this difference on. */
const largestSkewMs = 15 * 60_000;

/** How servers of one's own say that the signature is for another region than theirs, which they name. */
const malformed = "AuthorizationHeaderMalformed";

/** Puts it right, each thing once; true when the next try can do better. An answer to HEAD has no body, so its status must do. */
export function learn(
  sender: RequestSender,
  bucket: string | undefined,
  refused: Refused,
  once: (what: string) => boolean,
): boolean {
  if (!(refused instanceof S3Refused)) return false;
  const { signer, target } = refused;
  const { serverCode, serverMessage, region, serverTimeMs, status } = refused.refusal;
  const bare = serverCode === "";
  const moved = bucket !== undefined && (status === 301 || (status === 400 && bare));
  const differs = region !== undefined && region !== target.region && signer !== undefined;
  if (!sender.endpoint.aws && differs && (moved || serverCode === malformed)) {
    if (!once("region")) return false;
    // one server has one region, whatever it is asked for, unless it says that of one bucket
    if (moved) sender.moveBucket(bucket, region);
    else sender.signFor(region);
    return true;
  }
  const elsewhere = status === 301 || status === 307 || status === 400;
  if (elsewhere && sender.endpoint.aws && bucket !== undefined && region !== undefined && region !== target.region) {
    if (!sender.endpoint.isWithin(region) || !once("region")) return false;
    sender.moveBucket(bucket, region);
    return true;
  }
  // Backblaze B2 was such a one: the object is worth more than its checksum.
  if (status >= 400 && /x-amz-checksum-mode/i.test(serverMessage)) {
    if (!once("checksums")) return false;
    sender.dropChecksums();
    return true;
  }
  const skewed = status === 403 && bare && Math.abs((serverTimeMs ?? sender.now()) - sender.now()) > largestSkewMs;
  if ((serverCode === "RequestTimeTooSkewed" || skewed) && serverTimeMs !== undefined) {
    if (!once("clock")) return false;
    sender.adjustClock(serverTimeMs);
    return true;
  }
  const expired = serverCode === "ExpiredToken" || serverCode === "TokenRefreshRequired" || (status === 400 && bare);
  return expired && once("token") && sender.identity.expire(signer);
}
