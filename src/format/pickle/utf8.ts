/** Python's text out of UTF-8: as strict as Python, which lets single surrogates through. */
import { malformed } from "./fault.ts";

/** Below this a loop is faster than a call into the engine. */
const short = 16;

/** The text in `[start, end)`; `buffer` is a view on the same memory as `bytes`. Fault: malformed for what is no UTF-8. */
export function utf8Text(buffer: Buffer, start: number, end: number): string {
  if (end - start < short) {
    let text = "";
    let at = start;
    // four at a time: each step makes a text of its own
    for (; at + 4 <= end; at += 4) {
      const one = buffer[at] as number;
      const two = buffer[at + 1] as number;
      const three = buffer[at + 2] as number;
      const four = buffer[at + 3] as number;
      if ((one | two | three | four) > 0x7f) break;
      text += String.fromCharCode(one, two, three, four);
    }
    for (; at < end; at++) {
      const code = buffer[at] as number;
      if (code > 0x7f) break;
      text += String.fromCharCode(code);
    }
    if (at === end) return text;
  }
  const text = buffer.toString("utf8", start, end);
  return text.includes("\ufffd") ? strictly(buffer, start, end) : text;
}

/** Something is a replacement character, or was replaced by one. */
function strictly(buffer: Buffer, start: number, end: number): string {
  const codes: string[] = [];
  for (let at = start; at < end; ) {
    const lead = buffer[at++] as number;
    const more = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
    if (more < 0 || at + more > end) throw wrongText();
    let code = more === 0 ? lead : lead & (0x3f >> more);
    for (let step = 0; step < more; step++) {
      const next = buffer[at++] as number;
      if ((next & 0xc0) !== 0x80) throw wrongText();
      code = code * 64 + (next & 0x3f);
    }
    if (code > 0x10ffff || (more === 2 && code < 0x800) || (more === 3 && code < 0x10000)) throw wrongText();
    codes.push(String.fromCodePoint(code));
  }
  return codes.join("");
}

function wrongText() {
  return malformed("a text is not UTF-8");
}

/** Bytes of the text as Python pickles it, single surrogates included. */
export function utf8Bytes(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (!/\p{Cs}/u.test(text)) return bytes;
  const all: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff)
      all.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else all.push(...Buffer.from(character, "utf8"));
  }
  return Buffer.from(all);
}
