/** Chooses the transport: undici for work, node:http for a command that makes a few requests and ends. */
import type { TransportOptions } from "./bounds.ts";
import type { Transport } from "./transport.ts";

export interface OpenTransportOptions extends TransportOptions {
  /** `"few"` for a process that makes some dozen requests and ends. Default `"many"`. */
  readonly workload?: "many" | "few" | undefined;
}

/** Opens no connection and loads neither client until the first request. */
export function openTransport(options: OpenTransportOptions = {}): Transport {
  const open =
    options.workload === "few"
      ? async () => (await import("./http-transport.ts")).openHttpTransport(options)
      : async () => (await import("./undici-transport.ts")).openUndiciTransport(options);
  let opened: Transport | undefined;
  let opening: Promise<Transport> | undefined;
  return {
    send(request, sink) {
      if (opened !== undefined) return opened.send(request, sink);
      opening ??= open().then((transport) => {
        opened = transport;
        return transport;
      });
      return opening.then((transport) => transport.send(request, sink));
    },
    async close() {
      await (await opening)?.close();
    },
  };
}
