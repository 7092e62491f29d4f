/** Finds out who is calling: by header, by query, anonymously – or by a scheme that S3 no longer accepts. */
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { type Caller, parsePayloadRule } from "./caller.ts";
import type { AuthSettings } from "./credentials.ts";
import { isPresigned, refuseOtherSchemes } from "./other-schemes.ts";
import { verifyPresigned } from "./presigned.ts";
import { verifyHeaderSignature } from "./signature.ts";
import type { KeyRing } from "./verify.ts";

/** Errors: those of the two ways of signing. What an unsigned request may do is not decided here. */
export function authenticate(request: IncomingRequest, settings: AuthSettings, keys: KeyRing): Caller {
  refuseOtherSchemes(request);
  if (request.header("authorization") !== undefined) return verifyHeaderSignature(request, settings, keys);
  if (isPresigned(request)) return verifyPresigned(request, settings, keys);
  const payload = parsePayloadRule(request.header("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD");
  if (payload.kind === "chunked" && payload.signed) {
    throw s3Error("InvalidRequest", {
      message:
        "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.",
    });
  }
  return anonymousCaller(payload);
}

/** Nobody in particular: what that is enough for, policies of buckets say. */
export function anonymousCaller(payload: Caller["payload"]): Caller {
  return { accessKeyId: undefined, payload, seed: undefined };
}
