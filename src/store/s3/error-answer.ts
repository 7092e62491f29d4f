/** The body of an S3 error: `<Error><Code>…`, wherever it turns up. */
import type { RefusalFields } from "../remote/refusal.ts";
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
