/**
 * How long a command waits for a server that refuses every connection. What has answered once is retried as the
 * library does; what never has is most likely not running, or has another port, and people want to know that soon.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { Transport } from "../net/index.ts";

/** From the first refused connection to the last try, milliseconds. */
export const patienceMs = 3_000;

export interface FirstAnswer {
  /** The transport, watched. */
  readonly watch: (transport: Transport) => Transport;
  /** Why a try that would begin in `delayMs` is one too many; `undefined` when it is not. */
  readonly giveUp: (delayMs: number) => EntrepotError | undefined;
}

/** Watches which origins answer; `now` gives milliseconds. */
export function watchFirstAnswer(now: () => number = Date.now): FirstAnswer {
  const answered = new Set<string>();
  let refused: { readonly error: EntrepotError; readonly sinceMs: number } | undefined;
  return {
    watch: (transport) => ({
      async send(request, sink) {
        const { origin } = request;
        if (answered.has(origin)) return transport.send(request, sink);
        try {
          await transport.send(request, {
            head(status, headers) {
              answered.add(origin);
              refused = undefined;
              sink.head(status, headers);
            },
            data: (chunk) => sink.data(chunk),
          });
        } catch (error) {
          if (answered.has(origin) || !isRefusedConnection(error)) refused = undefined;
          else refused = { error, sinceMs: refused?.sinceMs ?? now() };
          throw error;
        }
      },
      close: () => transport.close(),
    }),
    giveUp(delayMs) {
      if (refused === undefined || now() + delayMs - refused.sinceMs <= patienceMs) return undefined;
      const { error } = refused;
      return new EntrepotError("unreachable", error.message, {
        cause: error,
        retryable: false,
        hint: "is the server running, and are endpoint and port right? entrepot doctor shows who set it; --attempts N waits longer",
      });
    },
  };
}

/** Nobody listens at that port; several addresses of one host come in one error. */
function isRefusedConnection(error: unknown): error is EntrepotError {
  return isEntrepotError(error, "unreachable") && hasCode(error.cause);
}

function hasCode(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(hasCode);
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}
