/** The options that a command understands: its own before the general ones, so that `-h` is "human" in `ls`. */
import type { Command } from "./command.ts";
import { globalOptions, speechOptions } from "./global-options.ts";
import type { Options } from "./option.ts";

export function acceptedOptions(command: Command): Options {
  const own = new Set(Object.values(command.options).map(({ short }) => short));
  const accepted: Options = command.settings === "none" ? speechOptions : globalOptions;
  const general = Object.entries(accepted).map(([name, option]) => [
    name,
    own.has(option.short) ? { ...option, short: undefined } : option,
  ]);
  return { ...Object.fromEntries(general), ...command.options };
}
