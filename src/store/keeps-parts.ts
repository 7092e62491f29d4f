/** Whether what ended a large write leaves its parts of use. */
import { isEntrepotError } from "../error/index.ts";

/** Nobody said no: the server was only not there, or the caller went away. */
export function keepsParts(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted === true) return true;
  return isEntrepotError(error, "unreachable", "timeout", "throttled", "server-error", "unauthenticated", "busy", "io");
}
