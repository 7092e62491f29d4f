/**
 * What policies can know of a request: the global keys and S3's own ("Condition keys for Amazon S3"), worked out when a
 * condition asks for them.
 */
import { parseAmzDate } from "../auth/verify.ts";
import { isoSeconds } from "../dates.ts";
import type { Tags } from "../object/tagging.ts";
import { owner } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { plainAddress } from "./address-range.ts";
import { rootArn } from "./parse-principals.ts";
import type { Context } from "./policy.ts";

export interface Circumstances {
  readonly request: IncomingRequest;
  readonly operation: string;
  readonly region: string;
  /** ARN; undefined for nobody known. */
  readonly principal: string | undefined;
  /** The version that is meant. */
  readonly versionId: string | undefined;
  /** In place of the request's header, for one key of many. */
  readonly ifMatch: string | undefined;
  /** Of the object as it is; undefined where S3 does not look at them. */
  readonly existingTags: () => Tags | undefined;
  /** That the request brings. */
  readonly requestTags: () => Tags | undefined;
  /** As the upload was begun: its parts need not say it again. */
  readonly uploadEncryption: () => Readonly<Record<string, string>>;
}

const whole: ReadonlySet<string> = new Set(["PutObject", "PostObject", "CopyObject", "CompleteMultipartUpload"]);
const listingKeys: ReadonlySet<string> = new Set(["prefix", "delimiter", "max-keys"]);

export function requestContext(about: Circumstances): Context {
  return (key) => {
    const value = singleValue(key, about);
    if (value !== undefined) return [value];
    if (key === "s3:requestobjecttagkeys") return nonEmpty(Object.keys(about.requestTags() ?? {}));
    return undefined;
  };
}

function singleValue(key: string, about: Circumstances): string | undefined {
  const { request, principal } = about;
  switch (key) {
    case "aws:sourceip":
      return plainAddress(request.peer().address);
    case "aws:securetransport":
      return String(request.secure);
    case "s3:tlsversion":
      return request.peer().tlsVersion;
    case "aws:currenttime":
      return isoSeconds(request.nowMs);
    case "aws:epochtime":
      return String(Math.floor(request.nowMs / 1000));
    case "aws:useragent":
      return request.header("user-agent");
    case "aws:referer":
      return request.header("referer");
    case "aws:requestedregion":
      return about.region;
    case "aws:principalarn":
      return principal;
    case "aws:principalaccount":
      return principal === undefined ? undefined : owner.accountId;
    case "aws:principaltype":
      return principal === undefined ? "Anonymous" : principal === rootArn ? "Account" : "User";
    case "aws:userid":
      return principal === undefined ? "anonymous" : principal === rootArn ? owner.accountId : nameOf(principal);
    case "aws:username":
      return principal === rootArn ? undefined : nameOf(principal);
    case "aws:principalisawsservice":
    case "aws:viaawsservice":
      return "false";
    case "aws:resourceaccount":
    case "s3:resourceaccount":
      return owner.accountId;
    default:
      return key.startsWith("s3:") ? ofS3(key.slice("s3:".length), about) : undefined;
  }
}

function ofS3(name: string, about: Circumstances): string | undefined {
  const { request, operation } = about;
  const { query } = request.target;
  if (listingKeys.has(name)) return query.get(name);
  if (name.startsWith("existingobjecttag/")) return tagOf(about.existingTags(), name);
  if (name.startsWith("requestobjecttag/")) return tagOf(about.requestTags(), name);
  switch (name) {
    case "versionid":
      return about.versionId;
    case "authtype":
      return about.principal === undefined ? undefined : authType(request);
    case "signatureversion":
      return about.principal === undefined ? undefined : "AWS4-HMAC-SHA256";
    case "signatureage":
      return about.principal === undefined ? undefined : signatureAge(request);
    case "objectcreationoperation":
      return String(whole.has(operation));
    case "if-match":
      return about.ifMatch ?? request.header(name);
    case "if-none-match":
      return request.header(name);
    case "x-amz-content-sha256":
      return request.header(name) ?? query.get("X-Amz-Content-Sha256");
    default:
      return name.startsWith("x-amz-") ? (request.header(name) ?? about.uploadEncryption()[name]) : undefined;
  }
}

/** Of a signed request. */
function authType(request: IncomingRequest): string {
  if (request.header("authorization") !== undefined) return "REST-HEADER";
  return request.target.query.has("X-Amz-Signature") ? "REST-QUERY-STRING" : "POST";
}

/** Milliseconds since it was signed. */
function signatureAge(request: IncomingRequest): string | undefined {
  const signedMs = parseAmzDate(request.target.query.get("X-Amz-Date") ?? request.header("x-amz-date") ?? "");
  return signedMs === undefined ? undefined : String(request.nowMs - signedMs);
}

/** Conditions do not tell the case of a tag's key. */
function tagOf(tags: Tags | undefined, name: string): string | undefined {
  const wanted = name.slice(name.indexOf("/") + 1);
  return Object.entries(tags ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

function nameOf(principal: string | undefined): string | undefined {
  return principal?.slice(principal.lastIndexOf("/") + 1);
}

function nonEmpty(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}
