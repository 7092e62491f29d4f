/** One DeleteObjects from its first try to the last, and what became of each of its keys. */
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import type { BucketContext } from "./bucket-context.ts";
import { DeleteBatch } from "./delete-batch.ts";
import { callS3 } from "./s3-calls.ts";

/** A thousand keys of 1,024 bytes, each byte a reference, and a message about each. */
const mostAnswerBytes = 16 * 1024 * 1024;

/** By key; `undefined` is success. */
export type Outcomes = Map<string, EntrepotError | undefined>;

/** Keys, each with the ETag that it must have to go, where it must have one. */
export type Wanted = ReadonlyMap<string, string | undefined>;

/** By key; empty where this cannot be asked for at all. At most a thousand, all of them fit for XML. */
export async function deleteTogether(
  context: BucketContext,
  wanted: Wanted,
  options: RequestOptions,
): Promise<Outcomes> {
  const batch = new DeleteBatch(context, wanted);
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

/** The error of a call, as a value; an abort and what is none of the server's doing end everything. */
export async function outcomeOf(
  work: () => Promise<unknown>,
  { signal }: RequestOptions,
): Promise<EntrepotError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    return error;
  }
}

/** Google's answer to what it did not know, and a parser that stumbles over one key: the keys by themselves may be fine. */
function isDislike(failure: unknown): boolean {
  if (!(failure instanceof Refused) || failure.refusal.status !== 400) return false;
  return ["InvalidArgument", "MalformedXML", "InvalidRequest"].includes(failure.refusal.serverCode);
}
