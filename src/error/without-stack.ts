/** Errors of which there may be as many as there are objects: forty frames each are more memory than all else that is known of them. */
import { EntrepotError } from "./entrepot-error.ts";

/** What `make` makes, without frames. */
export function withoutStack(make: () => EntrepotError): EntrepotError {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = usual;
  }
}

/** The same failure in few bytes: without frames, and without what the layers below said. */
export function lean(error: EntrepotError): EntrepotError {
  const { code, message, uri, hint, retryable, serverCode } = error;
  return withoutStack(() => new EntrepotError(code, message, { uri, hint, retryable, serverCode }));
}
