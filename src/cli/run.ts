/**
 * Arguments → call → exit code. Finds the command, reads its options, runs it, says what failed, and closes what was
 * opened. It ends no process: `main.ts` does.
 */
import type { Depot } from "../depot/index.ts";
import { closest, type ErrorCode } from "../error/index.ts";
import { acceptedOptions } from "./accepted-options.ts";
import { actionOf } from "./actions.ts";
import type { Call, CallOptions, Command } from "./command.ts";
import { commandList } from "./commands.ts";
import { type ExitCode, exitCodeOf, exitCodeOfAll } from "./exit-codes.ts";
import { type GlobalValues, globalOptions } from "./global-options.ts";
import type { Host } from "./host.ts";
import type { Options, ValuesOf } from "./option.ts";
import { Output } from "./output.ts";
import { findCommand, parseArguments } from "./parse.ts";
import { exitCodeFor, Interrupted, problemMessage } from "./problem.ts";
import { addressesAsNamed } from "./shown-address.ts";
import { UsageError } from "./usage-error.ts";

/** Runs one command line, e.g. `["ls", "--json", "s3://bucket/"]`; never rejects. */
export async function runCommandLine(args: readonly string[], host: Host): Promise<ExitCode> {
  // Until the options are understood, the words themselves say how to speak.
  const asked = args.slice(0, args.includes("--") ? args.indexOf("--") : undefined);
  const output = new Output({
    stdout: host.stdout,
    stderr: host.stderr,
    json: asked.includes("--json"),
    quiet: asked.includes("--quiet") || asked.includes("-q"),
  });
  const debug = asked.includes("--debug");
  const codes: ExitCode[] = [];
  const fail = (error: unknown) => {
    codes.push(exitCodeFor(error));
    const message = problemMessage(error, { debug });
    if (message !== undefined) output.say(message);
  };
  const inVain = new AbortController();
  const signal = AbortSignal.any([host.signal, output.closed, inVain.signal]);
  try {
    const endWith = (code: ErrorCode) => {
      codes.push(exitCodeOf(code));
    };
    const giveUp = (error: unknown) => inVain.abort(error);
    await dispatch(args, { host, output, signal, giveUp, fail, endWith });
    await output.flush();
  } catch (error) {
    fail(signal.aborted && !(error instanceof Interrupted) ? signal.reason : error);
  }
  output.clearProgress();
  return exitCodeOfAll(codes);
}

interface Stage {
  readonly host: Host;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly giveUp: (error: unknown) => void;
  readonly fail: Call["fail"];
  readonly endWith: Call["endWith"];
}

async function dispatch(args: readonly string[], stage: Stage): Promise<void> {
  const at = findCommand(args, globalOptions);
  const name = args[at];
  if (name === undefined) throw noCommand(args);
  const rest = [...args.slice(0, at), ...args.slice(at + 1)];
  if (name === "help") {
    const { helpText } = await import("./help.ts");
    return stage.output.write(await helpText(rest.filter((word) => !word.startsWith("-"))));
  }
  if (name === "complete") {
    const { complete } = await import("./completion/complete.ts");
    return stage.output.write(await complete(args.slice(at + 1), stage.host));
  }
  const entry = commandList.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    // an unknown option before it is the better explanation
    parseArguments(args.slice(0, at), globalOptions);
    throw unknownCommand(name);
  }
  const { command, args: own } = actionOf(await entry.load(), rest);
  const { values, operands } = readArguments(command, own);
  if (values.help) {
    const { commandHelp } = await import("./help.ts");
    return stage.output.write(commandHelp(command));
  }
  stage.output.show = addressesAsNamed(namedBy(command, operands), stage.host.workingFolder);
  checkOperands(command, operands);
  await call(command, values, operands, stage);
}

/** Without an address the working folder is meant by those that take addresses. */
function namedBy({ synopsis }: Command, operands: readonly string[]): readonly string[] {
  return operands.length === 0 && synopsis.endsWith("[<address>...]") ? [""] : operands;
}

function readArguments(command: Command, args: readonly string[]) {
  const { values, operands } = parseArguments(args, acceptedOptions(command));
  return { values: values as GlobalValues & ValuesOf<Options>, operands };
}

async function call(
  command: Command,
  values: GlobalValues & ValuesOf<Options>,
  operands: readonly string[],
  { host, output, signal, giveUp, fail, endWith }: Stage,
): Promise<void> {
  let options: Promise<CallOptions> | undefined;
  let depot: Promise<Depot> | undefined;
  const made: Call = {
    output,
    signal,
    interrupted: host.signal,
    allowEnding: (ms) => host.allowEnding?.(ms),
    fail,
    endWith,
    // Opening it takes time, and few commands read it.
    get stdin() {
      return host.stdin;
    },
    settings: values,
    options: () => {
      options ??= import("./open-depot.ts").then(({ callOptions }) => callOptions(values, host));
      return options;
    },
    depot: (workload = "few") => {
      depot ??= made.options().then(async ({ options: given }) => {
        const { openDepot } = await import("./open-depot.ts");
        return openDepot(given, { signal, giveUp, output, debug: values.debug, workload });
      });
      return depot;
    },
  };
  try {
    await command.run(made, values, operands);
  } finally {
    await depot?.then(
      (opened) => opened.close(),
      () => {},
    );
  }
}

/** What is missing behind what was given, by the synopsis. */
function missingOperands({ synopsis, operands: { min } }: Command, given: number): string {
  const names = [...synopsis.replace(/\[[^\]]*\]/g, "").matchAll(/<([\w -]+)>/g)].map(([, name = ""]) => name);
  const missing = names.slice(given, min).map((name) => `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`);
  return missing.join(" and ") || (min === 1 ? "an address" : "more");
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { min, max, mayBeEmpty } = command.operands;
  const usage = `usage: entrepot ${command.name} ${command.synopsis}`;
  if (operands.length < min)
    throw new UsageError(`entrepot ${command.name} needs ${missingOperands(command, operands.length)}`, usage);
  if (operands.length > max) throw new UsageError(`one too many: ${operands[max]}`, usage);
  // an unset variable of the shell must not mean the working folder, least of all to rm -r
  if (mayBeEmpty !== true && operands.includes(""))
    throw new UsageError("an address is empty", "the working folder is .");
}

function noCommand(args: readonly string[]): UsageError {
  // an unknown option is the better explanation
  parseArguments(args, globalOptions);
  return new UsageError("which command?", "entrepot --help lists them");
}

function unknownCommand(name: string): UsageError {
  const near = closest(name, [...commandList.map((entry) => entry.name), "help"]) ?? aliases[name];
  return new UsageError(
    `there is no command ${name}`,
    near === undefined ? "entrepot --help lists them" : `did you mean entrepot ${near}?`,
  );
}

/** What people of other tools type. */
const aliases: Readonly<Record<string, string>> = {
  list: "ls",
  dir: "ls",
  get: "cp",
  put: "cp",
  copy: "cp",
  download: "cp",
  upload: "cp",
  move: "mv",
  rename: "mv",
  delete: "rm",
  remove: "rm",
  del: "rm",
  size: "du",
  usage: "du",
  info: "stat",
  check: "doctor",
  diagnose: "doctor",
  why: "explain",
  server: "serve",
};
