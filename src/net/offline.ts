/**
 * The switch that decides whether any packet leaves. `offline` is enforced here, below everything that could forget it.
 */
import { EntrepotError } from "../error/index.ts";
import type { Transport } from "./transport.ts";

/** `auto` and `online` both send; what `auto` does when nothing answers is decided above. */
export type NetworkMode = "auto" | "online" | "offline";

/** A transport that sends nothing while `mode()` says `offline`: `unreachable`, not retryable. */
export function withNetworkSwitch(transport: Transport, mode: NetworkMode | (() => NetworkMode)): Transport {
  const current = typeof mode === "function" ? mode : () => mode;
  const refusal = (origin: string): EntrepotError | undefined =>
    current() === "offline" ? switchedOff(origin) : undefined;
  return {
    refusal,
    send(request, sink) {
      const refused = refusal(request.origin);
      return refused === undefined ? transport.send(request, sink) : Promise.reject(refused);
    },
    throttled: (origin) => transport.throttled?.(origin),
    close: () => transport.close(),
  };
}

function switchedOff(origin: string): EntrepotError {
  return new EntrepotError("unreachable", `${origin}: the network is switched off`, {
    retryable: false,
    hint: 'The setting network is "offline" (ENTREPOT_NETWORK, or --offline); set it to "auto" to go online again.',
  });
}
