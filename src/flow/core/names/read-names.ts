/**
 * What a function asks for, from its own text. Destructured keys are names of properties, which minifiers keep; names of
 * functions and parameters, which they do not, never count.
 */
import type { AnyFunction } from "../types/functions.ts";
import { type Ask, sayNames, unreadable } from "./ask.ts";
import { namesOfParsedForm } from "./parsed-form.ts";
import type { ParseFunction } from "./parser.ts";
import { namesOfPlainForm } from "./plain-form.ts";

/** Thrown where the parser is needed and not loaded yet: load it and begin again. */
export class ParserNeeded extends Error {}

const native = /\{\s*\[native code\]\s*\}\s*$/;

/** Names asked of the parameter at `index`. Throws TypeError where they cannot be read, `ParserNeeded` without a parser. */
export function readNames(fn: AnyFunction, parser: ParseFunction | undefined, index = 0): readonly Ask[] {
  const text = Function.prototype.toString.call(fn);
  // a search for a word is cheaper than the expression, which begins anew at each brace
  if (text.includes("[native code]") && native.test(text))
    throw unreadable(fn, `has no text to read, being bound, native or a mock: ${sayNames}`);
  const plain = index === 0 ? namesOfPlainForm(text) : undefined;
  if (plain !== undefined) return plain;
  if (parser === undefined) throw new ParserNeeded();
  return namesOfParsedForm(parser(text, fn), fn, index);
}
