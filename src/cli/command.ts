/**
 * A command is a value: what it is called, what it takes, how it is used, and what it does. It has no console and no
 * exit code; it tells its results and throws its failures.
 */
import type { Depot, EntrepotOptions } from "../depot/index.ts";
import type { ErrorCode } from "../error/index.ts";
import type { GlobalValues } from "./global-options.ts";
import type { Options, ValuesOf } from "./option.ts";
import type { Output } from "./output.ts";

/** One way to call a command, ready to be copied; the tests run it. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

/** What a command works with. */
export interface Call {
  /** Results, on standard output. */
  readonly output: Output;
  /** Aborted by Ctrl-C and when nobody reads the output. */
  readonly signal: AbortSignal;
  /** Aborted by Ctrl-C alone: for a command that goes on when nobody reads its output. */
  readonly interrupted: AbortSignal;
  /** For a command that has programs of its own to end: how long it may take after Ctrl-C, milliseconds. Default 1,500. */
  readonly allowEnding: (ms: number) => void;
  /**
   * The library with the settings of the command line: loaded and made when first asked for, closed at the end. `"many"` prepares
   * for many requests, which takes longer to start. Default `"few"`.
   */
  readonly depot: (workload?: "few" | "many") => Promise<Depot>;
  /** The depot's options, for those that explain them instead of using them. */
  readonly options: () => Promise<CallOptions>;
  /** A failure that does not end the command: said now, and part of the exit code. */
  readonly fail: (error: unknown) => void;
  /** The exit code for something that results have already said. */
  readonly endWith: (code: ErrorCode) => void;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** The values of the options that every command has. */
  readonly settings: GlobalValues;
}

export interface CallOptions {
  readonly options: EntrepotOptions & { readonly env: Readonly<Record<string, string | undefined>> };
  /** Names of variables that the `.env` of the working folder decided, and those of ours that it may not set. */
  readonly fromDotenv: readonly string[];
  readonly refused: readonly string[];
}

/** What makes a command. */
export interface CommandDefinition<S extends Options> {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What comes after the name, e.g. `"[options] <address>..."`. */
  readonly synopsis: string;
  /** How many operands it takes; `words`: all that one may be, where these are a few; `mayBeEmpty`: not all are names. */
  readonly operands: {
    readonly min: number;
    readonly max: number;
    readonly words?: readonly string[] | undefined;
    readonly mayBeEmpty?: true | undefined;
  };
  readonly options: S;
  /** `"none"`: it reaches no store, so those options would mean nothing. Default: all of `settingOptions`. */
  readonly settings?: "none" | undefined;
  /** Paragraphs of help, after the options. */
  readonly notes?: readonly string[] | undefined;
  readonly examples: readonly Example[];
  /** What it can do, each a command of its own that is called `"<name> <word>"`. Then it takes no options but theirs. */
  readonly actions?: readonly Command[] | undefined;
  readonly run: (call: Call, values: ValuesOf<S>, operands: readonly string[]) => Promise<void>;
}

/** A command whose options' types are known to itself alone. */
export type Command = CommandDefinition<Options>;

/** Checks the definition's types, then forgets them. */
export function defineCommand<S extends Options>(definition: CommandDefinition<S>): Command {
  return definition as unknown as Command;
}

/** Characters of the usage line of a group; its help lists the actions all the same. */
const mostWords = 72;

/** A command that is nothing but its actions. */
export function defineGroup(definition: GroupDefinition): Command {
  const { name, actions } = definition;
  const words = actions.map((action) => wordOf(action)).join("|");
  const [only, ...others] = actions;
  const synopsis =
    only !== undefined && others.length === 0
      ? `${words} ${only.synopsis}`
      : `${words.length > mostWords ? "<action>" : words} [options]`;
  const run = () => Promise.reject(new TypeError(`${name} is called by one of its actions`));
  return defineCommand({ ...definition, synopsis, operands: { min: 1, max: 1 }, options: {}, run });
}

type GroupDefinition = Pick<Command, "name" | "summary" | "notes" | "examples"> & {
  readonly actions: readonly Command[];
};

/** By which word an action is called: `"list"` of `"cache list"`. */
export function wordOf({ name }: Command): string {
  return name.slice(name.lastIndexOf(" ") + 1);
}

/** Does `work` for each operand; a failure is said and the others go on. */
export async function forEachOperand(
  call: Call,
  operands: readonly string[],
  work: (operand: string) => Promise<void>,
): Promise<void> {
  for (const operand of operands) {
    try {
      await work(operand);
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      call.fail(error);
    }
  }
}
