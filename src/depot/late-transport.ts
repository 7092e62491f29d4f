/** A transport that is chosen only when something is sent. */
import type { Transport } from "../net/index.ts";

/** The transport of the moment at which something is sent. */
export function lateTransport(current: () => Transport): Transport {
  return {
    send: (request, sink) => current().send(request, sink),
    refusal: (origin) => current().refusal?.(origin),
    throttled: (origin) => current().throttled?.(origin),
    close: async () => undefined,
  };
}
