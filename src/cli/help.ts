/** Help: what a command takes, with examples to copy; and the topics that concern all of them. */

import { closest } from "../error/index.ts";
import { namedAction } from "./actions.ts";
import { type Command, type Example, wordOf } from "./command.ts";
import { commandList } from "./commands.ts";
import { settingOptions, speechOptions } from "./global-options.ts";
import { type Options, shownOptions } from "./option.ts";
import { overview } from "./overview.ts";
import { topics } from "./topics.ts";
import { UsageError } from "./usage-error.ts";

const columns = 96;

/** The text for `entrepot help [command [action...]|topic]`; ends with a line end. */
export async function helpText(words: readonly string[]): Promise<string> {
  const [word, ...actions] = words;
  if (word === undefined) return overview();
  const topic = topics.find(({ name }) => name === word);
  if (topic !== undefined) return topic.text();
  const entry = commandList.find(({ name }) => name === word);
  if (entry !== undefined) {
    let command = await entry.load();
    for (const action of actions) if (command.actions !== undefined) command = namedAction(command, action);
    return commandHelp(command);
  }
  const names = [...topics, ...commandList].map(({ name }) => name);
  const near = closest(word, names);
  throw new UsageError(
    `there is no help on ${word}`,
    near === undefined ? `topics: ${topics.map(({ name }) => name).join(", ")}` : `did you mean entrepot help ${near}?`,
  );
}

/** The text for `entrepot <command> --help`; ends with a line end. */
export function commandHelp(command: Command): string {
  const ownLetters = new Set(Object.values(command.options).map(({ short }) => short));
  const hidden = (options: Options): Options =>
    Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        ownLetters.has(option.short) ? { ...option, short: undefined } : option,
      ]),
    );
  return [
    `entrepot ${command.name}: ${command.summary}`,
    "",
    `usage: entrepot ${command.name} ${command.synopsis}`,
    "",
    ...section("Actions", (command.actions ?? []).map(actionLine)),
    ...section("Options", [...optionLines(command.options), ...optionLines(hidden(speechOptions))]),
    ...(command.notes ?? []).flatMap((note) => [...wrap(note, columns), ""]),
    ...section("Examples", command.examples.flatMap(exampleLines)),
    ...section("Settings", command.settings === "none" ? [] : optionLines(hidden(settingOptions))),
    ...(command.actions === undefined ? [] : [`One of them: entrepot ${command.name} <action> --help`]),
    "Exit codes: entrepot help exit-codes",
    "",
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];
}

function optionLines(options: Options): string[] {
  return Object.entries(shownOptions(options)).map(([name, option]) => {
    const letter = option.short === undefined ? "    " : `-${option.short}, `;
    const value = option.takes === "value" ? ` ${option.placeholder}` : "";
    return `${`${letter}--${name}${value}`.padEnd(30)} ${option.summary}`;
  });
}

function actionLine(action: Command): string {
  return `${wordOf(action).padEnd(8)}  ${action.summary}`;
}

function exampleLines({ line, says }: Example): string[] {
  return [`# ${says}`, line];
}

function wrap(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
