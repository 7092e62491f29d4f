/**
 * Many deletions: a thousand keys in one request where that can be said in XML and the service knows how, else one by one. Each key
 * has an outcome of its own.
 */
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { DeletedKey, RequestOptions } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { atOnce } from "./at-once.ts";
import type { BucketContext } from "./bucket-context.ts";
import { deleteObject } from "./delete.ts";
import { DeleteBatch } from "./delete-batch.ts";
import { fitsXml, mostKeys } from "./delete-document.ts";
import { callS3 } from "./s3-calls.ts";

/** A thousand keys of 1,024 bytes, each byte a reference, and a message about each. */
const mostAnswerBytes = 16 * 1024 * 1024;
const singlesAtOnce = 16;

type Outcomes = Map<string, EntrepotError | undefined>;

/** Deletes them, one request after the other, and tells of each in the order of the keys. */
export async function* deleteObjects(
  context: BucketContext,
  keys: readonly string[],
  options: RequestOptions,
): AsyncGenerator<DeletedKey, void, undefined> {
  for (let start = 0; start < keys.length; start += mostKeys) {
    const given = keys.slice(start, start + mostKeys);
    const different = [...new Set(given)];
    const together = context.findings.deletesMany ? different.filter(fitsXml) : [];
    // One alone is asked for in the way that every server knows.
    const outcomes: Outcomes = together.length > 1 ? await deleteTogether(context, together, options) : new Map();
    const rest = different.filter((key) => !outcomes.has(key));
    await atOnce(rest, singlesAtOnce, async (key) => {
      outcomes.set(key, await outcomeOf(() => deleteObject(context, key, options), options));
    });
    for (const key of given) yield { key, error: outcomes.get(key) };
  }
}

/** By key; empty where this cannot be asked for at all. */
async function deleteTogether(
  context: BucketContext,
  keys: readonly string[],
  options: RequestOptions,
): Promise<Outcomes> {
  const batch = new DeleteBatch(context, keys);
  let last: unknown;
  const error = await outcomeOf(
    () =>
      callS3(context, batch, options, {
        maxBytes: mostAnswerBytes,
        check: (answer) => batch.check(answer),
        onFailure: (failure) => {
          last = failure;
        },
      }),
    options,
  );
  if (error?.code === "unsupported") {
    context.findings.deletesMany = false;
    return new Map();
  }
  if (error !== undefined && isDislike(last)) return new Map();
  if (error !== undefined) batch.giveUp(error);
  return batch.outcomes;
}

/** Google's answer to what it did not know, and a parser that stumbles over one key: the keys by themselves may be fine. */
function isDislike(failure: unknown): boolean {
  if (!(failure instanceof Refused) || failure.refusal.status !== 400) return false;
  return ["InvalidArgument", "MalformedXML", "InvalidRequest"].includes(failure.refusal.serverCode);
}

/** The error of a call, as a value; an abort and what is none of the server's doing end everything. */
async function outcomeOf(work: () => Promise<unknown>, { signal }: RequestOptions): Promise<EntrepotError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    return error;
  }
}
