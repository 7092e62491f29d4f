/** Signature Version 2, in a header or a URL: stores that are not AWS accept it still. From AWS's old description of it. */
import { createHmac } from "node:crypto";
import type { Caller } from "../auth/caller.ts";
import type { AuthSettings } from "../auth/credentials.ts";
import { sameSignature } from "../auth/signing.ts";
import { knownCredentials } from "../auth/verify.ts";
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { encodePath } from "../request/percent.ts";

/** Parameters that are part of what is asked for. */
const subResources: ReadonlySet<string> = new Set([
  ..."acl cors delete lifecycle location logging notification partNumber policy requestPayment".split(" "),
  ..."tagging torrent uploadId uploads versionId versioning versions website".split(" "),
]);

/** Undefined for a request that is not signed so. Errors: AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch. */
export function verifySignatureV2(request: IncomingRequest, settings: AuthSettings): Caller | undefined {
  const claim = claimIn(request);
  if (claim === undefined) return undefined;
  const { accessKeyId, signature, date } = claim;
  const token = request.header("x-amz-security-token");
  const { secretAccessKey } = knownCredentials(settings, accessKeyId, token, request.nowMs);
  const isRight = resourcesOf(request).some((resource) => {
    const text = `${describe(request, date)}${resource}`;
    return sameSignature(createHmac("sha1", secretAccessKey).update(text).digest("base64"), signature);
  });
  if (!isRight) throw s3Error("SignatureDoesNotMatch", { details: { AWSAccessKeyId: accessKeyId } });
  return { accessKeyId, payload: { kind: "unsigned" }, seed: undefined };
}

interface Claim {
  readonly accessKeyId: string;
  readonly signature: string;
  /** As signed: of the header, or when the URL expires. */
  readonly date: string;
}

function claimIn(request: IncomingRequest): Claim | undefined {
  const { query } = request.target;
  const [, byHeader, signed] = /^AWS ([^:]+):(\S+)$/.exec(request.header("authorization") ?? "") ?? [];
  if (byHeader !== undefined && signed !== undefined) {
    const date = request.header("x-amz-date") === undefined ? (request.header("date") ?? "") : "";
    return { accessKeyId: byHeader, signature: signed, date };
  }
  const [accessKeyId, signature, expires] = ["AWSAccessKeyId", "Signature", "Expires"].map((name) => query.get(name));
  if (accessKeyId === undefined || signature === undefined) return undefined;
  if (!(Number(expires) * 1000 > request.nowMs)) throw s3Error("AccessDenied", { message: "Request has expired" });
  return { accessKeyId, signature, date: expires ?? "" };
}

function describe(request: IncomingRequest, date: string): string {
  const given = (name: string) => request.header(name) ?? "";
  const own = request
    .headerNames()
    .filter((name) => name.startsWith("x-amz-"))
    .toSorted()
    .map((name) => `${name}:${given(name).trim()}\n`);
  return [request.method, given("content-md5"), given("content-type"), date, own.join("")].join("\n");
}

/** In path style, and with the bucket's name from the host. */
function resourcesOf({ target: { bucket, path, query } }: IncomingRequest): readonly string[] {
  const asked = query.pairs
    .filter(([name]) => subResources.has(name) || name.startsWith("response-"))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  const suffix = asked.length === 0 ? "" : `?${asked.join("&")}`;
  return [`${encodePath(path)}${suffix}`, `/${bucket}${encodePath(path)}${suffix}`];
}
