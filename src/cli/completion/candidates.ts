/** What could stand at the cursor: commands, their actions and options, the words that an option takes, and names. */
import { type Command, wordOf } from "../command.ts";
import { commandList } from "../commands.ts";
import { globalOptions } from "../global-options.ts";
import { type Option, shownOptions } from "../option.ts";
import { topics } from "../topics.ts";
import { addressesFrom, type NameWorld, pathsFrom } from "./addresses.ts";
import { type Candidate, whole } from "./candidate.ts";
import type { Position } from "./position.ts";
import { profileNames } from "./profile-names.ts";

/** All that begin with `typed`. */
export async function candidatesAt(position: Position, typed: string, world: NameWorld): Promise<readonly Candidate[]> {
  const found = await anyAt(position, typed, world);
  return found.filter(({ value }) => value.startsWith(typed));
}

async function anyAt(position: Position, typed: string, world: NameWorld): Promise<readonly Candidate[]> {
  const { awaits, ended, command, operands } = position;
  if (awaits !== undefined) return valuesOf(awaits, typed, world);
  if (typed.startsWith("-") && !ended) return optionsFrom(position, typed, world);
  if (command === undefined) return operands[0] === "help" ? helpOn(operands.slice(1)) : commands();
  if (command.actions !== undefined) return actionsOf(command);
  return operandsOf(command, operands.length, typed, world);
}

function commands(): readonly Candidate[] {
  const all = commandList.map(({ name, summary }) => whole(name, summary));
  return [...all, whole("help", "what a command takes, with examples")];
}

async function helpOn(words: readonly string[]): Promise<readonly Candidate[]> {
  const [name] = words;
  if (name === undefined) return [...commands(), ...topics.map((topic) => whole(topic.name))];
  let command = await commandList.find((entry) => entry.name === name)?.load();
  for (const word of words.slice(1)) command = command?.actions?.find((action) => wordOf(action) === word);
  return command === undefined ? [] : actionsOf(command);
}

function actionsOf({ actions = [] }: Command): readonly Candidate[] {
  return actions.map((action) => whole(wordOf(action), action.summary));
}

async function optionsFrom(
  { options, given, command }: Position,
  typed: string,
  world: NameWorld,
): Promise<readonly Candidate[]> {
  const [, name, value] = /^--([^=]+)=(.*)$/s.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    const values = option === undefined ? [] : await valuesOf(option, value, world);
    return values.map((one) => ({ ...one, value: `--${name}=${one.value}`, shown: one.shown ?? one.value }));
  }
  const left = Object.entries(shownOptions(options)).filter(([name, option]) => !given.has(name) || isGathered(option));
  const names = left.map(([option, { summary }]) => whole(`--${option}`, summary));
  return command === undefined ? [...names, whole("--version", "which entrepot this is")] : names;
}

function isGathered(option: Option): boolean {
  return option.takes === "value" && option.gathers === true;
}

/** By the words that it takes, else by what its placeholder says that it is. */
async function valuesOf(option: Option, typed: string, world: NameWorld): Promise<readonly Candidate[]> {
  if (option.takes === "nothing") return [];
  if (option.words !== undefined) return option.words.map((word) => whole(word));
  if (option === globalOptions.profile) return (await profileNames(world.host.env)).map((name) => whole(name));
  if (option === globalOptions.location) return locations(world.host.env).map((name) => whole(name));
  return /^(?:FILE|DIR|FOLDER|PATH)$/.test(option.placeholder) ? pathsFrom(world, typed) : [];
}

/** As `roots` are named by the environment. */
function locations(env: NameWorld["host"]["env"]): readonly string[] {
  const named = Object.keys(env).flatMap((name) => /^ENTREPOT_ROOT_(.+)$/.exec(name)?.[1]?.toLowerCase() ?? []);
  return [...new Set(named)].sort();
}

/** By the words that it takes, else by what its synopsis calls it; the last one stands for all that follow. */
async function operandsOf(
  command: Command,
  before: number,
  typed: string,
  world: NameWorld,
): Promise<readonly Candidate[]> {
  const { max, words } = command.operands;
  if (before >= max) return [];
  if (words !== undefined) return words.map((word) => whole(word));
  const names = [...command.synopsis.matchAll(/<([\w-]+)>(\.{3})?/g)].map(([, name = "", more]) => ({ name, more }));
  // What may be repeated stands for itself and for what comes after it.
  const repeated = names.findIndex(({ more }) => more !== undefined);
  const at = repeated >= 0 && before >= repeated ? repeated : Math.min(before, names.length - 1);
  const name = names[at]?.name ?? "";
  if (/^(?:file|dir|path)$/.test(name)) return pathsFrom(world, typed);
  return /^(?:address|source|target|folder|bucket|prefix|pattern|from|to|uri|store)$/.test(name)
    ? addressesFrom(world, typed)
    : [];
}
