/** CopyObject: the whole object in one request. Under a condition it bears a mark, so that a lost answer is not taken for a lost race. */
import { isEntrepotError } from "../../error/index.ts";
import type { WriteResult } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { Doubt } from "../remote/doubt.ts";
import { fieldsOf } from "./answer-fields.ts";
import type { CopyPlan } from "./copy-plan.ts";
import { copyTimeouts, sourceError, sourceIsThere } from "./copy-source.ts";
import { checkEncrypted, NotEncrypted } from "./encryption.ts";
import { quotedEtag } from "./etag.ts";
import { findOwnWrite, markHeader, newMark } from "./own-write.ts";
import { callS3 } from "./s3-calls.ts";
import { conditionHeaders, conditionOf } from "./write-condition.ts";

/** Copies; `"too-large"` when the server takes no such object in one request, `undefined` when it copies none. */
export async function copyWhole(plan: CopyPlan): Promise<WriteResult | "too-large" | undefined> {
  const { to, key, uri, info, options } = plan;
  const { signal, retry } = options;
  const condition = conditionOf(options);
  const mark = condition === undefined ? undefined : newMark();
  const doubt = new Doubt();
  let last: unknown;
  try {
    const { headers, body } = await callS3(
      to,
      {
        method: "PUT",
        bucket: to.bucket,
        key,
        headers: {
          ...plan.sourceHeaders,
          ...to.sender.encryption.write,
          ...conditionHeaders(options),
          ...targetHeaders(plan, mark),
        },
        condition,
        uri,
      },
      { signal, retry, timeouts: copyTimeouts(info.sizeBytes, options) },
      {
        onFailure: (failure) => {
          doubt.onFailure(failure);
          last = failure;
        },
      },
    );
    checkEncrypted(to.sender.encryption, headers, uri);
    const etag = quotedEtag(fieldsOf(body, "CopyObjectResult", uri)["ETag"] ?? "");
    return { etag, sizeBytes: info.sizeBytes, versionId: headers["x-amz-version-id"] };
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    if (isTooLarge(last)) return "too-large";
    if (error.code === "unsupported" && !(error instanceof NotEncrypted)) return undefined;
    if (mark !== undefined && isEntrepotError(error, "already-exists", "precondition-failed", "not-found")) {
      const ours = doubt.exists ? await findOwnWrite(to, key, mark, options) : undefined;
      if (ours !== undefined) return { etag: ours.etag, sizeBytes: info.sizeBytes, versionId: ours.versionId };
      if (doubt.exists) throw doubt.error("copy", uri, error);
      // The server says only that one of the conditions is false.
      if (await sourceIsThere(plan)) throw error;
    }
    const told = sourceError(plan, error);
    // A server that denies what is there misreads the request.
    if (told !== error && (await sourceIsThere(plan))) return undefined;
    throw told;
  }
}

/** Without a word the server takes over the description and the tags, but not the storage class. */
function targetHeaders(
  { description, replaces, beside }: CopyPlan,
  mark: string | undefined,
): Readonly<Record<string, string>> {
  const tags = beside["x-amz-tagging"] === undefined ? undefined : { "x-amz-tagging-directive": "REPLACE" };
  if (!replaces && mark === undefined) return { ...beside, ...tags };
  return {
    ...beside,
    ...tags,
    "x-amz-metadata-directive": "REPLACE",
    ...description,
    ...(mark === undefined ? undefined : { [markHeader]: mark }),
  };
}

/** In the words of AWS and of those who have their own limit. */
function isTooLarge(failure: unknown): boolean {
  if (!(failure instanceof Refused)) return false;
  const { serverCode, serverMessage } = failure.refusal;
  return serverCode === "EntityTooLarge" || (serverCode === "InvalidRequest" && /larger than/i.test(serverMessage));
}
