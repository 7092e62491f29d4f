/** `{a,b}` in a glob: one pattern becomes the list of its alternatives. Braces may nest and may hold slashes. */
import { EntrepotError } from "../error/index.ts";
import { classEnd } from "./glob-segment.ts";
import { quoted } from "./legal-name.ts";

/** Alternatives that one pattern may stand for. */
const maxAlternatives = 1_000;
/** Characters of all alternatives together. */
const maxCharacters = 262_144;

/**
 * Every alternative, in the order of the text. Braces without a comma, and a brace without its partner, stand for
 * themselves, as in a shell; inside `[…]` a brace and a comma do, too. Error: limit-exceeded above 1,000 alternatives.
 */
export function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  // The first set of braces is expanded and its alternatives are looked at again: depth costs no stack.
  const waiting = [{ text: pattern, from: 0 }];
  let characters = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { text } = next;
    const set = firstSet(text, next.from);
    if (set === undefined) {
      done.push(text);
      continue;
    }
    const head = text.slice(0, set.start);
    const tail = text.slice(set.end + 1);
    for (const choice of set.choices.toReversed()) {
      waiting.push({ text: head + choice + tail, from: set.start });
      characters += head.length + choice.length + tail.length;
    }
    if (done.length + waiting.length > maxAlternatives || characters > maxCharacters) throw tooMany(pattern);
  }
  return done;
}

interface BraceSet {
  readonly start: number;
  /** The index of the closing brace. */
  readonly end: number;
  readonly choices: readonly string[];
}

/** The first balanced set with a comma of its own, found in one pass. */
function firstSet(text: string, from: number): BraceSet | undefined {
  const open: { readonly start: number; readonly commas: number[] }[] = [];
  let best: BraceSet | undefined;
  for (let index = from; index < text.length; index += 1) {
    const unit = text[index];
    if (unit === "[") index = classEnd(text, index) ?? index;
    else if (unit === "{") open.push({ start: index, commas: [] });
    else if (unit === ",") open.at(-1)?.commas.push(index);
    else if (unit === "}") {
      const set = open.pop();
      if (set === undefined || set.commas.length === 0) continue;
      if (best === undefined || set.start < best.start)
        best = { start: set.start, end: index, choices: cut(text, set, index) };
    }
    // Nothing that is still open can begin before the best set.
    if (best !== undefined && open.length === 0) return best;
  }
  return best;
}

function cut(text: string, set: { readonly start: number; readonly commas: readonly number[] }, end: number): string[] {
  const edges = [set.start, ...set.commas, end];
  return edges.slice(1).map((edge, index) => text.slice((edges[index] ?? 0) + 1, edge));
}

function tooMany(pattern: string): EntrepotError {
  return new EntrepotError("limit-exceeded", `the braces of ${quoted(pattern)} stand for too many patterns`, {
    hint: `one glob stands for at most ${maxAlternatives} patterns: give a list of globs, or use * or ?`,
  });
}
