/** Where the server listens and under which names it is reached: this machine only, unless it is said twice. */
import { EntrepotError } from "../../error/index.ts";

export interface ServePlace {
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Let `host` be an address that other machines reach; the store then holds at least one token. Default false. */
  readonly public?: boolean | undefined;
  /** The address under which browsers reach it, such as that of a proxy that speaks TLS: `https://runs.example.com`. */
  readonly origin?: string | undefined;
}

export interface Names {
  /** What `Host` may be. */
  readonly hosts: ReadonlySet<string>;
  /** What `Origin` may be. */
  readonly origins: ReadonlySet<string>;
  /** Without a final slash. */
  readonly url: string;
  readonly isSecure: boolean;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Errors: misconfigured for an address that others reach without `public`. */
export function checkPlace({ host = "127.0.0.1", public: isPublic = false, origin }: ServePlace): void {
  if (!isLoopback(host) && !isPublic)
    throw new EntrepotError("misconfigured", `${host} is an address that other machines reach`, {
      hint: "say so with public: true (--public); there must be a token, and a proxy should speak TLS",
    });
  if (origin !== undefined && originOf(origin) === undefined)
    throw new EntrepotError("misconfigured", "the origin is no http:// or https:// address of a host", {
      hint: "write it without a path: https://runs.example.com",
    });
}

export function namesOf({ host = "127.0.0.1", origin }: ServePlace, port: number): Names {
  const own = isLoopback(host) ? [host, "127.0.0.1", "localhost", "[::1]"] : [host];
  const urls = [
    ...new Set(own.map((name) => `http://${name.includes(":") && !name.startsWith("[") ? `[${name}]` : name}:${port}`)),
  ];
  const told = origin === undefined ? undefined : originOf(origin);
  const all = [...urls, ...(told === undefined ? [] : [told.origin])].map((each) => new URL(each));
  return {
    hosts: new Set(
      all.flatMap(({ host, hostname, port: own }) =>
        own === "" ? [host, `${hostname}:80`, `${hostname}:443`] : [host],
      ),
    ),
    origins: new Set(all.map(({ origin }) => origin)),
    url: told?.origin ?? urls[0] ?? "",
    isSecure: told?.protocol === "https:",
  };
}

function originOf(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  return isPlain && (url.protocol === "http:" || url.protocol === "https:") ? url : undefined;
}
