/** Refuses requests that are signed twice, or in a way that this server does not take, and says which way it does. */
import { type S3Error, s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";

/** Names of the query of a URL presigned by version 2. */
const ofVersion2 = ["AWSAccessKeyId", "Signature", "Expires"];

/** Errors: InvalidArgument for two signatures, InvalidRequest for another scheme than SigV4. */
export function refuseOtherSchemes(request: IncomingRequest): void {
  const { query } = request.target;
  const header = request.header("authorization");
  const presignedBy2 = ofVersion2.some((name) => query.has(name));
  const presigned = isPresigned(request);
  const count = request.headerLines("authorization").length + (presigned ? 1 : 0) + (presignedBy2 ? 1 : 0);
  if (count > 1) {
    throw s3Error("InvalidArgument", {
      message:
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
      details: { ArgumentName: "Authorization", ArgumentValue: header ?? "null" },
    });
  }
  if (presignedBy2) throw version2("presigned URL");
  if (header !== undefined && /^AWS\s/.test(header)) throw version2("request");
  if (header?.startsWith("AWS4-ECDSA-P256-SHA256")) {
    throw unsupported("This request is signed with SigV4A, for several regions, which this server does not verify.");
  }
}

/** Whether the query holds anything of a signature of version 4. */
export function isPresigned({ target: { query } }: IncomingRequest): boolean {
  return query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature") || query.has("X-Amz-Credential");
}

/** The refusal of Signature Version 2, in whatever form it comes. */
export function version2(what: string): S3Error {
  return unsupported(
    `This ${what} is signed with Signature Version 2 (SigV2): tell the client to use Signature Version 4 (SigV4), e.g. boto3 by Config(signature_version="s3v4").`,
  );
}

function unsupported(why: string): S3Error {
  return s3Error("InvalidRequest", {
    message: `The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. ${why}`,
  });
}
