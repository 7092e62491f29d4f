/** Text beyond ASCII in a header, as RFC 2047 encoded words: the form in which S3 itself hands out such metadata. */

const word = /=\?utf-8\?([bq])\?([^?\s]*)\?=/gi;
const beyondAscii = /[\x80-\xff]/;
const ascii = /^[\x20-\x7e]*$/;

/** The header value for a text; ASCII stays as it is. */
export function encodeWords(text: string): string {
  if (ascii.test(text) && !text.includes("=?") && text === text.trim()) return text;
  return `=?UTF-8?B?${Buffer.from(text, "utf8").toString("base64")}?=`;
}

/** The inverse; what is no encoded word stays as it is, but UTF-8 that some servers send raw is read as such. */
export function decodeWords(value: string): string {
  if (beyondAscii.test(value)) return decodeRaw(value);
  if (!value.includes("=?")) return value;
  const joined = value.replace(/\?=\s+=\?/g, "?==?");
  return joined.replace(word, (_whole, kind: string, text: string) =>
    kind.toLowerCase() === "b" ? Buffer.from(text, "base64").toString("utf8") : decodeQuoted(text),
  );
}

function decodeQuoted(text: string): string {
  const bytes = text
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function decodeRaw(value: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(value, "latin1"));
  } catch {
    return value;
  }
}
