/** What DeleteObjects says and is told: keys as XML, and which of them are gone. */
import type { RefusalFields } from "../remote/refusal.ts";
import { readXml } from "./xml.ts";
import { escapeXml, xmlDocument } from "./xml-document.ts";

/** The most that S3 takes in one request. */
export const mostKeys = 1000;
const longestKeyBytes = 1024;

/**
 * Whether a key comes through XML as itself, whoever reads it there. Controls cannot be written or are normalised, spaces at an end
 * are trimmed by some servers, which would then delete another object.
 */
export function fitsXml(key: string): boolean {
  if (key === "" || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]|^\s|\s$/u.test(key)) return false;
  return key.length * 3 <= longestKeyBytes || Buffer.byteLength(key) <= longestKeyBytes;
}

/** The document that asks for all of them, in the version that is named, and for a word about each. */
export function deleteDocument(wanted: Iterable<readonly [string, string | undefined]>): string {
  let objects = "";
  for (const [key, etag] of wanted) {
    const version = etag === undefined ? "" : `<ETag>${escapeXml(etag)}</ETag>`;
    objects += `<Object><Key>${escapeXml(key)}</Key>${version}</Object>`;
  }
  return xmlDocument("Delete", objects);
}

/** By key: `undefined` for one that is gone, else what the server said. Error: protocol for what is no such answer. */
export function parseDeleteResult(body: Uint8Array): ReadonlyMap<string, RefusalFields | undefined> | undefined {
  const said = new Map<string, RefusalFields | undefined>();
  let root = "";
  let fields: Record<string, string> = Object.create(null);
  readXml(body, {
    open(name, depth) {
      if (depth === 0) root = name;
      else if (depth === 1) fields = Object.create(null);
    },
    close(name, text, depth) {
      if (depth === 2) fields[name] = text;
      if (depth !== 1 || fields["Key"] === undefined) return;
      if (name === "Error") said.set(fields["Key"], fields);
      else if (name === "Deleted" && !said.has(fields["Key"])) said.set(fields["Key"], undefined);
    },
  });
  return root === "DeleteResult" ? said : undefined;
}
