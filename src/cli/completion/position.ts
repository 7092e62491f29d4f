/**
 * What the words before the cursor mean: which command they call, which of its options wait for a value, how many operands there
 * are. Takes everything from the table of commands, and takes no offence: a line that somebody is writing is never wrong.
 */
import { acceptedOptions } from "../accepted-options.ts";
import { optionsBelow } from "../actions.ts";
import { type Command, wordOf } from "../command.ts";
import { commandList } from "../commands.ts";
import { globalOptions } from "../global-options.ts";
import type { Option, Options } from "../option.ts";

/** What could come next. */
export interface Position {
  /** `undefined` before the command's name. */
  readonly command: Command | undefined;
  /** What options are understood here. */
  readonly options: Options;
  /** Option values so far, by name; flags are true. */
  readonly given: ReadonlyMap<string, string | true>;
  /** The option whose value comes next. */
  readonly awaits: Option | undefined;
  readonly operands: readonly string[];
  /** After `--`: no options any more. */
  readonly ended: boolean;
}

/** `words`: those before the cursor, without the program's name. */
export async function positionAfter(words: readonly string[]): Promise<Position> {
  const before = read(words, globalOptions);
  const [name] = before.operands;
  const entry = commandList.find((candidate) => candidate.name === name);
  if (entry === undefined) return { command: undefined, options: globalOptions, ...before };
  return within(await entry.load(), words, 1);
}

/** `named`: how many operands are the words that call the command. */
function within(command: Command, words: readonly string[], named: number): Position {
  const { actions } = command;
  const options = actions === undefined ? acceptedOptions(command) : { ...globalOptions, ...optionsBelow(command) };
  const { operands, ...rest } = read(words, options);
  const action = actions?.find((candidate) => wordOf(candidate) === operands[named]);
  if (action !== undefined) return within(action, words, named + 1);
  return {
    command,
    options: actions === undefined ? options : globalOptions,
    ...rest,
    operands: operands.slice(named),
  };
}

function read(words: readonly string[], options: Options): Omit<Position, "command" | "options"> {
  const given = new Map<string, string | true>();
  const operands: string[] = [];
  let awaited: readonly [string, Option] | undefined;
  let ended = false;
  for (const word of words) {
    if (awaited !== undefined) {
      given.set(awaited[0], word);
      awaited = undefined;
    } else if (ended || !word.startsWith("-") || word === "-") operands.push(word);
    else if (word === "--") ended = true;
    else awaited = word.startsWith("--") ? long(word.slice(2), options, given) : short(word.slice(1), options, given);
  }
  return { given, operands, awaits: awaited?.[1], ended };
}

type Given = Map<string, string | true>;

/** The option, where its value is the next word. */
function long(text: string, options: Options, given: Given): readonly [string, Option] | undefined {
  const [, name = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) return undefined;
  if (option.takes === "value" && value === undefined) return [name, option];
  given.set(name, value ?? true);
  return undefined;
}

function short(letters: string, options: Options, given: Given): readonly [string, Option] | undefined {
  for (let at = 0; at < letters.length; at++) {
    const found = Object.entries(options).find(([, option]) => option.short === letters[at]);
    if (found === undefined) return undefined;
    if (found[1].takes === "value") {
      if (at === letters.length - 1) return found;
      given.set(found[0], letters.slice(at + 1));
      return undefined;
    }
    given.set(found[0], true);
  }
  return undefined;
}
