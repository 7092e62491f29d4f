/** Globs over keys: `*` is anything but a slash, `**` anything, `?` one character, `{a,b}` either; `\` takes the meaning away. */
import type { TextPattern } from "./fault.ts";

/** Whether a text is meant. */
export type TextTest = (text: string) => boolean;

/** Error: TypeError for a glob whose braces do not close. */
export function textTest(pattern: TextPattern): TextTest {
  if (typeof pattern !== "string") return (text) => text.search(pattern) >= 0;
  if (!/[*?{}\\]/.test(pattern)) return (text) => text === pattern;
  const expression = new RegExp(`^${globSource(pattern)}$`, "su");
  return (text) => expression.test(text);
}

function globSource(glob: string): string {
  let [source, depth, at] = ["", 0, 0];
  while (at < glob.length) {
    const char = String.fromCodePoint(glob.codePointAt(at) ?? 0);
    const rest = glob.slice(at);
    let used = char.length;
    if (rest.startsWith("**/")) [source, used] = [`${source}(?:.*/)?`, 3];
    else if (rest.startsWith("**")) [source, used] = [`${source}.*`, 2];
    else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "{") [source, depth] = [`${source}(?:`, depth + 1];
    else if (char === "}" && depth > 0) [source, depth] = [`${source})`, depth - 1];
    else if (char === "," && depth > 0) source += "|";
    else if (char === "\\" && rest.length > 1) {
      const literal = String.fromCodePoint(glob.codePointAt(at + 1) ?? 0);
      [source, used] = [source + escaped(literal), 1 + literal.length];
    } else source += escaped(char);
    at += used;
  }
  if (depth > 0) throw new TypeError(`the glob ${JSON.stringify(glob)} has a { without its }`);
  return source;
}

function escaped(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
