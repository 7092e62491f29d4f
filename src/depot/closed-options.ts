/**
 * Options are closed at run time, too: who writes plain JavaScript must not remove a folder because `dryrun` is none, or
 * because `dryRun` is `"true"`.
 */
import { mistakeInValues } from "../error/index.ts";
import { verbHint } from "./option-hints.ts";
import { callbackVerbs, immediateVerbs, verbOptions } from "./verb-options.ts";

type Verb = (...given: unknown[]) => unknown;

/**
 * The verbs, each refusing options that it does not have (TypeError, with the one that was probably meant) and values that they
 * cannot have (TypeError, RangeError), before anything is done. What is no function stays. `room` stands before their names.
 */
export function withClosedOptions<V extends object>(open: V, room = ""): V {
  return Object.fromEntries(
    Object.entries(open).map(([verb, run]) => [
      verb,
      typeof run === "function" ? closedVerb(`${room}${verb}`, run as Verb) : run,
    ]),
  ) as V;
}

function closedVerb(verb: string, run: Verb): Verb {
  const [at, options] = verbOptions[verb] ?? [0, {}];
  const checks = new Map(Object.entries(options));
  const hint = (name: string) => verbHint(verb, name);
  return (...given) => {
    // the callback form has its options one further
    const options = given[typeof given[at] === "function" && callbackVerbs.has(verb) ? at + 1 : at];
    if (options === undefined) return run(...given);
    const mistake = mistakeInValues(`${verb}()`, options, checks, { hint });
    if (mistake === undefined) return run(...given);
    if (immediateVerbs.has(verb)) throw mistake;
    return Promise.reject(mistake);
  };
}
