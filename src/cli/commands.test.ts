import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandList } from "./commands.ts";
import { globalOptions, speechOptions } from "./global-options.ts";
import { commandHelp, helpText } from "./help.ts";
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
    const command = await load();
    const help = commandHelp(command);
    expect(command.examples.length).toBeGreaterThanOrEqual(2);
    for (const option of Object.keys({
      ...command.options,
      ...(command.settings === "none" ? speechOptions : globalOptions),
    }))
      expect(help).toContain(`--${option}`);
    for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(await helpText([name])).toBe(help);
  });

  it("has examples that its own options understand", async () => {
    const command = await load();
    for (const { line } of command.examples) {
      const words = /entrepot (.*?)\)?"?$/.exec(line)?.[1]?.split(" ") ?? [];
      expect(words[0]).toBe(name);
      const { operands } = parseArguments(words.slice(1), { ...globalOptions, ...command.options });
      expect(operands.length).toBeGreaterThanOrEqual(command.operands.min);
      expect(operands.length).toBeLessThanOrEqual(command.operands.max);
    }
  });

  it("gives no letter to two options", async () => {
    const letters = Object.values((await load()).options).flatMap(({ short }) => short ?? []);
    expect(new Set(letters).size).toBe(letters.length);
  });
});

it("help on what there is none says what there is", async () => {
  await expect(helpText(["exit-code"])).rejects.toMatchObject({ hint: "did you mean entrepot help exit-codes?" });
});
