/**
 * One request in flight, whatever client carries it: its phases and their deadlines, the caller's signal, a sink that may hold
 * back or throw, and one end. Without closures per request, because every small read passes here.
 */
import { offAbort, onAbort } from "./abort-hub.ts";
import type { Bounds } from "./bounds.ts";
import type { Deadlines, Watched } from "./deadlines.ts";
import { type Phase, timeoutFailure } from "./failure.ts";
import { proxyRefusal } from "./proxy-failure.ts";
import type { BodyProgress } from "./request-body.ts";
import { peerOf, type Route } from "./route.ts";
import type { ResponseHeaders, ResponseSink, TransportRequest } from "./transport.ts";

/** What can be told to bring nothing more for a while. */
interface Flow {
  pause(): unknown;
  resume(): unknown;
}

/** The slowest that is waited for, beyond the idle bound at the start: 1,000 bytes a second. */
const msPerByte = 1;

export abstract class Exchange implements Watched, BodyProgress {
  deadlineMs: number = Number.POSITIVE_INFINITY;
  slot = 0;
  protected readonly request: TransportRequest;
  protected readonly route: Route;
  protected phase: Phase = "connect";
  protected settled = false;
  /** The sink is still busy with a piece. */
  protected held = false;
  readonly #sink: ResponseSink;
  readonly #bounds: Bounds;
  readonly #deadlines: Deadlines;
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  readonly #onAbort: (() => void) | undefined;

  constructor(
    request: TransportRequest,
    route: Route,
    sink: ResponseSink,
    bounds: Bounds,
    deadlines: Deadlines,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ) {
    this.request = request;
    this.route = route;
    this.#sink = sink;
    this.#bounds = bounds;
    this.#deadlines = deadlines;
    this.#resolve = resolve;
    this.#reject = reject;
    deadlines.add(this, bounds.shortestMs);
    const { signal } = request;
    if (signal === undefined) return;
    this.#onAbort = () => this.fail(signal.reason);
    onAbort(signal, this.#onAbort);
  }

  /** Ends what is on its way; the promise of the request is rejected already. */
  protected abstract cancel(reason: unknown): void;

  /** The sink begins to hold back, and has taken the piece that it held back (or the exchange has ended). */
  protected onHeld(): void {}
  protected onReleased(): void {}

  onPiece(): void {
    if (this.phase === "send") this.enter("send");
  }

  onEnd(): void {
    if (this.phase === "send") this.enter("first-byte");
  }

  onBroken(reason: unknown): void {
    this.fail(reason);
  }

  onDeadline(): void {
    this.fail(timeoutFailure(peerOf(this.route), this.phase, this.#boundMs(this.phase)));
  }

  /** Begins a phase, or its time anew. */
  protected enter(phase: Phase): void {
    this.phase = phase;
    this.deadlineMs = this.#deadlines.now() + this.#boundMs(phase);
  }

  protected takeHead(status: number, headers: ResponseHeaders): void {
    if (this.settled) return;
    const { proxy, tunnelled, origin } = this.route;
    if (status === 407 && proxy !== undefined && !tunnelled) {
      this.fail(proxyRefusal(status, origin, proxy));
      return;
    }
    this.enter("body");
    try {
      this.#sink.head(status, headers);
    } catch (error) {
      this.fail(error);
    }
  }

  protected takeData(flow: Flow, chunk: Uint8Array): void {
    if (this.settled) return;
    try {
      this.#earn(chunk.byteLength);
      const taken = this.#sink.data(chunk);
      if (taken !== undefined) this.#holdBack(flow, taken);
    } catch (error) {
      this.fail(error);
    }
  }

  protected succeed(): void {
    if (this.#settle()) this.#resolve();
  }

  protected fail(reason: unknown): void {
    if (!this.#settle()) return;
    this.#reject(reason);
    this.cancel(reason);
  }

  /** A piece earns time for its size: a server that drips does not keep a request for ever, a slow one of a kilobyte a second does. */
  #earn(bytes: number): void {
    const idleEnd = this.#deadlines.now() + this.#bounds.idleMs;
    this.deadlineMs = Math.min(idleEnd, this.deadlineMs + bytes * msPerByte);
  }

  #holdBack(flow: Flow, taken: Promise<void>): void {
    flow.pause();
    this.held = true;
    this.onHeld();
    const leftMs = this.deadlineMs - this.#deadlines.now();
    // However long the sink takes, it is not the server's silence.
    this.deadlineMs = Number.POSITIVE_INFINITY;
    taken.then(
      () => {
        if (this.settled) return;
        this.held = false;
        this.deadlineMs = this.#deadlines.now() + leftMs;
        flow.resume();
        this.onReleased();
      },
      (error: unknown) => this.fail(error),
    );
  }

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    if (this.held) this.onReleased();
    this.#deadlines.remove(this);
    if (this.#onAbort !== undefined && this.request.signal !== undefined) offAbort(this.request.signal, this.#onAbort);
    return true;
  }

  #boundMs(phase: Phase): number {
    if (phase === "connect") return this.#bounds.connectMs;
    return phase === "first-byte" ? this.#bounds.firstByteMs : this.#bounds.idleMs;
  }
}
