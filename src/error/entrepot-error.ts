/**
 * The one error class of the library. It names the cause, the address and the way out,
 * keeps what the layer below said in `cause`, and carries no secret.
 */
import { type ErrorCode, isRetryableCode } from "./codes.ts";
import { redact } from "./redact.ts";

/** What an `EntrepotError` knows beside its code and message. */
export interface ErrorDetails {
  /** The address that the failure is about, as a full URI. */
  readonly uri?: string | undefined;
  /** What the reader of the message can do about it. */
  readonly hint?: string | undefined;
  /** What the layer below said; kept as it is. */
  readonly cause?: unknown;
  /** The single failures of a call that had several. */
  readonly failures?: readonly EntrepotError[] | undefined;
  /** Overrides what the code says about trying again. */
  readonly retryable?: boolean | undefined;
}

/**
 * Everything that the world can do to a call. A caller's mistake is a `TypeError` or `RangeError` instead, and an abort
 * rejects with `signal.reason`.
 */
export class EntrepotError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "EntrepotError" as const;
  readonly code: C;
  readonly uri: string | undefined;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly failures: readonly EntrepotError[];

  constructor(code: C, message: string, details: ErrorDetails = {}) {
    super(redact(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.uri = details.uri === undefined ? undefined : redact(details.uri);
    this.hint = details.hint === undefined ? undefined : redact(details.hint);
    this.retryable = details.retryable ?? isRetryableCode(code);
    this.failures = details.failures ?? [];
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
