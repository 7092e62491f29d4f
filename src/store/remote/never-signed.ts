/** Nobody gave credentials, so the request was not sent: what failed cannot have done anything on the server that was meant. */
import { EntrepotError } from "../../error/index.ts";

/** Says what the provider said. */
export class NeverSigned extends EntrepotError {
  constructor({ code, message, uri, hint, cause, failures, retryable }: EntrepotError) {
    super(code, message, { uri, hint, cause, failures, retryable });
  }
}

/** Whether it was a provider of credentials that failed: that says nothing of the server that was meant. */
export function isNeverSigned(error: unknown): boolean {
  return error instanceof NeverSigned;
}
