/**
 * Text that is not ASCII, as S3 gives it back in headers: encoded words of RFC 2047 in UTF-8, the Q encoding when most of it is
 * ASCII, else B (docs.aws.amazon.com, UsingMetadata; localstack's test_s3.py records both).
 */

const word = /[^\t\r\n\u0020-\u007e]/g;

/** The text itself when it is ASCII. */
export function mailSafe(text: string): string {
  const odd = text.match(word)?.length ?? 0;
  if (odd === 0) return text;
  if ([...text].length - odd <= odd) return `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
  const encoded = [...Buffer.from(text)].map((byte) => {
    const char = String.fromCharCode(byte);
    if (char === " ") return "_";
    return /[A-Za-z0-9!*+\-/.,]/.test(char) ? char : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return `=?UTF-8?Q?${encoded.join("")}?=`;
}
