/**
 * Where the parts of an object end that was uploaded in parts: from a HEAD of its first part, or from the list of all of them.
 */
import { isEntrepotError } from "../../error/index.ts";
import type { ObjectInfo, ReadOptions } from "../object-store.ts";
import type { Answered } from "../remote/call.ts";
import { contentLength } from "../remote/object-info.ts";
import type { PartLayout } from "../remote/parts-checksum.ts";
import type { RetryPolicy } from "../retry-policy.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { callS3, objectUri } from "./s3-calls.ts";
import { readXml } from "./xml.ts";

/** The bytes wait for it, and do without it when it does not come. */
const patience: RetryPolicy = { attempts: 2, budgetMs: 5_000, baseDelayMs: 50, maxDelayMs: 1_000 };
const firstByteMs = 5_000;

/** The layout of a version of `parts` parts; `undefined` when the server does not tell. Never rejects. */
export async function findPartLayout(
  context: BucketContext,
  info: ObjectInfo,
  parts: number,
  options: Pick<ReadOptions, "versionId" | "timeouts" | "signal">,
): Promise<PartLayout | undefined> {
  const { findings } = context;
  try {
    const first = findings.tellsFirstPart ? await firstPart(context, info, parts, options) : undefined;
    const fits = first !== undefined && first > 0 && Math.ceil(info.sizeBytes / first) === parts;
    if (fits && findings.partsAreEqual) return first;
    return findings.tellsAllParts ? await allParts(context, info, parts, options) : undefined;
  } catch {
    // The bytes are verified by their length alone then, which the result says.
    return undefined;
  }
}

async function firstPart(
  context: BucketContext,
  info: ObjectInfo,
  parts: number,
  options: Pick<ReadOptions, "versionId" | "timeouts" | "signal">,
): Promise<number | undefined> {
  const query = encodeQuery({ partNumber: "1", versionId: options.versionId });
  const answered = await asked(context, "HEAD", info, query, {}, options);
  if (answered === "refused" || (answered !== undefined && answered.headers["x-amz-mp-parts-count"] === undefined)) {
    context.findings.tellsFirstPart = false;
    return undefined;
  }
  if (answered === undefined || answered.headers["x-amz-mp-parts-count"] !== String(parts)) return undefined;
  return contentLength(answered.headers);
}

async function allParts(
  context: BucketContext,
  info: ObjectInfo,
  parts: number,
  options: Pick<ReadOptions, "versionId" | "timeouts" | "signal">,
): Promise<readonly number[] | undefined> {
  const query = encodeQuery({ attributes: "", versionId: options.versionId });
  const headers = { "x-amz-object-attributes": "ObjectParts", "x-amz-max-parts": "1000" };
  const answered = await asked(context, "GET", info, query, headers, options);
  if (answered === "refused") context.findings.tellsAllParts = false;
  if (answered === "refused" || answered === undefined) return undefined;
  const sizes = listedSizes(answered.body);
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sizes.length === parts && sum === info.sizeBytes && sizes.every((size) => size > 0) ? sizes : undefined;
}

/** `"refused"`: this server does not do that; `undefined`: it did not work this time. */
async function asked(
  context: BucketContext,
  method: "GET" | "HEAD",
  { key, etag }: ObjectInfo,
  query: string,
  headers: Readonly<Record<string, string>>,
  { versionId, timeouts, signal }: Pick<ReadOptions, "versionId" | "timeouts" | "signal">,
): Promise<Answered | "refused" | undefined> {
  const { bucket } = context;
  const uri = objectUri(bucket, key, versionId);
  try {
    const request = {
      method,
      bucket,
      key,
      query,
      uri,
      headers: { ...context.sender.readHeaders, ...headers, "if-match": etag },
    } as const;
    const bounds = { ...timeouts, firstByteMs: Math.min(timeouts?.firstByteMs ?? firstByteMs, firstByteMs) };
    const answered = await callS3(context, request, { signal, timeouts: bounds, retry: patience });
    const given = answered.headers["etag"];
    return given === undefined || given === etag ? answered : undefined;
  } catch (error) {
    return isEntrepotError(error, "unsupported", "protocol", "forbidden") ? "refused" : undefined;
  }
}

function listedSizes(body: Uint8Array): readonly number[] {
  const sizes: number[] = [];
  let isPart = false;
  readXml(body, {
    open(name, depth) {
      if (depth === 2) isPart = name === "Part";
    },
    close(name, text, depth) {
      if (isPart && depth === 3 && name === "Size" && /^\d{1,16}$/.test(text)) sizes.push(Number(text));
    },
  });
  return sizes;
}
