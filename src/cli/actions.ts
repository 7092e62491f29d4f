/** From a command to the action of it that was called: `entrepot cache list`, wherever its options stand. */
import { closest } from "../error/index.ts";
import { type Command, wordOf } from "./command.ts";
import { globalOptions } from "./global-options.ts";
import type { Options } from "./option.ts";
import { findCommand } from "./parse.ts";
import { UsageError } from "./usage-error.ts";

/** The action that `args` call, and what is left of them; the command itself when it has none or help on it is wanted. Actions may have actions. */
export function actionOf(
  command: Command,
  args: readonly string[],
): { readonly command: Command; readonly args: readonly string[] } {
  const { actions, name } = command;
  if (actions === undefined) return { command, args };
  const every: Options = Object.assign({}, globalOptions, optionsBelow(command));
  const at = findCommand(args, every);
  const word = args[at];
  if (word === undefined) {
    if (args.includes("--help") || args.includes("-h")) return { command, args };
    throw new UsageError(`entrepot ${name} needs an action`, `usage: entrepot ${name} ${command.synopsis}`);
  }
  return actionOf(namedAction(command, word), [...args.slice(0, at), ...args.slice(at + 1)]);
}

/** Those of all that a command can do, as long as it is not known which of it is meant. */
export function optionsBelow({ options, actions = [] }: Command): Options {
  return Object.assign({}, options, ...actions.map(optionsBelow));
}

/** UsageError for a word that is none of its actions. */
export function namedAction({ name, actions = [] }: Command, word: string): Command {
  const action = actions.find((candidate) => wordOf(candidate) === word);
  if (action !== undefined) return action;
  const words = actions.map(wordOf);
  const near = closest(word, words);
  throw new UsageError(
    `${name} has no ${word}`,
    near === undefined ? `one of ${words.join(", ")}` : `did you mean entrepot ${name} ${near}?`,
  );
}
