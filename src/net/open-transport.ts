/**
 * Opens the transport: connections of our own, and for origins behind a proxy undici, or node:http for a command that makes a few
 * requests and ends.
 */
import type { OpenedOptions, TransportOptions } from "./bounds.ts";
import type { Transport } from "./transport.ts";

export interface OpenTransportOptions extends TransportOptions {
  /** `"few"` for a process that makes some dozen requests and ends. Default `"many"`. */
  readonly workload?: "many" | "few" | undefined;
  /**
   * Certificates in PEM form that are trusted beside Node's own, for origins and proxies; called before the first request. When
   * it rejects, so does that request, and the next one calls it again.
   */
  readonly certificates?: (() => Promise<readonly string[]>) | undefined;
}

/** Opens no connection and loads neither client until the first request. */
export function openTransport(options: OpenTransportOptions = {}): Transport {
  const { certificates, workload, ...rest } = options;
  async function open(): Promise<Transport> {
    const trusted = (await certificates?.()) ?? [];
    const trust = trusted.length === 0 ? undefined : (await import("./trust.ts")).trusting(trusted);
    const settings: OpenedOptions = { ...rest, trust };
    const openProxied = async (): Promise<Transport> =>
      workload === "few"
        ? (await import("./http-transport.ts")).openHttpTransport(settings)
        : (await import("./undici-transport.ts")).openUndiciTransport(settings);
    return (await import("./wire/wire-transport.ts")).openWireTransport(settings, openProxied);
  }
  let opened: Transport | undefined;
  let opening: Promise<Transport> | undefined;
  return {
    send(request, sink) {
      if (opened !== undefined) return opened.send(request, sink);
      opening ??= open().then(
        (transport) => {
          opened = transport;
          return transport;
        },
        (error: unknown) => {
          opening = undefined;
          throw error;
        },
      );
      return opening.then((transport) => transport.send(request, sink));
    },
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
