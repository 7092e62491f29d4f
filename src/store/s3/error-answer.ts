/** The body of an S3 error: `<Error><Code>…`, wherever it turns up. */
import { Refused } from "../remote/answer.ts";
import type { Answered } from "../remote/call.ts";
import { type RefusalFields, refusalOf } from "../remote/refusal.ts";
import { readFields } from "./answer-fields.ts";
import type { Credentials } from "./sign.ts";

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

/** A server may repeat what it was sent; the secret and the token of the request are taken out of what it says. */
export function withoutSecrets(fields: RefusalFields, credentials: Credentials | undefined): RefusalFields {
  const secrets = [credentials?.secretAccessKey, credentials?.sessionToken].filter((text) => text !== undefined);
  const repeats = secrets.filter(
    // a shorter one is a word that may stand there for itself
    (secret) => secret.length >= 8 && Object.values(fields).some((text) => text.includes(secret)),
  );
  if (repeats.length === 0) return fields;
  const clean = (text: string) => repeats.reduce((said, secret) => said.replaceAll(secret, "REDACTED"), text);
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, clean(text)]));
}

/**
 * Throws `Refused` where a success is none: S3 answers 200 before a long work begins, and says in the body what became of it.
 * Such an error is as good as a 500.
 */
export function checkDone({ headers, body }: Answered, nowMs: number): void {
  const fields = errorFields(body);
  if (fields.Code !== undefined) throw new Refused(refusalOf(500, headers, fields, nowMs));
}
