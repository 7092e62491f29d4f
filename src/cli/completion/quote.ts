/** Text as bash is to find it on its command line: quoted so that it means itself, whatever quotes stand open. */
import type { OpenQuote } from "./command-line.ts";

/** Controls, marks that cannot be seen or that turn the direction of reading: written as their bytes, so that no terminal obeys them. */
const unruly =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

/** `text` to stand behind what is on the line already. `isStart`: the word begins with it. */
export function quoteForBash(text: string, open: OpenQuote, isStart: boolean): string {
  let quoted = "";
  let done = 0;
  for (const { 0: run, index } of text.matchAll(unruly)) {
    quoted += plain(text.slice(done, index), open, isStart && done === 0) + outside(`$'${bytesOf(run)}'`, open);
    done = index + run.length;
  }
  return quoted + plain(text.slice(done), open, isStart && done === 0);
}

function bytesOf(run: string): string {
  return Array.from(Buffer.from(run), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** A word of its own quotes among what stands in open ones. */
function outside(word: string, open: OpenQuote): string {
  if (open === "") return word;
  return open === "$'" ? word.slice(2, -1) : `${open}${word}${open}`;
}

function plain(text: string, open: OpenQuote, isStart: boolean): string {
  switch (open) {
    case "":
      // A tilde at the start is the home folder in the shell as it is here.
      return text.replace(/[^\w./:=@%+,~\u0080-\u{10ffff}-]/gu, "\\$&").replace(/^~(?!\/)/, isStart ? "\\~" : "~");
    case '"':
      // An exclamation mark would recall an older line, and a backslash before it would stay.
      return text.replace(/[$`"\\]/g, "\\$&").replaceAll("!", `"'!'"`);
    case "'":
      return text.replaceAll("'", "'\\''");
    case "$'":
      return text.replace(/[\\']/g, "\\$&");
  }
}
