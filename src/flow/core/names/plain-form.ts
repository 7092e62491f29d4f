/**
 * The names of the plain form, `({ a, b: c }) =>` and `function f({ a }) {`, without a parser: 10,000 functions are read in
 * some milliseconds. Whatever is the least bit different is left to the parser.
 */
import type { Ask } from "./ask.ts";

const head = /(?:async\s+)?(?:function\s*\*?\s*[\w$]*\s*|\*?\s*[A-Za-z_$][\w$]*\s*)?\(\s*/y;
const oneName = "[A-Za-z_$][\\w$]*(?:\\s*:\\s*[A-Za-z_$][\\w$]*)?";
const destructured = new RegExp(`\\{\\s*(${oneName}(?:\\s*,\\s*${oneName})*)?\\s*,?\\s*\\}\\s*[,)]`, "y");

/** The names, or `undefined` where the text has another form. */
export function namesOfPlainForm(text: string): Ask[] | undefined {
  head.lastIndex = 0;
  if (!head.test(text)) return undefined;
  const begin = head.lastIndex;
  if (text[begin] === ")") return text.includes("arguments") ? undefined : [];
  destructured.lastIndex = begin;
  const match = destructured.exec(text);
  if (match === null) return undefined;
  return match[1] === undefined ? [] : match[1].split(",").map(askOf);
}

/** Of `a`, or of `a: b`. */
function askOf(part: string): Ask {
  const colon = part.indexOf(":");
  return { name: (colon === -1 ? part : part.slice(0, colon)).trim(), optional: false };
}
