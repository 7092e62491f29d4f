/** What listens: HTTP/1.1, plain or over TLS, with a certificate that was made for it or with a given one. Knows nothing of S3. */
import { createServer, type IncomingMessage, type Server, type ServerOptions } from "node:http";
import type { SecureContext } from "node:tls";
import type { Authority } from "./make-authority.ts";

/** A certificate of one's own, everything in PEM form. */
export interface TlsCertificate {
  /** The server's, and any between it and its authority. */
  readonly cert: string;
  readonly key: string;
  /** What clients are to trust; given back as the server's `ca`. Default: they trust it already. */
  readonly ca?: string | undefined;
}

export interface ListenerOptions {
  /** `true`: a certificate is made. */
  readonly tls: boolean | TlsCertificate;
  /** The address to listen on. */
  readonly host: string;
  /** Names whose subdomains are this server, too. */
  readonly domains: readonly string[];
}

export interface Listener {
  readonly server: Server;
  readonly scheme: "http" | "https";
  /** The authority that clients are to trust, in PEM form. */
  readonly ca: string | undefined;
}

/** Node's own time bounds and sizes are too small for what S3 takes. */
const limits: ServerOptions = {
  // A key of 1,024 bytes is three times as long in a request line, twice that with a copy's source.
  maxHeaderSize: 64 * 1024,
  headersTimeout: 60_000,
  requestTimeout: 60 * 60 * 1000,
  // Longer than what clients assume, so that it is they who give up an idle connection.
  keepAliveTimeout: 75_000,
};

/** Does not listen yet. Rejects with TypeError for a certificate and key that do not fit. */
export async function createListener({ tls, host, domains }: ListenerOptions): Promise<Listener> {
  if (tls === false) return { server: createServer(limits), scheme: "http", ca: undefined };
  // TLS costs a start eight milliseconds: only those who ask for it.
  const [https, { createSecureContext }, { makeAuthority }] = await Promise.all([
    import("node:https"),
    import("node:tls"),
    import("./make-authority.ts"),
  ]);
  const shown = tls === true ? makeAuthority(Date.now()) : tls;
  const { ca, context, contextFor } = certificates(shown, host, domains, createSecureContext);
  const server = https.createServer({
    ...limits,
    ...context,
    SNICallback: (name, done) => done(null, contextFor(name)),
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  letReset(server);
  return { server, scheme: "https", ca };
}

type Socket = IncomingMessage["socket"];
type CreateContext = (options: { readonly cert: string; readonly key: string }) => SecureContext;

function certificates(
  tls: Authority | TlsCertificate,
  host: string,
  domains: readonly string[],
  createContext: CreateContext,
): {
  readonly ca: string | undefined;
  readonly context: { readonly cert: string; readonly key: string };
  readonly contextFor: (name: string) => SecureContext | undefined;
} {
  if ("cert" in tls) {
    const context = { cert: tls.cert, key: tls.key };
    try {
      createContext(context);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TypeError(`the certificate and key of tls cannot be used: ${reason}`, { cause: error });
    }
    return { ca: tls.ca, context, contextFor: () => undefined };
  }
  const names = ["localhost", "127.0.0.1", "::1", ...domains, ...domains.map((domain) => `*.${domain}`), host];
  const made = new Map<string, SecureContext>();
  return {
    ca: tls.ca,
    context: tls.issue([...new Set(names)]),
    contextFor: (given) => {
      const name = given.toLowerCase();
      // OpenSSL and Node take no `*.localhost`, and no wildcard covers a bucket with a dot: each name gets its own.
      if (!domains.some((domain) => name.endsWith(`.${domain}`)) || !/^[a-z0-9.-]{1,253}$/.test(name)) return undefined;
      if (made.size >= 1_000) made.clear();
      const context = made.get(name) ?? createContext(tls.issue([name]));
      made.set(name, context);
      return context;
    },
  };
}

/** A connection over TLS is reset by the one below it, which Node does not hand out: the two meet by the client's port. */
function letReset(server: Server): void {
  const below = new Map<string, Socket>();
  const nameOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  server.on("connection", (socket: Socket) => {
    const name = nameOf(socket);
    below.set(name, socket);
    socket.once("close", () => below.delete(name));
  });
  server.on("secureConnection", (secure: Socket) => {
    const socket = below.get(nameOf(secure));
    if (socket === undefined) return;
    secure.resetAndDestroy = () => {
      socket.resetAndDestroy();
      return secure;
    };
  });
  const closeHttp = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    closeHttp();
    // Those that have not finished their handshake are not HTTP's yet.
    for (const socket of below.values()) socket.destroy();
  };
}
