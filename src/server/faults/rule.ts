/** One injected fault: whom it means, how often it has come, what it keeps from one request to the next. */
import type { ServerClock } from "./clock.ts";
import { drawDelay } from "./delays.ts";
import { effectNameOf } from "./effect-uses.ts";
import type { EffectName, Fault, TextPattern } from "./fault.ts";
import type { FaultRequest } from "./fault-request.ts";
import { type TextTest, textTest } from "./glob.ts";
import { type Random, seededRandom } from "./random.ts";
import { isRead, type Rate, TokenBuckets } from "./rate.ts";
import { Link } from "./spoiling.ts";

export class FaultRule {
  readonly fault: Fault;
  readonly kind: EffectName;
  /** Will never spoil again. */
  over = false;
  readonly #tests: readonly ((request: FaultRequest) => boolean)[];
  readonly #times: number;
  readonly #random: Random;
  readonly #clock: ServerClock;
  readonly #buckets: TokenBuckets | undefined;
  readonly #links = new WeakMap<object, Link>();
  #seen = 0;
  #spoiled = 0;
  #sinceMs: number | undefined;

  /** `stream` is the fault's place among all that were injected: its chances are its own. */
  constructor(fault: Fault, clock: ServerClock, seed: number, stream: number) {
    this.fault = fault;
    this.kind = effectNameOf(fault.effect);
    this.#clock = clock;
    this.#random = seededRandom(seed, stream);
    this.#tests = scopeTests(fault);
    this.#times = fault.times ?? (isOpenEnded(fault) ? Number.POSITIVE_INFINITY : 1);
    this.#buckets = "rate" in fault.effect ? new TokenBuckets(fault.effect.rate) : undefined;
  }

  /** Whether it is still owed. What is left to chance, or to the speed of the requests, is owed only if it says how often. */
  get pending(): boolean {
    if (this.over || this.#buckets !== undefined) return false;
    if (this.#times !== Number.POSITIVE_INFINITY) return true;
    return this.#spoiled === 0 && this.fault.probability === undefined;
  }

  matches(request: FaultRequest): boolean {
    return this.#tests.every((test) => test(request));
  }

  /** Counts a request that matches; whether it is spoiled. */
  take(request: FaultRequest): boolean {
    const { after = 0, forMs, probability, until } = this.fault;
    const nowMs = this.#clock.now();
    this.#sinceMs ??= nowMs;
    if ((forMs !== undefined && nowMs - this.#sinceMs >= forMs) || until?.(request) === true) {
      this.over = true;
      return false;
    }
    this.#seen += 1;
    if (this.#seen <= after) return false;
    if (probability !== undefined && this.#random() >= probability) return false;
    if (this.#buckets?.admits(request, nowMs) === true) return false;
    this.#spoiled += 1;
    this.over = this.#spoiled >= this.#times;
    return true;
  }

  /** The rate of one that has refused a request. */
  get rate(): Rate | undefined {
    return "rate" in this.fault.effect ? this.fault.effect.rate : undefined;
  }

  /** Milliseconds, drawn anew; 0 for a fault of another kind. */
  delayOf(kind: "latency" | "bodyDelay"): number {
    const { effect } = this.fault;
    const delay = kind === "latency" && "latency" in effect ? effect.latency : undefined;
    const wanted = kind === "bodyDelay" && "bodyDelay" in effect ? effect.bodyDelay : delay;
    return wanted === undefined ? 0 : drawDelay(wanted, this.#random);
  }

  linkOf(connection: object): Link | undefined {
    const { effect } = this.fault;
    if (!("bandwidth" in effect)) return undefined;
    const link = this.#links.get(connection) ?? new Link(effect.bandwidth, this.#clock);
    this.#links.set(connection, link);
    return link;
  }
}

/** Whether it has no number of its own. */
export function isOpenEnded({ effect, probability, forMs, until }: Fault): boolean {
  const standing = "rate" in effect || "clockSkewMs" in effect;
  return standing || probability !== undefined || forMs !== undefined || until !== undefined;
}

function scopeTests({
  method,
  operation,
  bucket,
  key,
  query,
  header,
  effect,
}: Fault): ((r: FaultRequest) => boolean)[] {
  const tests: ((request: FaultRequest) => boolean)[] = [];
  if (method !== undefined) tests.push((request) => request.method === method);
  if (operation !== undefined) tests.push((request) => request.operation === operation);
  const bucketTest = bucket === undefined ? undefined : textTest(bucket);
  const keyTest = key === undefined ? undefined : textTest(key);
  if (bucketTest !== undefined) tests.push((request) => bucketTest(request.bucket));
  if (keyTest !== undefined) tests.push((request) => keyTest(request.key));
  for (const [name, test] of valueTests(query)) tests.push((request) => test(request.query(name)));
  for (const [name, test] of valueTests(header)) tests.push((request) => test(request.header(name)));
  if ("rate" in effect && effect.rate.of !== undefined) {
    const reads = effect.rate.of === "reads";
    tests.push((request) => isRead(request.method) === reads);
  }
  return tests;
}

function valueTests(wanted: Fault["query"]): [name: string, test: (value: string | undefined) => boolean][] {
  return Object.entries(wanted ?? {}).map(([name, pattern]) => {
    const test: TextTest = pattern === true ? () => true : textTest(pattern satisfies TextPattern);
    return [name, (value) => value !== undefined && test(value)];
  });
}
