import { describe, expect, test } from "vitest";
import { wordOf } from "../command.ts";
import { commandList } from "../commands.ts";
import { globalOptions, speechOptions } from "../global-options.ts";
import { shownOptions } from "../option.ts";
import type { NameWorld } from "./addresses.ts";
import { candidatesAt } from "./candidates.ts";
import { positionAfter } from "./position.ts";

const world: NameWorld = {
  host: {
    env: { HOME: "/nowhere", ENTREPOT_ROOT_CLOUD: "s3://b/", ENTREPOT_ROOT_LOCAL: "x" },
    workingFolder: "/nowhere",
  },
  remote: async () => undefined,
};

/** What could stand where the last of the words does. */
async function values(...words: readonly string[]): Promise<string[]> {
  const found = await candidatesAt(await positionAfter(words.slice(0, -1)), words.at(-1) ?? "", world);
  return found.map(({ value }) => value);
}

test("every command of the table is completed, and every action of it", async () => {
  expect(await values("")).toEqual([...commandList.map(({ name }) => name), "help"]);
  for (const { name, load } of commandList) {
    const { actions } = await load();
    if (actions !== undefined) expect(await values(name, "")).toEqual(actions.map(wordOf));
    expect(await values("--json", name.slice(0, -1))).toContain(name);
  }
});

test("an action of an action is completed, and the help on it", async () => {
  expect(await values("runs", "--runs", "./db", "model", "d")).toEqual(["deploy", "delete"]);
  expect(await values("runs", "token", "create", "x", "--role", "a")).toEqual(["admin"]);
  expect(await values("help", "runs", "model", "a")).toEqual(["add"]);
  expect(await values("help", "runs", "nothing", "")).toEqual([]);
});

test("every option of every command is completed, the general ones where it takes them", async () => {
  for (const { name, load } of commandList) {
    const command = await load();
    if (command.actions !== undefined) continue;
    const general = command.settings === "none" ? speechOptions : globalOptions;
    const options = [...new Set([...Object.keys(general), ...Object.keys(shownOptions(command.options))])].map(
      (option) => `--${option}`,
    );
    expect((await values(name, "--")).sort()).toEqual(options.sort());
  }
});

describe("what follows", () => {
  test.each([
    [
      ["cache", "--json", "li"],
      ["list", "link"],
    ],
    [
      ["ls", "--kind", ""],
      ["object", "folder", "any"],
    ],
    [["ls", "--kind=o"], ["--kind=object"]],
    [
      ["cp", "--sse", "aws:"],
      ["aws:kms", "aws:kms:dsse"],
    ],
    [["--location", "c"], ["cloud"]],
    [["ls", "--long", "--lo"], ["--location"]],
    [["ls", "--", "--lo"], []],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["completion", "bash", ""], []],
    [["help", "exit"], ["exit-codes"]],
    [["help", "cache", "un"], ["unpin"]],
    [["serve", ""], []],
    [["offline", "discard", ""], []],
    [["nothing-of-ours", "x"], []],
    [["cp", "s3"], ["s3://"]],
    [["cp", "https://h/x"], []],
    [["rm", ".."], ["../"]],
  ])("%j is %j", async (words, expected) => {
    expect(await values(...words)).toEqual(expected);
  });
});
