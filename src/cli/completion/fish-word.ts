/** A word as fish reads it: what it means without its quotes, the last of which may stand open. */

export function parseFishWord(raw: string): string {
  let text = "";
  let quote = "";
  for (let at = 0; at < raw.length; at++) {
    const character = raw[at] ?? "";
    if (character === "\\") {
      const next = raw[++at] ?? "";
      const isEscaped = quote === "" || next === "\\" || next === quote || (quote === '"' && next === "$");
      text += isEscaped ? (quote === "" ? (named[next] ?? next) : next) : `\\${next}`;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    else text += character;
  }
  return text;
}

const named: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  e: "\x1b",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};
