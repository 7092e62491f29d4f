/**
 * Takes secrets out of text before it becomes part of an error, an event or a log line.
 * It knows what credentials look like; it cannot know a secret that looks like a word.
 */

const patterns: readonly (readonly [RegExp, string])[] = [
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"'<>]+/gi, "$1REDACTED"],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,124}\b/g, "REDACTED"],
  [
    /((?:authorization|x-amz-security-token|x-amz-server-side-encryption-customer-key)["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi,
    "$1REDACTED",
  ],
  [/((?:secret[_-]?access[_-]?key|session[_-]?token|password|secret)["']?\s*[:=]\s*["']?)[^\s"'&,}]+/gi, "$1REDACTED"],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, "$1REDACTED@"],
  [
    /<(StringToSign|CanonicalRequest|StringToSignBytes|CanonicalRequestBytes|AWSAccessKeyId|SignatureProvided)>[\s\S]*?<\/\1>/g,
    "<$1>REDACTED</$1>",
  ],
];

/** The text without access keys, signatures, tokens, passwords in URLs and the parts of S3's own answers that repeat them. */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean;
}
