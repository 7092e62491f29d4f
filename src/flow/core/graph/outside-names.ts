/**
 * What a flow can be given from outside, whichever variants a configuration chooses: what is of no use to one of them may be meant
 * for another. Says rather one name too many than one too few.
 */
import { type FlowDefinition, isNodeName } from "../dataflow.ts";
import { type Mark, markOf } from "../mark.ts";
import type { ParseFunction } from "../names/parser.ts";
import { ParserNeeded, readNames } from "../names/read-names.ts";
import type { AnyFunction } from "../types/functions.ts";

/** Keys of the configuration that choose variants. Nothing of what functions ask for is read. */
export function choosingKeys(functions: Iterable<AnyFunction>): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const fn of functions)
    walk(fn, ({ choice, condition }) => {
      if (choice !== undefined) keys.add(choice.key);
      if (typeof condition === "object") for (const key of Object.keys(condition)) keys.add(key);
    });
  return keys;
}

/** All names that functions of the flow ask for, variants included. Throws `ParserNeeded`; what cannot be read asks for nothing. */
export function askedNames(functions: Iterable<AnyFunction>, parser: ParseFunction | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  const read = (fn: AnyFunction, index?: number) => {
    try {
      for (const { name } of readNames(fn, parser, index)) names.add(name);
    } catch (error) {
      // who asks for that node is told
      if (error instanceof ParserNeeded) throw error;
    }
  };
  for (const fn of functions) {
    walk(
      fn,
      ({ asks, asksLike, bound, each, subflow }) => {
        for (const { name } of asks ?? []) names.add(name);
        if (asksLike !== undefined) read(asksLike);
        for (const binding of Object.values(bound ?? {})) if ("source" in binding) names.add(binding.source);
        if (each !== undefined) names.add(each.over);
        for (const name of subflow === undefined ? [] : askedNames(functionsOf(subflow.flow), parser))
          names.add(subflow?.inputs[name] ?? name);
      },
      read,
    );
  }
  return names;
}

function functionsOf({ modules }: Pick<FlowDefinition, "modules">): AnyFunction[] {
  return Object.values(modules).flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      isNodeName(name) && typeof value === "function" ? [value as AnyFunction] : [],
    ),
  );
}

/** Calls `see` for every mark, and `end` for every function that bears none, with the parameter that asks. */
function walk(fn: AnyFunction, see: (mark: Mark) => void, end: (fn: AnyFunction, index?: number) => void = () => {}) {
  const open: (readonly [fn: AnyFunction, index: number])[] = [[fn, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [current, index] = next;
    const mark = markOf(current);
    if (mark === undefined) {
      end(current, index);
      continue;
    }
    see(mark);
    const inside = mark.each !== undefined && mark.each.as === undefined ? 1 : index;
    for (const one of Object.values(mark.choice?.cases ?? {})) open.push([one, inside]);
    if (mark.inner !== undefined) open.push([mark.inner, inside]);
  }
}
