/**
 * Globs over keys: `*` and `?` within a name, `[a-z]`, `[!a]`, `{a,b}`, `**` for any number of whole names. A glob is
 * compiled once; matching is linear in the text and never backtracks further than one `*`.
 */
import { EntrepotError } from "../error/index.ts";
import { expandBraces } from "./glob-braces.ts";
import { compileSegment, type Segment } from "./glob-segment.ts";
import { checkUnicode, quoted } from "./legal-name.ts";

/** A compiled glob. Paths are given without a leading `/`; those of folders end in `/`. */
export interface Glob {
  /** Every path that matches begins with this: what a listing may ask the server for. */
  readonly prefix: string;
  /** There is no wildcard: only `prefix` itself matches. */
  readonly literal: boolean;
  /** The pattern ends in `/`: only folders match. */
  readonly foldersOnly: boolean;
  /** The most names (between slashes) that a match has; `undefined` after `**`. */
  readonly depth: number | undefined;
  /** Whether the path matches; a folder's final `/` may be missing in the pattern, but not the other way round. */
  matches(path: string): boolean;
  /** As `matches` for an object: a `/` at the end of its key belongs to its name. */
  matchesKey(key: string): boolean;
  /** Whether anything below this folder (`""`, or ending in `/`; not the folder itself) could match: what a walk must enter. */
  mayMatchBelow(folder: string): boolean;
}

/** `undefined` stands for `**`. */
type Segments = readonly (Segment | undefined)[];

/** Longest pattern, in UTF-16 code units. */
const maxPattern = 8_192;

/**
 * Compiles a pattern for the part of an address after its bucket or folder. A wildcard is escaped as `[*]`, see `escapeGlob`;
 * names that begin with a dot are like all others. Errors: invalid-address for `**` that is not a whole name,
 * limit-exceeded for very long patterns and more than 1,000 alternatives in braces.
 */
export function compileGlob(pattern: string): Glob {
  if (typeof pattern !== "string") throw new TypeError("a glob is text");
  checkUnicode(pattern, "the glob");
  if (pattern.length > maxPattern) {
    throw new EntrepotError("limit-exceeded", `the glob ${quoted(pattern)} has ${pattern.length} characters`, {
      hint: `a glob has at most ${maxPattern}`,
    });
  }
  const texts = expandBraces(pattern);
  const alternatives = texts.map(compileAlternative);
  const prefixes = alternatives.map(literalStart);
  const depths = alternatives.map((segments) => (segments.includes(undefined) ? undefined : nameCount(segments)));
  const [only] = prefixes;
  return {
    prefix: prefixes.map((start) => start.prefix).reduce(commonStart),
    literal: prefixes.length === 1 && only?.literal === true,
    foldersOnly: texts.every((text) => text.endsWith("/")),
    depth: depths.includes(undefined) ? undefined : Math.max(...depths.map((depth) => depth ?? 0)),
    matches: (path) => alternatives.some((segments) => matchesPath(segments, path)),
    matchesKey: (key) => alternatives.some((segments) => ends(segments, advance(segments, key.split("/")))),
    mayMatchBelow: (folder) => alternatives.some((segments) => leavesSomething(segments, folder)),
  };
}

/** Whether the text holds a wildcard, escaped ones included: `*`, `?`, `[` or `{`. */
export function hasGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** The segments of one pattern without braces; a final `/` makes an empty last one. */
function compileAlternative(text: string): Segments {
  return text.split("/").map((segment) => (segment === "**" ? undefined : compileSegment(segment)));
}

function literalStart(segments: Segments): { readonly prefix: string; readonly literal: boolean } {
  let prefix = "";
  for (const [index, segment] of segments.entries()) {
    if (index > 0) prefix += "/";
    prefix += segment?.prefix ?? "";
    if (segment?.literal !== true) return { prefix, literal: false };
  }
  return { prefix, literal: true };
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  // Half a surrogate pair is no prefix that a server could be asked for.
  const cut = /[\ud800-\udbff]/.test(a[length - 1] ?? "") ? length - 1 : length;
  return a.slice(0, cut);
}

function matchesPath(segments: Segments, path: string): boolean {
  const names = path.split("/");
  const isFolder = names.length > 1 && names.at(-1) === "";
  if (ends(segments, advance(segments, names))) return true;
  return isFolder && ends(segments, advance(segments, names.slice(0, -1)));
}

function leavesSomething(segments: Segments, folder: string): boolean {
  const names = folder === "" ? [] : folder.slice(0, -1).split("/");
  const spent = nameCount(segments);
  return [...advance(segments, names)].some((state) => state < spent);
}

/** How many segments stand for names: the empty one after a final `/` is none. */
function nameCount(segments: Segments): number {
  return segments.length > 1 && segments.at(-1)?.prefix === "" && segments.at(-1)?.literal === true
    ? segments.length - 1
    : segments.length;
}

function ends(segments: Segments, states: ReadonlySet<number>): boolean {
  return states.has(segments.length);
}

/** The states (numbers of segments already matched) in which the names leave the pattern. */
function advance(segments: Segments, names: readonly string[]): ReadonlySet<number> {
  let states = closure(segments, [0]);
  for (const name of names) {
    const reached: number[] = [];
    for (const state of states) {
      if (state === segments.length) continue;
      const segment = segments[state];
      if (segment === undefined) reached.push(state, ...(isLast(segments, state) ? [state + 1] : []));
      else if (segment.matches(name)) reached.push(state + 1);
    }
    states = closure(segments, reached);
    if (states.size === 0) break;
  }
  return states;
}

function isLast(segments: Segments, state: number): boolean {
  return state === segments.length - 1;
}

/** `**` may stand for no name at all, except at the end: `a/**` is what lies in `a`, not an object `a`. */
function closure(segments: Segments, states: readonly number[]): ReadonlySet<number> {
  const all = new Set<number>();
  for (let state of states) {
    while (!all.has(state)) {
      all.add(state);
      if (state < segments.length - 1 && segments[state] === undefined) state += 1;
    }
  }
  return all;
}
