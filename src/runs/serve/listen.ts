/** A function of requests behind a port, by @hono/node-server. */
import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";

/** Of a request as it comes over its connection, which the request itself does not say. */
export interface Arrival {
  /** Whether it has come to its end; `false` where the connection broke off before. */
  isWhole(): boolean;
}

type Answer = (request: Request, arrival: Arrival) => Promise<Response>;

export interface Listening {
  readonly port: number;
  /** Ends connections, also those that are busy. */
  close(): Promise<void>;
}

/** Connections at a time; a further one is closed unheard. A third of them may be streams of events. */
export const mostConnections = 1_000;

/** Rejects with what `listen` says, e.g. EADDRINUSE. `open` is told the port and gives what answers. */
export async function listen(
  host: string,
  port: number,
  open: (port: number) => Answer,
  { most = mostConnections }: { readonly most?: number | undefined } = {},
): Promise<Listening> {
  let answer: Answer | undefined;
  const server = createAdaptorServer({
    // nobody knows the port before it listens
    fetch: (request, { incoming }) =>
      answer?.(request, { isWhole: () => "complete" in incoming && incoming.complete }) ??
      new Response(null, { status: 503 }),
    hostname: host,
    overrideGlobalObjects: false,
  });
  server.maxConnections = most;
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  answer = open(bound);
  return {
    port: bound,
    async close() {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}
