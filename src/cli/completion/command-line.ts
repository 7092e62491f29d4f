/**
 * A command line as bash reads it, up to the cursor: its words without their quotes, and what of the last one bash will
 * replace. Expands nothing: `$HOME` in a word is those five characters.
 */

/** Inside which quotes the line ends. */
export type OpenQuote = "" | "'" | '"' | "$'";

export interface CommandLine {
  /** The words before the one at the cursor, the command's own name first. */
  readonly words: readonly string[];
  readonly current: string;
  readonly open: OpenQuote;
  /** How much of `current` stays; bash replaces what stands behind it. */
  readonly kept: number;
}

/** `breaks`: the characters at which bash begins a new word to complete, its `COMP_WORDBREAKS`. */
export function parseCommandLine(line: string, breaks: string): CommandLine {
  const words: string[] = [];
  let word = { value: "", kept: 0, begun: false };
  let open: OpenQuote = "";
  let isRedirection = false;
  const end = () => {
    if (word.begun && !isRedirection) words.push(word.value);
    if (word.begun) isRedirection = false;
    word = { value: "", kept: 0, begun: false };
  };
  for (let at = 0; at < line.length; ) {
    const character = line[at] ?? "";
    if (/[ \t\n]/.test(character)) {
      end();
      at += 1;
      continue;
    }
    if (/[<>]/.test(character)) {
      end();
      isRedirection = true;
      at += 1;
      continue;
    }
    word.begun = true;
    if (character === "\\") {
      word.value += line[at + 1] === "\n" ? "" : (line[at + 1] ?? "");
      at += 2;
      continue;
    }
    const quote = openingQuote(line, at);
    if (quote === "") {
      word.value += character;
      if (breaks.includes(character)) word.kept = word.value.length;
      at += 1;
      continue;
    }
    const quoted = readQuoted(line, at + quote.length, quote);
    if (quoted.end === undefined) {
      open = quote;
      word.kept = word.value.length;
    }
    word.value += quoted.text;
    at = quoted.end ?? line.length;
  }
  return { words, current: word.value, open, kept: word.kept };
}

function openingQuote(line: string, at: number): OpenQuote {
  if (line[at] === "'" || line[at] === '"') return line[at] as OpenQuote;
  return line.startsWith("$'", at) ? "$'" : "";
}

interface Quoted {
  readonly text: string;
  /** Behind the closing quote; `undefined` where there is none. */
  readonly end: number | undefined;
}

function readQuoted(line: string, start: number, quote: OpenQuote): Quoted {
  if (quote === "'") {
    const end = line.indexOf("'", start);
    return end < 0 ? { text: line.slice(start), end: undefined } : { text: line.slice(start, end), end: end + 1 };
  }
  const closing = quote === '"' ? '"' : "'";
  let raw = "";
  for (let at = start; at < line.length; at++) {
    if (line[at] === closing) return { text: meaning(raw, quote), end: at + 1 };
    raw += line[at];
    if (line[at] === "\\") raw += line[++at] ?? "";
  }
  return { text: meaning(raw, quote), end: undefined };
}

function meaning(raw: string, quote: OpenQuote): string {
  return quote === '"' ? raw.replace(/\\([$`"\\])|\\\n/g, "$1") : ansi(raw);
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, E: 27, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** What stands in `$'...'`; its numbers are bytes of UTF-8. */
function ansi(raw: string): string {
  const bytes: Buffer[] = [];
  const pattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([\s\S])|$)|[^\\]+/g;
  for (const [text, octal, hex, short, long, letter] of raw.matchAll(pattern)) {
    if (octal !== undefined || hex !== undefined)
      bytes.push(Buffer.of(Number.parseInt(octal ?? hex ?? "", octal ? 8 : 16)));
    else if (short !== undefined || long !== undefined) bytes.push(character(Number.parseInt(short ?? long ?? "", 16)));
    else if (letter !== undefined)
      bytes.push(letter in escapes ? Buffer.of(escapes[letter] ?? 0) : Buffer.from(letter));
    else if (text !== "\\") bytes.push(Buffer.from(text));
  }
  return Buffer.concat(bytes).toString();
}

function character(code: number): Buffer {
  return Buffer.from(code <= 0x10ffff ? String.fromCodePoint(code) : "");
}
