/**
 * Deletions of exactly these versions, many in one request. AWS heeds the ETags in it; of any other server that is found out with
 * the first object, in a way that harms none: it is looked at, and then asked for under the ETag of no object.
 */
import { EntrepotError, isEntrepotError, isMissingBucket } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import { atOnce } from "./at-once.ts";
import type { BucketContext } from "./bucket-context.ts";
import { deleteVersion } from "./delete.ts";
import { deleteTogether, type Outcomes, outcomeOf, type Wanted } from "./delete-together.ts";
import { statObject } from "./read.ts";
import { objectUri } from "./s3-calls.ts";

const etagOfNone = `"${"0".repeat(32)}"`;
const looksAtOnce = 16;

/** Whether the ETags of a DeleteObjects are heeded. What was found out of single objects on the way is told in `outcomes`. */
export async function heedsEtags(
  context: BucketContext,
  wanted: Wanted,
  outcomes: Outcomes,
  options: RequestOptions,
): Promise<boolean> {
  const { findings, sender } = context;
  if (sender.endpoint.aws) return true;
  while (findings.askingOfEtags !== undefined) await findings.askingOfEtags;
  if (findings.heedsEtagsOfMany !== undefined) return findings.heedsEtagsOfMany;
  const asking = ask(context, wanted, outcomes, options);
  findings.askingOfEtags = asking
    .then((heeds) => {
      findings.heedsEtagsOfMany = heeds;
    })
    .catch(() => undefined)
    .finally(() => {
      findings.askingOfEtags = undefined;
    });
  return (await asking) ?? false;
}

/** `undefined` where no object was there to learn it from, or none that may be deleted. */
async function ask(
  context: BucketContext,
  wanted: Wanted,
  outcomes: Outcomes,
  options: RequestOptions,
): Promise<boolean | undefined> {
  for (const [key, etag] of wanted) {
    if (etag === undefined) continue;
    const found = await lookAt(context, key, etag, options);
    if (found === "same") {
      const told = await deleteTogether(context, new Map([[key, etagOfNone]]), options);
      if (!told.has(key)) return undefined;
      const error = told.get(key);
      if (error?.code === "precondition-failed") return true;
      if (error !== undefined) return undefined;
      outcomes.set(key, undefined);
      return false;
    }
    outcomes.set(key, found === "gone" ? undefined : found);
    if (found !== "gone" && found.code !== "precondition-failed") return undefined;
  }
  return undefined;
}

/** What was refused for its ETag is looked at: gone is what was wanted, and some servers deny ETags that they show. */
export async function lookAgain(
  context: BucketContext,
  wanted: Wanted,
  outcomes: Outcomes,
  options: RequestOptions,
): Promise<void> {
  const refused = [...wanted].flatMap(([key, etag]) =>
    etag !== undefined && outcomes.get(key)?.code === "precondition-failed" ? [[key, etag] as const] : [],
  );
  await atOnce(refused, looksAtOnce, async ([key, etag]) => {
    const found = await lookAt(context, key, etag, options);
    if (found === "gone") outcomes.set(key, undefined);
    if (found === "same") outcomes.set(key, await outcomeOf(() => deleteVersion(context, key, etag, options), options));
  });
}

async function lookAt(
  context: BucketContext,
  key: string,
  etag: string,
  { signal, retry, timeouts }: RequestOptions,
): Promise<"same" | "gone" | EntrepotError> {
  try {
    if ((await statObject(context, key, { signal, retry, timeouts })).etag === etag) return "same";
    const uri = objectUri(context.bucket, key);
    return new EntrepotError("precondition-failed", `${uri} is not the version to be deleted`, { uri });
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    return error.code === "not-found" && !isMissingBucket(error) ? "gone" : error;
  }
}
