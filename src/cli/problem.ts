/** An error as a message, and as an exit code: never a stack unless asked for, never a secret, never a raw control. */
import { type EntrepotError, errorAdvice, isEntrepotError, redact } from "../error/index.ts";
import { printable, printableLines } from "./escape.ts";
import { type ExitCode, exitCodeOf, exitCodeOfAll, exitCodes } from "./exit-codes.ts";
import { NodeFailed, nodePathOf } from "./flow/node-failed.ts";
import { formatNumber } from "./measure.ts";
import type { JsonObject, Message } from "./message.ts";
import { ReaderGone } from "./output.ts";
import { UsageError } from "./usage-error.ts";
import { missingWayOut, wayOut } from "./ways-out.ts";

/** How many failed objects are named to people, a line each. */
const mostFailures = 100;

/** Ctrl-C, or a `kill` of the process. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** Of the journals that know what is half done. */
  readonly jobIds: readonly string[];

  constructor(jobIds: readonly string[] = []) {
    super("interrupted");
    this.jobIds = jobIds;
  }
}

/** What the process ends with after this error. */
export function exitCodeFor(error: unknown): ExitCode {
  if (error instanceof ReaderGone) return exitCodes.ok;
  if (error instanceof Interrupted) return exitCodes.interrupted;
  if (isCallersMistake(error)) return exitCodes.usage;
  if (!isEntrepotError(error)) return exitCodes.failed;
  return error.failures.length > 0 ? exitCodeOfAll(error.failures.map(exitCodeFor)) : exitCodeOf(error.code);
}

/** The error for people and for machines; `undefined` for one that needs no words. */
export function problemMessage(
  error: unknown,
  options: { readonly debug?: boolean | undefined } = {},
): Message | undefined {
  if (error instanceof ReaderGone) return undefined;
  return { text: () => problemText(error, options.debug === true), json: () => problemJson(error) };
}

function problemText(error: unknown, debug: boolean): string {
  const failures = failuresOf(error);
  // of one failure the first line has said everything
  const named = failures.length === 1 && failures[0]?.message === messageOf(error) ? [] : failures;
  // of several each has a line of its own
  const first = named[0] === undefined ? "" : printableLines(redact(`; the first: ${named[0].message}`));
  const lines = [`error: ${said(error).replace(first, "")}`];
  for (const failure of named.slice(0, mostFailures)) {
    const { uri, message, code } = failure;
    // said once where the message begins with it
    const words = uri !== undefined && message.startsWith(`${uri} `) ? message.slice(uri.length + 1) : message;
    lines.push(`  ${uri === undefined ? "" : `${printable(uri)}: `}${printableLines(words)} (${code})`);
  }
  if (named.length > mostFailures)
    lines.push(`  and ${formatNumber(named.length - mostFailures)} more; --json names them all`);
  const path = nodePathOf(error) ?? [];
  // the message of a program's own error begins with the node
  if (path.length > (error instanceof NodeFailed ? 1 : 0)) lines.push(`node: ${printable(path.join(" → "))}`);
  const hint = hintOf(error);
  if (hint !== undefined) lines.push(`hint: ${printableLines(redact(hint))}`);
  if (debug) lines.push(...stacksOf(error));
  return lines.join("\n");
}

function problemJson(error: unknown): JsonObject {
  const exitCode = exitCodeFor(error);
  if (isEntrepotError(error))
    return {
      ...{ type: "error", exitCode, ...(error.toJSON() as JsonObject), hint: hintOf(error) ?? null },
      nodePath: nodePathOf(error),
    };
  return {
    type: "error",
    exitCode,
    name: error instanceof Error ? error.name : "Error",
    code: error instanceof Interrupted ? "interrupted" : isCallersMistake(error) ? "usage" : "unexpected",
    message: redact(messageOf(error)),
    hint: hintOf(error) ?? null,
    nodePath: nodePathOf(error),
    jobIds: error instanceof Interrupted ? error.jobIds : undefined,
  };
}

function said(error: unknown): string {
  if (error instanceof Interrupted) return "interrupted";
  const message = printableLines(redact(messageOf(error)));
  const uri = isEntrepotError(error) && error.failures.length < 2 ? (error.uri ?? error.failures[0]?.uri) : undefined;
  // The address is said once, even where the message already names it.
  return uri === undefined || messageOf(error).includes(uri) ? message : `${printable(uri)}: ${message}`;
}

function hintOf(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof NodeFailed) return error.hint;
  if (isEntrepotError(error)) {
    const particular = [error, ...error.failures].find(({ code, hint }) => hint !== errorAdvice[code]) ?? error;
    return missingWayOut(error) ?? wayOut(particular.code, particular.hint);
  }
  if (error instanceof Interrupted) return goingOn(error.jobIds);
  if (isCallersMistake(error)) return undefined;
  return "this is not an error that entrepot knows; run the command again with --debug and report it";
}

/** What is half done was kept for this. */
function goingOn(jobIds: readonly string[]): string | undefined {
  if (jobIds.length === 0) return undefined;
  const ids = jobIds.join(" ");
  return `what was done is kept: the same command goes on, or entrepot jobs resume ${ids}; entrepot jobs abort ${ids} gives up`;
}

function failuresOf(error: unknown): readonly EntrepotError[] {
  return isEntrepotError(error) ? error.failures : [];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** The library throws TypeError and RangeError for what no retry can mend: the call itself. */
function isCallersMistake(error: unknown): boolean {
  return error instanceof UsageError || error instanceof TypeError || error instanceof RangeError;
}

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++)
    stacks.push(`${depth === 0 ? "" : "caused by "}${printableLines(redact(at.stack ?? at.message))}`);
  return stacks;
}
