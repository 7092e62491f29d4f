/** What the number that a command ends with means. Scripts rely on it: a change here is a change of the surface. */
import type { ErrorCode } from "../error/index.ts";

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  unreachable: 5,
  conflict: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The table that `entrepot help exit-codes` prints. */
export const exitMeanings: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: exitCodes.ok, meaning: "everything asked for was done, or the reader of the output had enough" },
  { code: exitCodes.failed, meaning: "something failed; the last lines name every object and its cause" },
  { code: exitCodes.usage, meaning: "the command line or the settings make no sense; nothing was done" },
  { code: exitCodes.notFound, meaning: "the object, folder or bucket does not exist" },
  { code: exitCodes.denied, meaning: "no credentials, not accepted, or not allowed to do this" },
  { code: exitCodes.unreachable, meaning: "no connection, a time-out, or offline without a local copy" },
  { code: exitCodes.conflict, meaning: "it exists already, or is no longer the version that was expected" },
  {
    code: exitCodes.interrupted,
    meaning: "interrupted (Ctrl-C); what is half done is removed, or kept by a job that goes on: entrepot jobs list",
  },
];

const byErrorCode: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
  "invalid-address": exitCodes.usage,
  misconfigured: exitCodes.usage,
  "not-found": exitCodes.notFound,
  forbidden: exitCodes.denied,
  unauthenticated: exitCodes.denied,
  unreachable: exitCodes.unreachable,
  timeout: exitCodes.unreachable,
  "not-cached": exitCodes.unreachable,
  "already-exists": exitCodes.conflict,
  "precondition-failed": exitCodes.conflict,
};

/** The exit code of one failure. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return byErrorCode[code] ?? exitCodes.failed;
}

/** The exit code of several failures: theirs if they agree, else 1; 0 if there are none. */
export function exitCodeOfAll(codes: readonly ExitCode[]): ExitCode {
  const [first = exitCodes.ok, ...others] = codes;
  return others.every((code) => code === first) ? first : exitCodes.failed;
}
