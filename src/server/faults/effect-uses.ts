/** Which requests an effect can spoil at all: a fault waits for one of them, and one that can wait for none is refused. */
import type { RequestKind } from "../request-kinds.ts";
import type { EarlierObjects } from "./earlier-objects.ts";
import type { EffectName, FaultEffect } from "./fault.ts";
import type { FaultRequest } from "./fault-request.ts";

type Use = "any" | "answer-body" | "upload" | "object" | "stale" | "range" | "listing" | "connection";

const uses: Readonly<Record<EffectName, Use>> = {
  status: "any",
  rate: "any",
  expiredToken: "any",
  clockSkewMs: "any",
  redirect: "any",
  proxyError: "any",
  errorInBody: "answer-body",
  latency: "any",
  bodyDelay: "answer-body",
  bandwidth: "any",
  drip: "answer-body",
  slowHeaders: "any",
  refuseConnection: "connection",
  cutAfterBytes: "answer-body",
  resetAfterBytes: "answer-body",
  stallAfterBytes: "answer-body",
  resetUploadAfterBytes: "upload",
  loseAnswer: "any",
  silent: "any",
  garbage: "any",
  closeAfter: "any",
  noContinue: "upload",
  replaceWith: "object",
  deleteBefore: "object",
  stale: "stale",
  ignoreRange: "range",
  shiftRange: "range",
  ignoreConditions: "any",
  contentRange: "any",
  contentLength: "any",
  etag: "any",
  checksum: "any",
  truncateBody: "answer-body",
  corruptByteAt: "answer-body",
  gzip: "answer-body",
  headerFlood: "any",
  listing: "listing",
};

/** In the order of `fault.ts`. */
export const effectNames: readonly EffectName[] = Object.keys(uses) as EffectName[];

/** What goes with `status`. */
export const companions: ReadonlySet<string> = new Set(["code", "retryAfterSeconds", "carriedOut"]);

export function effectNameOf(effect: FaultEffect): EffectName {
  return Object.keys(effect).find((name) => !companions.has(name)) as EffectName;
}

export function isAboutConnections(effect: EffectName): boolean {
  return uses[effect] === "connection";
}

/** Whether requests of this kind can be spoiled by it, whatever else they are like. */
export function suits(effect: EffectName, { operation, method, about }: RequestKind): boolean {
  switch (uses[effect]) {
    case "answer-body":
      return method !== "HEAD";
    case "upload":
      return method === "PUT" || method === "POST";
    case "object":
      return about === "object";
    case "stale":
      return operation === "GetObject" || operation === "HeadObject";
    case "range":
      return operation === "GetObject" || operation === "HeadObject";
    case "listing":
      return operation === "ListObjectsV2" || operation === "ListObjects";
    default:
      return true;
  }
}

/** Why a fault with this effect can wait for nothing, and what would do. */
export function unsuited(effect: EffectName, only: { readonly method: string } | undefined): string {
  switch (uses[effect]) {
    case "answer-body":
      return `the answer to a HEAD has no body, so ${effect} cannot spoil it`;
    case "upload":
      return `a ${only?.method ?? "GET"} uploads nothing${effect === "resetUploadAfterBytes" ? ", did you mean resetAfterBytes?" : ""}`;
    case "listing":
      return `${effect} is for ListObjectsV2 and ListObjects, whose key is ""; choose among listings by query: { prefix: … }`;
    case "object":
      return `${effect} is for requests about an object, and this one is about none`;
    default:
      return `${effect} is for GetObject and HeadObject`;
  }
}

/** Whether this very request can be spoiled. */
export function meets(effect: EffectName, request: FaultRequest, earlier: EarlierObjects): boolean {
  const about = request.key === "" ? "bucket" : "object";
  if (!suits(effect, { ...request, about })) return false;
  if (uses[effect] === "range") return request.header("range") !== undefined;
  return effect !== "stale" || earlier.has(request.bucket, request.key);
}
