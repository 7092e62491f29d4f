/**
 * Takes secrets out of text before it becomes part of an error, an event or a log line.
 * It knows what credentials look like; it cannot know a secret that looks like a word.
 */

/** Names whose value is never shown, in any of the spellings of headers, environments, JSON and XML. */
const secretNames =
  "secret[_-]?access[_-]?key|access[_-]?key[_-]?secret|(?:session|security|auth|access|refresh|id|metadata|x-vault)[_-]?token" +
  "|sse-?customer-?key|server-side-encryption-customer-key|api[_-]?key|pass(?:word|wd|phrase)|secret";

/** Every pattern is linear in the text, or bounded: what is redacted may come from a server. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(https?:\/\/[^\s?#"'<>]{1,2048})\?[^\s"'<>]*/gi, "$1?REDACTED"],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"'<>]+/gi, "$1REDACTED"],
  [/\b((?:Signature|Credential)=)[^\s,&"'<>]+/g, "$1REDACTED"],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,124}\b/g, "REDACTED"],
  [/((?:authorization|cookie|x-amz-security-token)\\?["']?\s{0,8}[:=]\s{0,8}\\?["']?)[^"'\\\r\n]+/gi, "$1REDACTED"],
  [/\b(Bearer\s{1,8})[A-Za-z0-9+/=._~-]{16,}/gi, "$1REDACTED"],
  [new RegExp(`((?:${secretNames})\\\\?["']?\\s{0,8}[:=]\\s{0,8}\\\\?["'])[^"'\\\\\\r\\n]+`, "gi"), "$1REDACTED"],
  [new RegExp(`((?:${secretNames})\\\\?["']?\\s{0,8}[:=]\\s{0,8})[^\\s"'\\\\&,;<>})\\]…]+`, "gi"), "$1REDACTED"],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/"'<>]{1,512}@/gi, "$1REDACTED@"],
  [
    /<(StringToSign|CanonicalRequest|StringToSignBytes|CanonicalRequestBytes|AWSAccessKeyId|AccessKeyId|SecretAccessKey|SessionToken|SignatureProvided)>[\s\S]{0,16384}?<\/\1>/g,
    "<$1>REDACTED</$1>",
  ],
];

/**
 * The text without access keys, signatures, tokens, passwords in URLs, the queries of http URLs and the parts of S3's own answers that
 * repeat what was signed. Redacting twice changes nothing.
 */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean;
}

/** An address as it may be shown: keys are no secrets, whatever they are called; the query of a web address may be a signature. */
export function redactUri(uri: string): string {
  return /^(?:s3|file|memory):\/\/[^@/]*(?:\/|$)/.test(uri) ? uri : redact(uri);
}

/** The same of a text that speaks of an address: what stands before `secret:` in it is a name, and what follows none of its value. */
export function redactAround(text: string, uri: string | undefined): string {
  if (uri === undefined || uri === "" || !text.includes(uri)) return redact(text);
  return text.split(uri).map(redact).join(redactUri(uri));
}
