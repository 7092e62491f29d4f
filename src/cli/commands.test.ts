import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { actionOf } from "./actions.ts";
import { type Command, wordOf } from "./command.ts";
import { commandList } from "./commands.ts";
import { globalOptions, speechOptions } from "./global-options.ts";
import { commandHelp, helpText } from "./help.ts";
import { shownOptions } from "./option.ts";
import { overview } from "./overview.ts";
import { parseArguments } from "./parse.ts";
import { topics } from "./topics.ts";
import { version } from "./version.ts";

it("the version is the package's", () => {
  expect(version).toBe(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version);
});

it("the overview names every command and every topic", () => {
  for (const { name, summary } of commandList) expect(overview()).toMatch(new RegExp(`^  ${name} +${summary}$`, "m"));
  for (const { name } of topics) expect(overview()).toContain(name);
});

describe.each(commandList)("$name", ({ name, summary, load }) => {
  it("is called and described alike in the list and by itself", async () => {
    expect(await load()).toMatchObject({ name, summary });
  });

  it("has help with at least two examples, no wider than a page", async () => {
    for (const command of withActions(await load())) {
      const help = commandHelp(command);
      expect(command.examples.length).toBeGreaterThanOrEqual(2);
      for (const option of Object.keys({
        ...shownOptions(command.options),
        ...(command.settings === "none" ? speechOptions : globalOptions),
      }))
        expect(help).toContain(`--${option}`);
      for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
      expect(await helpText(command.name.split(" "))).toBe(help);
    }
  });

  it("names its actions, each called by it", async () => {
    for (const command of withActions(await load()))
      for (const action of command.actions ?? []) {
        expect(action.name).toBe(`${command.name} ${wordOf(action)}`);
        expect(commandHelp(command)).toContain(`  ${wordOf(action).padEnd(8)}  ${action.summary}`);
      }
  });

  it("has examples that its own options understand", async () => {
    for (const each of withActions(await load()))
      for (const { line } of each.examples) {
        const words = /entrepot (.*?)\)?"?$/.exec(line)?.[1]?.split(" ") ?? [];
        expect(words.join(" ")).toMatch(new RegExp(`^${each.name}\\b`));
        const { command, args } = actionOf(await load(), words.slice(1));
        const { operands } = parseArguments(args, { ...globalOptions, ...command.options });
        expect(operands.length).toBeGreaterThanOrEqual(command.operands.min);
        expect(operands.length).toBeLessThanOrEqual(command.operands.max);
      }
  });

  it("gives no letter to two options", async () => {
    for (const { options } of withActions(await load())) {
      const letters = Object.values(options).flatMap(({ short }) => short ?? []);
      expect(new Set(letters).size).toBe(letters.length);
    }
  });
});

it("help on what there is none says what there is", async () => {
  await expect(helpText(["exit-code"])).rejects.toMatchObject({ hint: "did you mean entrepot help exit-codes?" });
});

function withActions(command: Command): readonly Command[] {
  return [command, ...(command.actions ?? []).flatMap(withActions)];
}
