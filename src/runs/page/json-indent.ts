/** JSON as people read it: on lines of its own, and every number and text as it was written. */
import { jsonMistake } from "./json-mistake.ts";

const token = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/gs;
/** What is nested deeper stays as it is: it would be spaces for the most part. */
const deepest = 64;

/** `text` may be the beginning of a JSON text only; what is none comes back as it is. */
export function indentJson(text: string, isWhole: boolean): string {
  if (isWhole ? jsonMistake(text) !== undefined : !/^\s*[{[]/.test(text)) return text;
  const tokens = text.match(token) ?? [];
  let depth = 0;
  let lines = "";
  tokens.forEach((each, at) => {
    const next = tokens[at + 1];
    const isOpening = each === "{" || each === "[";
    if (isOpening) depth += 1;
    if (next === "}" || next === "]") depth -= 1;
    if (depth > deepest) return;
    lines += each === ":" ? ": " : each;
    const isEmpty = isOpening && (next === "}" || next === "]");
    const isLineEnd = isOpening || each === "," || next === "}" || next === "]";
    if (isLineEnd && !isEmpty && next !== undefined) lines += `\n${"  ".repeat(Math.max(0, depth))}`;
  });
  return maxDepth(tokens) > deepest ? text : lines;
}

function maxDepth(tokens: readonly string[]): number {
  let [depth, most] = [0, 0];
  for (const each of tokens) {
    if (each === "{" || each === "[") most = Math.max(most, ++depth);
    if (each === "}" || each === "]") depth -= 1;
  }
  return most;
}
