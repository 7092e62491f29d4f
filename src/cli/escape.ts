/**
 * Text from elsewhere, made safe to show: names of objects and words of servers may hold what moves the cursor,
 * changes colours or turns the direction of reading. For machines there is `--json`, which loses nothing.
 */

/** Controls (C0, DEL, C1), zero-width and bidirectional marks, line separators, tag characters, lone surrogates. */
const unsafe =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Most names, and told from the others in a tenth of the time. */
const plain = /^[ -~]*$/;

/** The text on one line, with everything invisible or unruly written as `\n`, `\x1b` or `\u{202e}`. */
export function printable(text: string): string {
  return plain.test(text) ? text : text.replace(unsafe, escapeOne);
}

/** As `printable`, but line ends stay: for messages of several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" };

function escapeOne(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return named[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`);
}
