/** Who sent a request, as far as the connection tells. */
import type { IncomingMessage } from "node:http";

/** The other end of a connection. */
export interface Peer {
  /** An IP address. */
  readonly address: string;
  /** `1.2` or `1.3`; undefined where the connection is not encrypted. */
  readonly tlsVersion: string | undefined;
}

/** Where nothing is said. */
export const thisMachine: Peer = { address: "127.0.0.1", tlsVersion: undefined };

export function peerOf(socket: IncomingMessage["socket"]): Peer {
  const { getProtocol } = socket as { readonly getProtocol?: () => string | null };
  return { address: socket.remoteAddress ?? "", tlsVersion: getProtocol?.call(socket)?.replace(/^TLSv/, "") };
}
