/**
 * One segment of a glob, between two slashes: `*`, `?`, `[a-z]`, `[!a]` and literal text. Matching steps back to the last
 * `*` only, so that its time is at most the length of the text times that of the segment.
 */
import { EntrepotError } from "../error/index.ts";
import { quoted } from "./legal-name.ts";

type Token =
  | { readonly kind: "literal"; readonly point: number }
  | { readonly kind: "any" }
  | { readonly kind: "star" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

/** A compiled segment. */
export interface Segment {
  /** The text before the first wildcard, escapes such as `[*]` taken off. */
  readonly prefix: string;
  /** Nothing but `prefix` matches. */
  readonly literal: boolean;
  matches(name: string): boolean;
}

/** The index of the `]` that closes the class at `start`, or `undefined` when none does before the next `/`. */
export function classEnd(text: string, start: number): number | undefined {
  let index = start + 1;
  if (text[index] === "!") index += 1;
  // A `]` in first place is a member: `[]]`, `[!]]`.
  for (index += 1; index < text.length && text[index] !== "/"; index += 1) if (text[index] === "]") return index;
  return undefined;
}

/** Compiles a segment. A `[` that nothing closes stands for itself. Error: invalid-address for `**`. */
export function compileSegment(text: string): Segment {
  const tokens = tokensOf(text);
  const firstWild = tokens.findIndex((token) => token.kind !== "literal");
  const fixed = firstWild === -1 ? tokens : tokens.slice(0, firstWild);
  const prefix = fixed.map((token) => (token.kind === "literal" ? String.fromCodePoint(token.point) : "")).join("");
  if (firstWild === -1) return { prefix, literal: true, matches: (name) => name === prefix };
  // `*` alone stands for a name, and a name has a character.
  if (tokens.length === 1 && tokens[0]?.kind === "star")
    return { prefix, literal: false, matches: (name) => name !== "" };
  const rest = tokens.slice(firstWild);
  return { prefix, literal: false, matches: (name) => name.startsWith(prefix) && run(rest, name, prefix.length) };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < text.length; ) {
    const point = text.codePointAt(index) ?? 0;
    const end = text[index] === "[" ? classEnd(text, index) : undefined;
    if (end !== undefined) {
      tokens.push(classOf(text.slice(index + 1, end)));
      index = end + 1;
      continue;
    }
    if (text[index] === "*" && text[index + 1] === "*") throw doubleStar(text);
    tokens.push(
      text[index] === "*" ? { kind: "star" } : text[index] === "?" ? { kind: "any" } : { kind: "literal", point },
    );
    index += point > 0xffff ? 2 : 1;
  }
  return tokens;
}

function doubleStar(text: string): EntrepotError {
  return new EntrepotError("invalid-address", `${quoted(text)}: ** must be a whole name between slashes`, {
    hint: "write a/**/*.csv, or a single * within a name",
  });
}

function classOf(body: string): Token {
  const negated = body.length > 1 && body[0] === "!";
  const points = Array.from(negated ? body.slice(1) : body, (character) => character.codePointAt(0) ?? 0);
  const ranges: [number, number][] = [];
  for (let index = 0; index < points.length; index += 1) {
    const low = points[index] ?? 0;
    const high = points[index + 1] === hyphen ? points[index + 2] : undefined;
    ranges.push([low, high ?? low]);
    if (high !== undefined) index += 2;
  }
  const [only] = ranges;
  // `[*]` is how a wildcard is escaped.
  if (!negated && ranges.length === 1 && only !== undefined && only[0] === only[1])
    return { kind: "literal", point: only[0] };
  return { kind: "class", negated, ranges };
}

const hyphen = 0x2d;

/** Wildcards against the rest of a name, stepping back to the last `*` on a mismatch: an earlier one never does better. */
function run(tokens: readonly Token[], name: string, from: number): boolean {
  let at = from;
  let token = 0;
  let starToken = -1;
  let starAt = -1;
  while (at < name.length) {
    const current = tokens[token];
    const point = name.codePointAt(at) ?? 0;
    if (current?.kind === "star") {
      starToken = token;
      starAt = at;
      token += 1;
    } else if (current !== undefined && accepts(current, point)) {
      at += point > 0xffff ? 2 : 1;
      token += 1;
    } else if (starToken >= 0) {
      starAt += (name.codePointAt(starAt) ?? 0) > 0xffff ? 2 : 1;
      at = starAt;
      token = starToken + 1;
    } else return false;
  }
  while (tokens[token]?.kind === "star") token += 1;
  return token === tokens.length;
}

function accepts(token: Token, point: number): boolean {
  switch (token.kind) {
    case "literal":
      return token.point === point;
    case "class":
      return token.ranges.some(([low, high]) => low <= point && point <= high) !== token.negated;
    case "any":
      return true;
    case "star":
      return false;
  }
}
