/**
 * A proxy, read from the text in which people name one. The password goes to the proxy alone: neither into messages nor to the
 * origin behind it.
 */
import { EntrepotError } from "../error/index.ts";

export interface ProxyServer {
  readonly protocol: "http:" | "https:";
  /** As a socket wants it: an IPv6 address without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`, where the text held a user name. */
  readonly authorization: string | undefined;
  /** Without the password, for messages. */
  readonly shown: string;
  /** Who named it, e.g. `HTTPS_PROXY`; for messages. */
  readonly source: string;
}

/** The proxy on the way to an origin; `undefined` for a direct connection. */
export type ProxyOf = (origin: string) => ProxyServer | undefined;

const wayOut =
  "Write it as http://host:port or https://host:port, with user:password@ before the host where it wants them.";

/** `host:port` is taken for `http://host:port`. Error: misconfigured, naming `source` and no password. */
export function parseProxy(text: string, source: string): ProxyServer {
  const trimmed = text.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.hostname === "") throw misconfigured(`${source} does not name a proxy`, wayOut);
  const { protocol } = parsed;
  if (protocol !== "http:" && protocol !== "https:") {
    throw misconfigured(
      `${source} names a proxy that speaks ${protocol.slice(0, -1)}, which entrepot does not`,
      "Name a proxy that speaks HTTP (http://host:port), or put a forwarder that does in front of it; NO_PROXY names the hosts that need none.",
    );
  }
  const { hostname, port } = parsed;
  return {
    protocol,
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    authorization: authorizationOf(parsed, source),
    shown: parsed.origin,
    source,
  };
}

function authorizationOf({ username, password }: URL, source: string): string | undefined {
  if (username === "" && password === "") return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString("base64")}`;
  } catch {
    throw misconfigured(
      `the user name or password in ${source} is not percent-encoded`,
      "Write a % in it as %25, an @ as %40 and a : as %3A.",
    );
  }
}

function misconfigured(message: string, hint: string): EntrepotError {
  return new EntrepotError("misconfigured", message, { hint });
}
