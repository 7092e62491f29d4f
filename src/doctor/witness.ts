/** Sees what servers answer, below everything that corrects or hides it. Keeps no query, no secret, and no body. */
import type { ResponseHeaders, Transport } from "../net/index.ts";

/** One answer. */
export interface Seen {
  readonly method: string;
  readonly origin: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  /** What the signature named; `undefined` of an unsigned request. */
  readonly region: string | undefined;
  /** Our clock in the middle of the exchange, milliseconds since 1970. */
  readonly atMs: number;
  readonly headers: ResponseHeaders;
}

export interface Witness {
  /** The transport, watched. */
  readonly watch: (transport: Transport) => Transport;
  /** In the order of the answers. */
  readonly seen: readonly Seen[];
}

/** `now` gives milliseconds since 1970. */
export function openWitness(now: () => number = Date.now): Witness {
  const seen: Seen[] = [];
  const watch = (transport: Transport): Transport => ({
    send(request, sink) {
      const startedMs = now();
      const { method, origin, path = "", headers: sent } = request;
      const region = /Credential=[^/]+\/\d+\/([^/]+)\/s3\//.exec(sent["authorization"] ?? "")?.[1];
      return transport.send(request, {
        head(status, headers) {
          const atMs = (startedMs + now()) / 2;
          seen.push({ method, origin, path: path.split("?", 1)[0] ?? "", status, region, atMs, headers });
          sink.head(status, headers);
        },
        data: (chunk) => sink.data(chunk),
      });
    },
    refusal: (origin) => transport.refusal?.(origin),
    close: () => transport.close(),
  });
  return { watch, seen };
}
