/** The body of an S3 error: `<Error><Code>…`, wherever it turns up. */
import type { RefusalFields } from "../remote/refusal.ts";
import type { Credentials } from "./sign.ts";
import { readXml } from "./xml.ts";

const none: RefusalFields = Object.freeze(Object.create(null) as Record<string, string>);

/** Its fields; none for a proxy's page, garbage, no body at all, or an answer that is no error. Never throws. */
export function errorFields(body: Uint8Array): RefusalFields {
  if (body.byteLength === 0) return none;
  const fields: Record<string, string> = Object.create(null);
  let root = "";
  try {
    readXml(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"), {
      open(name, depth) {
        if (depth === 0) root = name;
      },
      close(name, text, depth) {
        if (depth === 1) fields[name] = text;
      },
    });
  } catch {
    return none;
  }
  return root === "Error" ? fields : none;
}

/** A server may repeat what it was sent; the secret and the token of the request are taken out of what it says. */
export function withoutSecrets(fields: RefusalFields, credentials: Credentials | undefined): RefusalFields {
  const secrets = [credentials?.secretAccessKey, credentials?.sessionToken].filter((text) => text !== undefined);
  const repeats = secrets.filter(
    (secret) => secret !== "" && Object.values(fields).some((text) => text.includes(secret)),
  );
  if (repeats.length === 0) return fields;
  const clean = (text: string) => repeats.reduce((said, secret) => said.replaceAll(secret, "REDACTED"), text);
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, clean(text)]));
}
