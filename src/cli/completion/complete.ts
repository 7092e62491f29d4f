/**
 * `entrepot complete <shell> ...`, which the scripts of `entrepot completion` call at each TAB; nobody types it. Says what could
 * stand at the cursor as that shell wants it, and nothing where something is wrong: there is a prompt on the screen.
 */
import type { Depot, EntrepotOptions } from "../../depot/index.ts";
import { depotOptions, type GlobalValues, globalOptions } from "../global-options.ts";
import type { Host } from "../host.ts";
import type { Candidate } from "./candidate.ts";
import { candidatesAt } from "./candidates.ts";
import { parseCommandLine } from "./command-line.ts";
import { parseFishWord } from "./fish-word.ts";
import { type Position, positionAfter } from "./position.ts";
import { quoteForBash } from "./quote.ts";
import type { RemoteWorld } from "./remote-names.ts";

/** What is written to standard output; pieces end with or are separated by zero bytes. */
export async function complete(args: readonly string[], host: Host): Promise<string> {
  const [shell, ...rest] = args;
  try {
    if (shell === "bash") return await forBash(rest[0] ?? "", rest[1] ?? "", host);
    if (shell === "zsh") return await forZsh(rest, host);
    if (shell === "fish") return await forFish(rest, host);
  } catch {
    // There is nobody to tell.
  }
  return "";
}

/** Each candidate as it is to stand behind what bash keeps, with the space that follows it. */
async function forBash(breaks: string, line: string, host: Host): Promise<string> {
  const { words, current, open, kept } = parseCommandLine(line, breaks);
  const candidates = await candidatesFor(words.slice(1), current, host);
  return candidates
    .map(({ value, goesOn }) => {
      const text = quoteForBash(value.slice(kept), open, kept === 0);
      // Bash itself closes the quotes that stand open, and would add another after a space.
      return `${text}${goesOn || open !== "" ? "" : " "}\0`;
    })
    .join("");
}

/** Three pieces each: the word, how it is shown, and what becomes of the cursor. */
async function forZsh(words: readonly string[], host: Host): Promise<string> {
  const candidates = await candidatesFor(words.slice(0, -1), words.at(-1) ?? "", host);
  const width = Math.max(0, ...candidates.map(({ value, says }) => (says === undefined ? 0 : value.length)));
  return candidates
    .map(({ value, shown = value, says, goesOn }) => {
      const line = says === undefined ? shown : `${shown.padEnd(width)}  ${says}`;
      return [value, line, says !== undefined ? "said" : goesOn ? "open" : "whole"].join("\0");
    })
    .join("\0");
}

/** A tab divides a word from its description, so that a word with one cannot be said. */
async function forFish(words: readonly string[], host: Host): Promise<string> {
  const candidates = await candidatesFor(words.slice(0, -1), parseFishWord(words.at(-1) ?? ""), host);
  return candidates
    .filter(({ value }) => !value.includes("\t"))
    .map(({ value, says }) => `${says === undefined ? value : `${value}\t${says}`}\0`)
    .join("");
}

async function candidatesFor(words: readonly string[], current: string, host: Host): Promise<readonly Candidate[]> {
  const position = await positionAfter(words.filter((word) => word !== ""));
  return candidatesAt(position, current, { host, remote: () => remoteWorld(position, host) });
}

/** The depot that the line would open. */
async function remoteWorld({ given }: Position, host: Host): Promise<RemoteWorld | undefined> {
  const [{ callOptions }, { openDepot }] = await Promise.all([
    import("../open-depot.ts"),
    import("../../depot/index.ts"),
  ]);
  const values = settingValues(given);
  if (values === undefined) return undefined;
  const { options } = await callOptions(values, host);
  const ignore = () => {};
  const open = (wanted: EntrepotOptions, watch?: Parameters<RemoteWorld["open"]>[1]): Depot =>
    openDepot({ ...wanted, onEvent: ignore } as EntrepotOptions, { watch, workload: "few" });
  return { options, open };
}

/** The settings on the line, those that are understood; `undefined` where they contradict each other. */
function settingValues(given: Position["given"]): GlobalValues | undefined {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(globalOptions)) {
    const text = given.get(name);
    if (option.takes === "nothing") values[name] = text !== undefined;
    else if (typeof text === "string") values[name] = parsed(option.parse, text);
  }
  try {
    depotOptions(values as GlobalValues);
    return values as GlobalValues;
  } catch {
    return undefined;
  }
}

function parsed(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
