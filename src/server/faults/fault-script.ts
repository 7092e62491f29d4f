/**
 * Scripted misbehaviour. A fault waits for requests that match, lets `after` of them pass, and then spoils `times` of
 * them. Signatures are checked first: a fault never hides a request that was wrong.
 */
import type { IncomingRequest } from "../request/incoming-request.ts";
import { checkFault } from "./check-fault.ts";
import type { ServerClock } from "./clock.ts";
import { EarlierObjects } from "./earlier-objects.ts";
import { meets } from "./effect-uses.ts";
import type { Fault, FaultEffect } from "./fault.ts";
import type { FaultRequest } from "./fault-request.ts";
import { parseFault } from "./parse-faults.ts";
import type { Rate } from "./rate.ts";
import { FaultRule } from "./rule.ts";
import type { Link, Spoiling } from "./spoiling.ts";

/** Faults in the order in which they were injected; a request takes the first that matches. */
export class FaultScript {
  readonly #rules: FaultRule[] = [];
  readonly #seed: number;
  readonly #clock: ServerClock;
  /** What stale reads answer. */
  earlier: EarlierObjects = new EarlierObjects();
  #injected = 0;

  constructor(clock: ServerClock, seed: number) {
    this.#clock = clock;
    this.#seed = seed;
  }

  /** Whether there is nothing to do at all. */
  get idle(): boolean {
    return this.#rules.length === 0;
  }

  /** Whether changes of objects are to be remembered. */
  get remembers(): boolean {
    return this.#rules.some(({ fault }) => "stale" in fault.effect);
  }

  /** Those that have not come as often as they should; one for good (`times: Infinity`) is due once. */
  get pending(): readonly Fault[] {
    return this.#rules.filter((rule) => rule.pending).map(({ fault }) => fault);
  }

  /** All of them or none. Errors: TypeError for one that could never do anything, and for a line that is none. */
  inject(given: readonly (Fault | string)[]): void {
    const faults = given.map((one, index) => {
      const what = given.length === 1 ? "the fault of inject()" : `fault ${index + 1} of inject()`;
      if (typeof one === "string") return parseFault(one, what);
      checkFault(what, one);
      return one;
    });
    if (!this.remembers) this.earlier = new EarlierObjects();
    for (const fault of faults) this.#rules.push(new FaultRule(fault, this.#clock, this.#seed, this.#injected++));
  }

  /** As if none had been injected. */
  clear(): void {
    this.#rules.length = 0;
    this.#injected = 0;
  }

  /** What spoils this request, undefined for nothing. `connection` is the same thing for all requests of one. */
  take(request: FaultRequest, connection: object): Spoiling | undefined {
    let exceeded: Rate | undefined;
    let link: Link | undefined;
    let [latencyMs, bodyDelayMs] = [0, 0];
    const slowed = new Set<string>();
    const rules = [...this.#rules].filter(({ kind }) => kind !== "refuseConnection" && kind !== "clockSkewMs");
    for (const rule of rules) {
      if (!beside.has(rule.kind) || slowed.has(rule.kind) || !this.#takes(rule, request)) continue;
      slowed.add(rule.kind);
      latencyMs += rule.delayOf("latency");
      bodyDelayMs += rule.delayOf("bodyDelay");
      link ??= rule.linkOf(connection);
      exceeded ??= rule.rate;
    }
    // What a rate refuses meets no other fault: those are owed to requests that get through.
    const met =
      exceeded === undefined ? rules.find((rule) => !beside.has(rule.kind) && this.#takes(rule, request)) : undefined;
    if (met === undefined && slowed.size === 0) return undefined;
    return { effect: met?.fault.effect, exceeded, latencyMs, bodyDelayMs, link, clock: this.#clock };
  }

  /** The refusal of one key of a request. */
  takeRefusal(request: FaultRequest): Extract<FaultEffect, { readonly status: number }> | undefined {
    for (const rule of [...this.#rules]) {
      const { effect } = rule.fault;
      if ("status" in effect && effect.carriedOut !== true && this.#takes(rule, request)) return effect;
    }
    return undefined;
  }

  /** By how much the clock is wrong for this request, in milliseconds. */
  takeSkew(request: () => FaultRequest): number {
    for (const rule of [...this.#rules]) {
      const { effect } = rule.fault;
      if ("clockSkewMs" in effect && this.#takes(rule, request())) return effect.clockSkewMs;
    }
    return 0;
  }

  /** Whether a connection is broken as soon as it comes. */
  refusesConnection(): boolean {
    const none: FaultRequest = {
      ...{ method: "", operation: "", bucket: "", key: "" },
      query: () => undefined,
      header: () => undefined,
    };
    return [...this.#rules].some((rule) => rule.kind === "refuseConnection" && this.#takes(rule, none));
  }

  #takes(rule: FaultRule, request: FaultRequest): boolean {
    if (!rule.matches(request) || !meets(rule.kind, request, this.earlier)) return false;
    const taken = rule.take(request);
    if (rule.over) this.#rules.splice(this.#rules.indexOf(rule), 1);
    return taken;
  }
}

/** These slow or count: they do not keep a request from meeting another fault. */
const beside: ReadonlySet<string> = new Set(["latency", "bodyDelay", "bandwidth", "rate"]);

/** A request as faults see it. */
export function faultRequest(request: IncomingRequest, operation: string): FaultRequest {
  const { bucket, key, query } = request.target;
  return {
    ...{ method: request.method, operation, bucket, key },
    query: (name) => query.get(name),
    header: (name) => request.header(name.toLowerCase()),
  };
}
