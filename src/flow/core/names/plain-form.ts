/**
 * The names of the plain form, `({ a, b: c }) =>` and `function f({ a }) {`, without a parser: 10,000 functions are read in
 * some milliseconds. Whatever is the least bit different is left to the parser.
 */
import type { Ask } from "./ask.ts";

const head = "(?:async\\s+)?(?:function\\s*\\*?\\s*[\\w$]*\\s*|\\*?\\s*[A-Za-z_$][\\w$]*\\s*)?";
const oneName = "[A-Za-z_$][\\w$]*(?:\\s*:\\s*[A-Za-z_$][\\w$]*)?";
const names = `${oneName}(?:\\s*,\\s*${oneName})*`;
const plainForm = new RegExp(`^${head}\\(\\s*(?:(\\))|\\{\\s*(${names})?\\s*,?\\s*\\}\\s*[,)])`);

/** The names, or `undefined` where the text has another form. */
export function namesOfPlainForm(text: string): Ask[] | undefined {
  const match = plainForm.exec(text);
  if (match === null) return undefined;
  const [, nothing, asked] = match;
  if (nothing !== undefined) return text.includes("arguments") ? undefined : [];
  return asked === undefined ? [] : asked.split(",").map(askOf);
}

/** Of `a`, or of `a: b`. */
function askOf(part: string): Ask {
  const colon = part.indexOf(":");
  return { name: (colon === -1 ? part : part.slice(0, colon)).trim(), optional: false };
}
