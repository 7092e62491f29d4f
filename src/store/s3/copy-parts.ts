/**
 * A copy in parts, several at once, for what is too large for one request. Each part is of the pinned version; all or nothing:
 * whatever ends it early takes the upload away with it.
 */
import { isEntrepotError } from "../../error/index.ts";
import type { WriteResult } from "../object-store.ts";
import { fieldsOf } from "./answer-fields.ts";
import { atOnce } from "./at-once.ts";
import { tagsOf } from "./copied-headers.ts";
import type { CopyPlan } from "./copy-plan.ts";
import { copyTimeouts, sourceError, sourceIsThere } from "./copy-source.ts";
import { NotEncrypted } from "./encryption.ts";
import { quotedEtag } from "./etag.ts";
import { callS3 } from "./s3-calls.ts";
import { partBytesOf } from "./upload-limits.ts";
import {
  abandonUpload,
  abortUpload,
  completeUpload,
  confirmedEtag,
  createUpload,
  isUploadGone,
  type Upload,
  type UploadedPart,
  uploadGone,
  uploadQuery,
} from "./uploads.ts";

interface CopyPart {
  readonly number: number;
  /** Half open. */
  readonly start: number;
  readonly end: number;
}

/** Copies; `undefined` when the server copies no parts, or lets nobody without a name begin an upload. */
export async function copyInParts(plan: CopyPlan): Promise<WriteResult | undefined> {
  const { to, from, source, key, info, head, options } = plan;
  const { signal, retry, timeouts } = options;
  if (to.sender.identity.anonymous || to.findings.pinsCopiedParts === false) return undefined;
  const request = { signal, retry, timeouts };
  const tags =
    plan.beside["x-amz-tagging"] === undefined ? await tagsOf(from, source.key, source.versionId, head, request) : {};
  const upload = await createUpload(
    to,
    key,
    { ...to.sender.encryption.write, ...plan.description, ...plan.beside, ...tags },
    request,
  ).catch((error: unknown) => {
    const isRefusal = isEntrepotError(error, "unsupported") && !(error instanceof NotEncrypted);
    if (signal?.aborted === true || !isRefusal) throw error;
  });
  if (upload === undefined) return undefined;
  const parts: UploadedPart[] = [];
  let isCopied = false;
  try {
    if (!(await checksPin(plan, upload))) {
      await abortUpload(to, upload);
      return undefined;
    }
    const partBytes = partBytesOf(info.sizeBytes, to.copies, plan.uri);
    await atOnce(partsOf(info.sizeBytes, partBytes), to.copies.parallelParts, async (part) => {
      parts[part.number - 1] = await copyPart(plan, upload, part);
    });
    isCopied = true;
    return { ...(await completeUpload(to, upload, parts, options)), sizeBytes: info.sizeBytes };
  } catch (error) {
    const told = await abandonUpload(to, upload, error);
    if (signal?.aborted === true || isCopied) throw told;
    if (isEntrepotError(error, "unsupported")) return undefined;
    // Some misread keys or ETags in this request alone.
    if (isEntrepotError(error, "changed", "precondition-failed") && (await sourceIsThere(plan))) return undefined;
    throw told;
  }
}

/**
 * Whether the server copies parts of the named version only. One that takes no notice (Ceph 16 is such a one, and reads a `%` in a
 * key twice) would make a mixture, or copy another object: so it is asked once for a version that never was. AWS is known to.
 */
async function checksPin(plan: CopyPlan, upload: Upload): Promise<boolean> {
  const { sender, findings } = plan.to;
  if (sender.endpoint.aws || findings.pinsCopiedParts === true) return true;
  const never = { ...plan.sourceHeaders, "x-amz-copy-source-if-match": '"00000000000000000000000000000000"' };
  try {
    await copyPart({ ...plan, sourceHeaders: never }, upload, { number: 1, start: 0, end: 1 });
  } catch (error) {
    const cause = isEntrepotError(error, "changed", "precondition-failed") ? error.cause : error;
    if (!isEntrepotError(cause, "precondition-failed")) throw error;
    findings.pinsCopiedParts = true;
    return true;
  }
  findings.pinsCopiedParts = false;
  return false;
}

/** Without a gap. */
export function* partsOf(sizeBytes: number, partBytes: number): Generator<CopyPart, void, undefined> {
  let number = 1;
  for (let start = 0; start < sizeBytes; start += partBytes) {
    yield { number, start, end: Math.min(start + partBytes, sizeBytes) };
    number += 1;
  }
}

async function copyPart(plan: CopyPlan, upload: Upload, { number, start, end }: CopyPart): Promise<UploadedPart> {
  const { to, key, uri, options } = plan;
  const { signal, retry } = options;
  let last: unknown;
  try {
    const { body } = await callS3(
      to,
      {
        method: "PUT",
        bucket: to.bucket,
        key,
        query: uploadQuery(upload, number),
        headers: {
          ...plan.sourceHeaders,
          ...to.sender.encryption.object,
          "x-amz-copy-source-range": `bytes=${start}-${end - 1}`,
        },
        uri,
      },
      { signal, retry, timeouts: copyTimeouts(end - start, options) },
      {
        onFailure: (failure) => {
          last = failure;
        },
      },
    );
    const etag = quotedEtag(fieldsOf(body, "CopyPartResult", uri)["ETag"] ?? "");
    return { number, etag: confirmedEtag(etag, number, uri) };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw isUploadGone(last) ? uploadGone(uri, error) : sourceError(plan, error);
  }
}
