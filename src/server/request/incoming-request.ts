/** One request as it came: headers with their repetitions and bytes, the address, the time of arrival, the body. */

import { s3Error } from "../errors.ts";
import type { HostRules } from "./address.ts";
import { type Peer, thisMachine } from "./peer.ts";
import { parseTarget, type Target } from "./target.ts";

export interface IncomingRequest {
  readonly method: string;
  readonly target: Target;
  /** When it came, by the server's clock; milliseconds since 1970. */
  readonly nowMs: number;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  /** Who sent it, and over what. */
  peer(): Peer;
  /** Joined with commas when repeated. Names in lower case. */
  header(name: string): string | undefined;
  /** One string per line. */
  headerLines(name: string): readonly string[];
  /** Each once. */
  headerNames(): readonly string[];
  /** The body's bytes as they come off the wire, once. Tells a client that waits for `100 Continue` to go on, unless `quietly`. */
  body(quietly?: boolean): AsyncIterable<Uint8Array>;
}

/** What a request is made of. */
export interface RequestParts {
  readonly method: string;
  /** As in the request line. */
  readonly url: string;
  readonly headers: HeaderLines;
  readonly nowMs: number;
  /** Names under which `BUCKET.name` is a bucket; lower case. */
  readonly domains: readonly string[];
  readonly customDomains?: HostRules["customDomains"] | undefined;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly body: (quietly?: boolean) => AsyncIterable<Uint8Array>;
  /** Default: a process on this machine. */
  readonly peer?: (() => Peer) | undefined;
}

/** Errors: BadRequest for more than one Host header, and those of `parseTarget`. */
export function incomingRequest(parts: RequestParts): IncomingRequest {
  const { method, url, headers, nowMs, domains, customDomains = [], secure, body, peer = () => thisMachine } = parts;
  if (headers.lines("host").length > 1) {
    throw s3Error("BadRequest", { message: "An error occurred when parsing the HTTP request: more than one Host" });
  }
  return {
    method,
    target: parseTarget(url, headers.get("host") ?? "", { domains, customDomains }),
    nowMs,
    secure,
    peer,
    header: (name) => headers.get(name),
    headerLines: (name) => headers.lines(name),
    headerNames: () => headers.names(),
    body,
  };
}

/** The headers of a request, from Node's list of names and values. */
export class HeaderLines {
  /** Values joined with commas. */
  readonly #values = new Map<string, string>();
  /** Of names that came more than once, which is rare. */
  readonly #repeated = new Map<string, string[]>();

  constructor(rawHeaders: readonly string[]) {
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const name = (rawHeaders[i] ?? "").toLowerCase();
      const value = rawHeaders[i + 1] ?? "";
      const known = this.#values.get(name);
      this.#values.set(name, known === undefined ? value : `${known},${value}`);
      if (known === undefined) continue;
      const lines = this.#repeated.get(name);
      if (lines === undefined) this.#repeated.set(name, [known, value]);
      else lines.push(value);
    }
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  lines(name: string): readonly string[] {
    const value = this.#values.get(name);
    return value === undefined ? [] : (this.#repeated.get(name) ?? [value]);
  }

  names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** All of them, for the log; what proves who is calling is not repeated. */
  toRecord(): Readonly<Record<string, string>> {
    const record: Record<string, string> = {};
    for (const [name, value] of this.#values) record[name] = secret.has(name) ? "REDACTED" : value;
    return record;
  }
}

const secret: ReadonlySet<string> = new Set(["authorization", "x-amz-security-token", "cookie"]);
