/** Finds out who is calling: by header, by query, anonymously – or by a scheme that S3 no longer accepts. */
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../incoming-request.ts";
import { type Caller, parsePayloadRule } from "./caller.ts";
import type { AuthSettings } from "./credentials.ts";
import { verifyPresigned } from "./presigned.ts";
import { verifyHeaderSignature } from "./signature.ts";
import type { KeyRing } from "./verify.ts";

/** Errors: those of the two ways of signing. What an unsigned request may do is not decided here. */
export function authenticate(request: IncomingRequest, settings: AuthSettings, keys: KeyRing): Caller {
  const { query } = request.target;
  const header = request.header("authorization");
  if (request.method === "POST" && request.header("content-type")?.startsWith("multipart/form-data")) {
    throw s3Error("NotImplemented", { message: "This server does not offer uploads by HTML forms" });
  }
  const inQuery = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature") || query.has("X-Amz-Credential");
  if ((header !== undefined && inQuery) || request.headerLines("authorization").length > 1) {
    throw s3Error("InvalidArgument", {
      message:
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
    });
  }
  if (header?.startsWith("AWS ") || query.has("AWSAccessKeyId") || query.has("Signature")) {
    const what = header === undefined ? "presigned URL" : "request";
    throw s3Error("InvalidRequest", {
      message: `The authorization mechanism you have provided is not supported: this ${what} is signed with Signature Version 2 (SigV2). Please use Signature Version 4 (SigV4), AWS4-HMAC-SHA256.`,
    });
  }
  if (header !== undefined) return verifyHeaderSignature(request, settings, keys);
  if (inQuery) return verifyPresigned(request, settings, keys);
  const payload = parsePayloadRule(request.header("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD");
  return { accessKeyId: undefined, payload: payload ?? { kind: "unsigned" }, seed: undefined };
}
