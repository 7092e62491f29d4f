/** Finds out who is calling: by header, by query, anonymously – or by a scheme that S3 no longer accepts. */
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../incoming-request.ts";
import { type Caller, parsePayloadRule } from "./caller.ts";
import type { AuthSettings } from "./credentials.ts";
import { isPresigned, refuseOtherSchemes } from "./other-schemes.ts";
import { verifyPresigned } from "./presigned.ts";
import { verifyHeaderSignature } from "./signature.ts";
import type { KeyRing } from "./verify.ts";

/** Errors: AccessDenied for an unsigned request where that is not allowed, and those of the two ways of signing. */
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
  return anonymousCaller(settings, payload);
}

/** Nobody in particular. Error: AccessDenied where that is not enough. */
export function anonymousCaller(settings: AuthSettings, payload: Caller["payload"]): Caller {
  if (!settings.anonymous) throw s3Error("AccessDenied");
  return { accessKeyId: undefined, payload, seed: undefined };
}
