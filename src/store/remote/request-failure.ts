/** Why a request got no whole answer, in one word, for whoever watches. */
import { type ErrorCode, isEntrepotError } from "../../error/index.ts";

/** `aborted` by its signal, `other` for what the caller's own sink or body threw. */
export type RequestFailure = ErrorCode | "aborted" | "other";

/** Nothing for an answer that was only ended early because it had brought what was needed. */
export function requestFailure(error: unknown, signal: AbortSignal | undefined): RequestFailure | undefined {
  if (signal?.aborted === true) return "aborted";
  if (isEntrepotError(error)) return error.code;
  return typeof error === "symbol" ? undefined : "other";
}
