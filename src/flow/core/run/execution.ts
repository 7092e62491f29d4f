/**
 * One execution: values come about when somebody wants them, each once, and are let go when nobody will want them any more.
 * Nothing here calls itself, so that long chains need no deep stack.
 */
import { nameFailure } from "../node-failure.ts";
import type { Resolved, Step } from "../plan/step.ts";
import { Cell, whenSettled } from "./cell.ts";
import type { Given } from "./given-values.ts";
import { isPromiseLike, type Layered } from "./layers.ts";
import { runStep } from "./run-node.ts";
import { SeenReads } from "./seen-reads.ts";
import type { Given as GivenByStep, Keep, Outcome, Values } from "./values.ts";
import { Versions } from "./versions.ts";
import { wayTo } from "./way-to.ts";
import { WorkQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

export interface ExecutionOptions {
  readonly resolved: Resolved;
  readonly world: World;
  readonly given: Given;
  /** `"report"`: what does not need the node that failed goes on. */
  readonly onFailure: "throw" | "report";
  /** Of a flow for one item: the node that it is part of. */
  readonly outer?: string | undefined;
}

export interface Executed {
  /** Of the outputs, in their order; `undefined` for what failed. */
  readonly values: readonly unknown[];
  readonly failures: readonly { readonly node: string; readonly error: unknown }[];
  readonly skipped: readonly { readonly node: string; readonly because: string }[];
  readonly ran: number;
  readonly hits: number;
}

/** Why a node was not run. */
class Skipped {
  readonly because: string;
  constructor(because: string) {
    this.because = because;
  }
}

function namesOf({ name, node }: Step): { readonly node: string; readonly variant?: string } {
  return node?.variant === undefined ? { node: name } : { node: name, variant: node.variant };
}

export class Execution implements Values {
  readonly steps: readonly Step[];
  readonly world: World;
  readonly values: readonly Cell<unknown>[];
  readonly later = (task: () => void): void => this.queue.add(task);
  private readonly options: ExecutionOptions;
  private readonly queue: WorkQueue;
  private readonly versions: Versions | undefined;
  private readonly reads: SeenReads | undefined;
  /** How many steps, and the caller, may still want each value. */
  private readonly remaining: Int32Array;
  private readonly released: Uint8Array;
  private readonly failures: { node: string; error: unknown }[] = [];
  private readonly skipped: { node: string; because: string }[] = [];
  private ran = 0;
  private hits = 0;
  private end: (error?: { readonly error: unknown }) => void = () => {};

  constructor(options: ExecutionOptions) {
    const { resolved, world } = options;
    this.options = options;
    this.world = world;
    this.steps = resolved.steps;
    this.values = resolved.steps.map(() => new Cell<unknown>());
    this.remaining = new Int32Array(resolved.steps.length);
    this.released = new Uint8Array(resolved.steps.length);
    for (const { needs } of resolved.steps) for (const place of needs) this.wanting(place, 1);
    for (const place of resolved.outputs) this.wanting(place, 1);
    this.queue = new WorkQueue((error) => this.end({ error }));
    if (world.keeper === undefined) return;
    this.versions = new Versions(this, world.keeper, world.behaviours);
    this.reads = new SeenReads(this, world.keeper, world.behaviours);
  }

  async run(): Promise<Executed> {
    const { resolved, world } = this.options;
    const onAbort = () => this.end({ error: world.signal.reason });
    world.signal.throwIfAborted();
    try {
      await new Promise<void>((resolve, reject) => {
        this.end = (failure) => (failure === undefined ? resolve() : reject(failure.error));
        world.signal.addEventListener("abort", onAbort, { once: true });
        this.later(() => this.whenValues(resolved.outputs, () => this.end()));
      });
    } finally {
      world.signal.removeEventListener("abort", onAbort);
    }
    const { failures, skipped, ran, hits } = this;
    return { values: resolved.outputs.map((place) => this.cell(place).value), failures, skipped, ran, hits };
  }

  counts(): { readonly ran: number; readonly hits: number; readonly failed: number } {
    return { ran: this.ran, hits: this.hits, failed: this.failures.length };
  }

  /** Calls `ready` when all of these are settled, wanting those that are not. */
  whenValues(places: readonly number[], ready: () => void): void {
    whenSettled(this, places, ready);
  }

  /** Runs a step with the values that it needs. */
  compute(place: number, done: (outcome: Outcome) => void, keep?: Keep): void {
    const step = this.step(place);
    if (this.released[place] === 1) this.claim(place);
    this.whenValues(step.needs, () => {
      const deps: Record<string, unknown> = {};
      for (let at = 0; at < step.needs.length; at++) {
        const cell = this.cell(step.needs[at] ?? -1);
        if (cell.state === "failed") return done({ error: this.skippedFor(step.needs[at] ?? -1, cell.error) });
        deps[step.names[at] ?? ""] = cell.value;
      }
      if (this.world.signal.aborted) return done({ error: this.world.signal.reason });
      const kind = step.node?.kind;
      // what only hands on, or waits for others that take slots, takes none
      if (kind !== "function") return this.start(place, deps, done, () => {}, keep);
      const { slots } = this.world;
      slots.take(() => this.start(place, deps, done, () => slots.giveBack(this.later), keep));
    });
  }

  readsBehind(place: number): readonly object[] {
    return this.reads?.behind(place) ?? [];
  }

  /** The value of a place is there. */
  settleValue(place: number, value: unknown): void {
    this.cell(place).done(value, this.later);
    this.release(place);
    // wanted for its version alone, and by nobody any more
    if (this.remaining[place] === 0) this.drop(place);
  }

  /** As `settleValue`, of what was found: it had released what it needs when it was. */
  settleLoaded(place: number, value: unknown): void {
    this.cell(place).done(value, this.later);
    if (this.remaining[place] === 0) this.drop(place);
  }

  failValue(place: number, error: unknown): void {
    const { name } = this.step(place);
    if (error instanceof Skipped) {
      this.skipped.push({ node: name, because: error.because });
      this.world.tell?.({ type: "node-skipped", node: name, because: error.because });
    } else {
      this.nameFailure(place, error);
      this.failures.push({ node: name, error });
      this.world.tell?.({ type: "node-failed", node: name, error });
      if (this.options.onFailure === "throw") {
        this.end({ error });
        return;
      }
    }
    this.cell(place).failed(error, this.later);
    this.release(place);
  }

  /** An abort is no failure of the node that happened to run. */
  private nameFailure(place: number, error: unknown): void {
    const { resolved, world, outer } = this.options;
    if (world.signal.aborted && error === world.signal.reason) return;
    const inside = (name: string) => (outer === undefined ? name : `${outer}.${name}`);
    nameFailure(error, inside(this.step(place).name), wayTo(place, resolved).map(inside));
  }

  /** It will want nothing more of what it needs: found, computed or not needed at all. */
  release(place: number): void {
    if (this.released[place] === 1) return;
    this.released[place] = 1;
    for (const need of this.step(place).needs) {
      if (this.wanting(need, -1) > 0) continue;
      const { state } = this.cell(need);
      if (state === "done") this.drop(need);
      else if (state === "idle" && this.versions?.isOpen(need) !== true) this.later(() => this.release(need));
    }
  }

  /** The opposite of `release`: it was found, what was found is damaged, and now it runs. */
  private claim(place: number): void {
    this.released[place] = 0;
    for (const need of this.step(place).needs) this.wanting(need, 1);
  }

  private wanting(place: number, change: number): number {
    const count = (this.remaining[place] ?? 0) + change;
    this.remaining[place] = count;
    return count;
  }

  /** Why a step does not run that needs one that failed. */
  skippedFor(need: number, error: unknown): unknown {
    return error instanceof Skipped ? error : new Skipped(this.step(need).name);
  }

  countHit(place: number): void {
    this.hits++;
    this.world.tell?.({ type: "node-end", ...namesOf(this.step(place)), how: "hit", ms: 0 });
  }

  step(place: number): Step {
    return this.steps[place] as Step;
  }

  cell(place: number): Cell<unknown> {
    return this.values[place] as Cell<unknown>;
  }

  want(place: number): void {
    const cell = this.cell(place);
    if (cell.state !== "idle") return;
    cell.state = "wanted";
    const step = this.step(place);
    const given = this.given(step);
    if (given !== undefined) {
      cell.done(given.value, this.later);
      return;
    }
    if (this.versions?.keeps(place) === true) {
      this.versions.obtain(place);
      return;
    }
    this.compute(place, ({ layered, error }) => {
      if (layered === undefined) this.failValue(place, error);
      else this.settleValue(place, layered.value);
    });
  }

  given(step: Step): { readonly value: unknown } | undefined {
    return this.options.given(step);
  }

  private drop(place: number): void {
    if (this.given(this.step(place)) !== undefined) return;
    const cell = this.cell(place);
    cell.state = "idle";
    cell.value = undefined;
  }

  private start(
    place: number,
    deps: Record<string, unknown>,
    done: (outcome: Outcome) => void,
    after: () => void,
    keep: Keep | undefined,
  ): void {
    const step = this.step(place);
    const { tell, clock, signal } = this.world;
    if (signal.aborted) {
      after();
      done({ error: signal.reason });
      return;
    }
    const startedMs = tell === undefined ? 0 : clock.now();
    tell?.({ type: "node-start", node: step.name });
    const finish = (outcome: Outcome): void => {
      after();
      if (outcome.layered !== undefined) {
        const how = outcome.found === true ? "hit" : "run";
        if (how === "hit") this.hits++;
        else this.ran++;
        tell?.({ type: "node-end", ...namesOf(step), how, ms: clock.now() - startedMs });
      }
      done(outcome);
    };
    try {
      const run = () => {
        const plainly = () => runStep(step, deps, this.world);
        return this.reads === undefined ? plainly() : this.reads.watched(place, plainly);
      };
      const layered = keep === undefined ? run() : undefined;
      if (layered !== undefined && !isPromiseLike(layered)) {
        finish({ layered });
        return;
      }
      const given: Promise<GivenByStep> =
        keep === undefined ? (layered as Promise<Layered>).then((each) => ({ layered: each })) : keep(run);
      given.then(
        (each) => this.later(() => finish(each)),
        (error: unknown) => this.later(() => finish({ error })),
      );
    } catch (error) {
      finish({ error });
    }
  }
}
