/** How node:http comes to a connection on a route: an agent for each kind of way. */
import { Agent } from "node:http";
import { type RequestOptions, Agent as TlsAgent } from "node:https";
import { connect as connectTcp, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type SecureContext } from "node:tls";
import { Making } from "./making.ts";
import type { ProxyServer } from "./proxy.ts";
import { proxySilent, proxyUnreachable } from "./proxy-failure.ts";
import type { Route } from "./route.ts";
import { openTunnel } from "./tunnel.ts";

export interface AgentSettings {
  readonly concurrency: number;
  readonly connectMs: number;
  readonly trust: SecureContext | undefined;
}

/** What a request through a tunnel says beside Node's own options. */
export interface TunnelOptions {
  /** Gives up the connection that is made for the request. */
  readonly making?: Making | undefined;
}

type Created = (error: Error | null, socket: Duplex) => void;

/** Idle connections are closed after this time where the server names none: before most servers do, milliseconds. */
const idleSocketMs = 4_000;

/** The agent for one origin. */
export function agentFor(route: Route, settings: AgentSettings): Agent | TlsAgent {
  const { concurrency, trust } = settings;
  const shared = { keepAlive: true, maxSockets: concurrency, timeout: idleSocketMs };
  const secure = trust === undefined ? shared : { ...shared, secureContext: trust };
  if (route.proxy !== undefined) {
    return route.tunnelled
      ? new TunnelAgent(secure, route.origin, route.proxy, settings)
      : new ForwardAgent(shared, route.proxy, trust);
  }
  return route.origin.startsWith("https:") ? new TlsAgent(secure) : new Agent(shared);
}

/** Connects to the proxy instead of the origin; the requests name the origin. */
class ForwardAgent extends Agent {
  readonly #proxy: ProxyServer;
  readonly #trust: SecureContext | undefined;

  constructor(options: object, proxy: ProxyServer, trust: SecureContext | undefined) {
    super(options);
    this.#proxy = proxy;
    this.#trust = trust;
  }

  override createConnection(): Duplex {
    return connectTo(this.#proxy, this.#trust);
  }
}

/** Connects to the origin through the proxy. More than `maxSockets` may be on their way: whoever uses it counts them. */
class TunnelAgent extends TlsAgent {
  readonly #origin: string;
  readonly #proxy: ProxyServer;
  readonly #settings: AgentSettings;
  readonly #underWay = new Set<Making>();

  constructor(options: object, origin: string, proxy: ProxyServer, settings: AgentSettings) {
    super(options);
    this.#origin = origin;
    this.#proxy = proxy;
    this.#settings = settings;
  }

  /** Ends what stands and what is being made. */
  override destroy(): void {
    super.destroy();
    for (const making of this.#underWay) making.giveUp();
  }

  override createConnection(options: RequestOptions & TunnelOptions, created?: Created): undefined {
    const { connectMs, trust } = this.#settings;
    const origin = this.#origin;
    const proxy = this.#proxy;
    const hop = connectTo(proxy, trust);
    const { making = new Making() } = options;
    this.#underWay.add(making);
    making.at(hop);
    let standing: Socket = hop;
    let over = false;
    const end = (error: Error | null, socket?: Socket) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      making.end();
      this.#underWay.delete(making);
      hop.off("error", onHopError);
      if (error === null && socket !== undefined) return created?.(null, socket);
      standing.on("error", () => undefined).destroy();
      created?.(error, standing);
    };
    const onHopError = (error: Error) => end(proxyUnreachable(error, origin, proxy));
    const timer = setTimeout(() => end(proxySilent(origin, proxy, connectMs)), connectMs).unref();
    hop.on("error", onHopError).once(proxy.protocol === "https:" ? "secureConnect" : "connect", () => {
      openTunnel(hop, origin, proxy, connectMs, (refusal) => {
        if (refusal !== undefined || over) return end(refusal ?? null);
        hop.off("error", onHopError);
        const secured = super.createConnection({ ...options, socket: hop } as RequestOptions) as Socket;
        standing = secured;
        making.at(secured);
        const onTlsError = (error: Error) => end(error);
        secured.once("error", onTlsError).once("secureConnect", () => {
          secured.off("error", onTlsError);
          end(null, secured);
        });
      });
    });
    return undefined;
  }
}

function connectTo({ protocol, hostname, port }: ProxyServer, trust: SecureContext | undefined): Socket {
  const to = { host: hostname, port };
  if (protocol === "http:") return connectTcp(to);
  return connectTls({
    ...to,
    servername: nameOf(hostname),
    ...(trust === undefined ? undefined : { secureContext: trust }),
  });
}

/** An address has no server name. */
function nameOf(hostname: string): string {
  return /^[\d.]+$|:/.test(hostname) ? "" : hostname;
}
