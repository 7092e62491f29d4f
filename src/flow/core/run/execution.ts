/**
 * One execution: values come about when somebody wants them, each once, and are let go when nobody will want them any more.
 * Nothing here calls itself, so that long chains need no deep stack.
 */
import { nameFailure } from "../node-failure.ts";
import type { Resolved, Step } from "../plan/step.ts";
import { Cell, type Waiter, waitFor, whenSettled } from "./cell.ts";
import { emptyDeps } from "./context.ts";
import { type Given, isGiven } from "./given-values.ts";
import type { Layered } from "./layers.ts";
import { runStep } from "./run-node.ts";
import { SeenReads } from "./seen-reads.ts";
import { startTask, type Task } from "./task.ts";
import type { Keep, Outcome, Values } from "./values.ts";
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

function changed(counts: Int32Array, place: number, change: number): number {
  const count = (counts[place] ?? 0) + change;
  counts[place] = count;
  return count;
}

export class Execution implements Values {
  readonly steps: readonly Step[];
  readonly world: World;
  readonly values: readonly Cell<unknown>[];
  readonly later = (task: Waiter): void => this.queue.add(task);
  private readonly options: ExecutionOptions;
  private readonly queue: WorkQueue;
  private readonly versions: Versions | undefined;
  private readonly reads: SeenReads | undefined;
  /** How many steps, and the caller, may still want each value. */
  private readonly remaining: Int32Array;
  private readonly released: Uint8Array;
  /** How many of the values that it needs each step waits for. */
  private readonly open: Int32Array;
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
    this.open = new Int32Array(resolved.steps.length);
    for (const { needs } of resolved.steps) for (const place of needs) changed(this.remaining, place, 1);
    for (const place of resolved.outputs) changed(this.remaining, place, 1);
    this.queue = new WorkQueue(this, (error) => this.end({ error }));
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

  wantLater(place: number): void {
    this.queue.add(place);
  }

  /** What a number in the queue stands for: a step is wanted, or, of `~place`, one of the values that it waits for is there. */
  move(task: number): void {
    if (task >= 0) this.want(task);
    else if (changed(this.open, ~task, -1) === 0) this.begin(~task, this.arrived, undefined);
  }

  /** Runs a step with the values that it needs. */
  compute(place: number, done: Task["done"], keep?: Keep): void {
    const step = this.step(place);
    if (this.released[place] === 1) this.claim(place);
    whenSettled(this, step.needs, () => this.begin(place, done, keep));
  }

  /** As `compute`, of a step that is not kept: most are not. */
  private computePlainly(place: number): void {
    if (this.released[place] === 1) this.claim(place);
    const open = waitFor(this, this.step(place).needs, ~place);
    this.open[place] = open;
    if (open === 0) this.begin(place, this.arrived, undefined);
  }

  /** All that it needs is settled. */
  private begin(place: number, done: Task["done"], keep: Keep | undefined): void {
    const { needs, names, node } = this.step(place);
    const deps = emptyDeps();
    const { slots, signal } = this.world;
    let failed: Outcome | undefined;
    for (let at = 0; at < needs.length && failed === undefined; at++) {
      const need = needs[at] ?? -1;
      const { state, value, error } = this.cell(need);
      if (state === "failed") failed = { error: this.skippedFor(need, error) };
      else deps[names[at] ?? ""] = value;
    }
    if (failed === undefined && signal.aborted) failed = { error: signal.reason };
    if (failed !== undefined) {
      done(failed, place);
      return;
    }
    // what only hands on, or waits for others that take slots, takes none
    const takesSlot = node?.kind === "function";
    const task: Task = { place, deps, done, keep, takesSlot };
    if (!takesSlot || slots.takeFree()) startTask(task, this);
    else slots.wait(() => (signal.aborted ? this.ended(task, 0, { error: signal.reason }) : startTask(task, this)));
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
      if (changed(this.remaining, need, -1) > 0) continue;
      const { state } = this.cell(need);
      if (state === "done") this.drop(need);
      else if (state === "idle" && this.versions?.isOpen(need) !== true) this.later(() => this.release(need));
    }
  }

  /** The opposite of `release`: it was found, what was found is damaged, and now it runs. */
  private claim(place: number): void {
    this.released[place] = 0;
    for (const need of this.step(place).needs) changed(this.remaining, need, 1);
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

  private want(place: number): void {
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
    this.computePlainly(place);
  }

  private readonly arrived = ({ layered, error }: Outcome, place: number): void => {
    if (layered === undefined) this.failValue(place, error);
    else this.settleValue(place, layered.value);
  };

  given(step: Step): { readonly value: unknown } | undefined {
    return this.options.given(step);
  }

  private drop(place: number): void {
    if (isGiven(this.step(place))) return;
    const cell = this.cell(place);
    cell.state = "idle";
    cell.value = undefined;
  }

  /** Runs it here, or on the engine. */
  perform({ place, deps }: Task): Layered | Promise<Layered> {
    const step = this.step(place);
    if (this.reads === undefined) return runStep(step, deps, this.world);
    return this.reads.watched(place, () => runStep(step, deps, this.world));
  }

  ended({ place, done, takesSlot }: Task, startedMs: number, outcome: Outcome): void {
    const { slots, tell, clock } = this.world;
    if (takesSlot) slots.giveBack(this.later);
    if (outcome.layered !== undefined) {
      const how = outcome.found === true ? "hit" : "run";
      if (how === "hit") this.hits++;
      else this.ran++;
      tell?.({ type: "node-end", ...namesOf(this.step(place)), how, ms: clock.now() - startedMs });
    }
    done(outcome, place);
  }
}
