/**
 * The one error class of the library. It names the cause, the address and the way out,
 * keeps what the layer below said in `cause`, and carries no secret.
 */
import { type ErrorCode, errorAdvice, isRetryableCode } from "./codes.ts";
import { redactAround, redactUri } from "./redact.ts";
import { redactCause } from "./redact-cause.ts";

/** What an `EntrepotError` knows beside its code and message. */
export interface ErrorDetails {
  /** The address that the failure is about, as a full URI. */
  readonly uri?: string | undefined;
  /** What the reader of the message can do about it. */
  readonly hint?: string | undefined;
  /** What the layer below said; the same value unless it holds a secret, see `redactCause`. */
  readonly cause?: unknown;
  /** The single failures of a call that had several. */
  readonly failures?: readonly EntrepotError[] | undefined;
  /** Overrides what the code says about trying again. */
  readonly retryable?: boolean | undefined;
  /** The server's own word for it, e.g. `NoSuchBucket`. Default: that of `cause`. */
  readonly serverCode?: string | undefined;
}

/** Frames of a stack that reach from the deepest room to the line that called a verb. */
const callerFrames = 40;

/**
 * Everything that the world can do to a call. A caller's mistake is a `TypeError` or `RangeError` instead, and an abort
 * rejects with `signal.reason`.
 */
export class EntrepotError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "EntrepotError" as const;
  readonly code: C;
  readonly uri: string | undefined;
  /** The way out: of this very failure where that is known, else what helps with its cause. */
  readonly hint: string;
  readonly retryable: boolean;
  readonly failures: readonly EntrepotError[];
  /** The server's own word for it, e.g. `NoSuchBucket`; `undefined` where no server said one. */
  readonly serverCode: string | undefined;

  constructor(code: C, message: string, details: ErrorDetails = {}) {
    if (!Object.hasOwn(errorAdvice, code)) {
      throw new TypeError(
        `${JSON.stringify(code)} is no code of an EntrepotError: it has ${Object.keys(errorAdvice).join(", ")}`,
      );
    }
    // the ten frames of the default are all ours; the caller's line, which is what one looks for, stands below them
    const usual = Error.stackTraceLimit;
    if (usual > 0) Error.stackTraceLimit = Math.max(usual, callerFrames);
    super(
      printable(message, details.uri),
      details.cause === undefined ? undefined : { cause: redactCause(details.cause) },
    );
    Error.stackTraceLimit = usual;
    this.code = code;
    this.uri = details.uri === undefined ? undefined : redactUri(details.uri);
    this.hint = printable(details.hint ?? errorAdvice[code]);
    this.retryable = details.retryable ?? isRetryableCode(code);
    this.failures = details.failures ?? [];
    this.serverCode = details.serverCode ?? serverCodeOf(details.cause);
  }

  /** Plain data for logs and `--json`: no stack, no cause, no secret. */
  toJSON(): { readonly [key: string]: {} | null } {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      uri: this.uri ?? null,
      hint: this.hint ?? null,
      retryable: this.retryable,
      ...(this.failures.length > 0 ? { failures: this.failures.map((failure) => failure.toJSON()) } : {}),
    };
  }
}

function serverCodeOf(cause: unknown): string | undefined {
  return isEntrepotError(cause) ? cause.serverCode : undefined;
}

/** Whether it is the bucket that is not there, which says nothing about an object. */
export function isMissingBucket(error: unknown): error is EntrepotError<"not-found"> {
  return isEntrepotError(error, "not-found") && error.serverCode === "NoSuchBucket";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Without secrets, and with control characters shown instead of sent to a terminal; line ends and tabs stay. */
function printable(text: string, uri?: string): string {
  return redactAround(text, uri).replace(control, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Whether `error` is one of ours and, when codes are given, bears one of them. True across copies of the package. */
export function isEntrepotError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  ...codes: readonly C[]
): error is EntrepotError<C> {
  if (
    !(error instanceof Error) ||
    error.name !== "EntrepotError" ||
    !("code" in error) ||
    typeof error.code !== "string"
  )
    return false;
  return codes.length === 0 || (codes as readonly string[]).includes(error.code);
}
