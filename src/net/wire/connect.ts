/** Opens the socket of a connection: TCP, or TLS over it. What it reads goes to the connection without a stream in between. */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import { type Carried, type Connection, readBytes } from "./connection.ts";

export interface Origin {
  readonly isSecure: boolean;
  readonly hostname: string;
  readonly port: number;
  readonly trust: SecureContext | undefined;
  /** Of the last handshake, which makes the next one short. */
  session: Buffer | undefined;
}

/** Where an origin's sockets go to. */
export function originAt(origin: string, trust: SecureContext | undefined): Origin {
  const { protocol, hostname, port } = new URL(origin);
  const isSecure = protocol === "https:";
  return {
    isSecure,
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    port: port === "" ? (isSecure ? 443 : 80) : Number(port),
    trust,
    session: undefined,
  };
}

/** Begins to connect for `carried`, who hears of a failure; calls `onStanding` when requests can go. */
export function connectTo(origin: Origin, connection: Connection, carried: Carried, onStanding: () => void): void {
  const { hostname: host, port } = origin;
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  const onread = {
    buffer,
    callback: (bytes: number): boolean => {
      connection.take(buffer, 0, bytes);
      return true;
    },
  };
  const shared = { host, port, onread, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
  const socket = origin.isSecure ? secured(origin, shared) : connectTcp(shared);
  connection.use(socket, carried);
  socket.once(origin.isSecure ? "secureConnect" : "connect", onStanding);
}

function secured(origin: Origin, shared: object): Socket {
  const { hostname, trust, session } = origin;
  const socket = connectTls({
    ...shared,
    // An address has no server name.
    servername: /^[\d.]+$|:/.test(hostname) ? "" : hostname,
    ALPNProtocols: ["http/1.1"],
    ...(trust === undefined ? undefined : { secureContext: trust }),
    ...(session === undefined ? undefined : { session }),
  });
  return socket.on("session", (next: Buffer) => {
    origin.session = next;
  });
}
