/** The body of an S3 error: `<Error><Code>…`, wherever it turns up. */
import { Refused } from "../remote/answer.ts";
import type { Answered } from "../remote/call.ts";
import { type RefusalFields, refusalOf } from "../remote/refusal.ts";
import { readFields } from "./answer-fields.ts";

const none: RefusalFields = Object.freeze(Object.create(null) as Record<string, string>);

/** Its fields; none for a proxy's page, garbage, no body at all, or an answer that is no error. Never throws. */
export function errorFields(body: Uint8Array): RefusalFields {
  if (body.byteLength === 0) return none;
  try {
    const { root, fields } = readFields(body);
    return root === "Error" ? fields : none;
  } catch {
    return none;
  }
}

/**
 * Throws `Refused` where a success is none: S3 answers 200 before a long work begins, and says in the body what became of it.
 * Such an error is as good as a 500.
 */
export function checkDone({ headers, body }: Answered, nowMs: number): void {
  const fields = errorFields(body);
  if (fields.Code !== undefined) throw new Refused(refusalOf(500, headers, fields, nowMs));
}
