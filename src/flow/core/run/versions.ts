/**
 * What an execution knows of versions: a node whose results are kept is found by the versions of what it asks for, before any
 * of their values is read; equal versions mean equal values, so that a change that changes nothing ends here.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { isEntrepotError } from "../../../error/index.ts";
import type { KeptHit, KeptMiss, NodeCall, ResultKeeper } from "../kept.ts";
import { Cell, type Cells, whenSettled } from "./cell.ts";
import { contextOf } from "./context.ts";
import { derived } from "./derived.ts";
import {
  type Behaviours,
  behaviourOf,
  callOf,
  countedNeeds,
  isKept,
  isVersionedByValue,
  type StepVersion,
  uncounted,
  unversioned,
} from "./kept-call.ts";
import { checkAgain, type Layered } from "./layers.ts";
import type { Given, Outcome, Values } from "./values.ts";

export class Versions implements Cells {
  private readonly execution: Values;
  private readonly keeper: ResultKeeper;
  private readonly behaviours: Behaviours;
  private readonly cells = new Map<number, Cell<StepVersion>>();
  private readonly hits = new Map<number, KeptHit>();
  private readonly looking = new Set<number>();
  private readonly computed = new Set<number>();
  private readonly calls = new Map<number, NodeCall>();

  constructor(execution: Values, keeper: ResultKeeper, behaviours: Behaviours) {
    this.execution = execution;
    this.keeper = keeper;
    this.behaviours = behaviours;
  }

  keeps(place: number): boolean {
    return isKept(this.execution.step(place), this.behaviours);
  }

  /** Whether somebody waits for the version of a place, which may yet want what it needs. */
  isOpen(place: number): boolean {
    const cell = this.cells.get(place);
    return cell !== undefined && !cell.isSettled;
  }

  /** Sees to the value of a node that is kept: found and loaded, or computed and kept. */
  obtain(place: number): void {
    const hit = this.hits.get(place);
    if (hit !== undefined) this.load(place, hit);
    // it was let go, and then what needs it turned out to be damaged
    else if (this.computed.delete(place)) this.runUnkept(place);
    else this.look(place);
  }

  cell(place: number): Cell<StepVersion> {
    const known = this.cells.get(place);
    if (known !== undefined) return known;
    const cell = new Cell<StepVersion>();
    this.cells.set(place, cell);
    return cell;
  }

  wantLater(place: number): void {
    this.execution.later(() => this.want(place));
  }

  private want(place: number): void {
    const cell = this.cell(place);
    if (cell.state !== "idle") return;
    cell.state = "wanted";
    const step = this.execution.step(place);
    const given = this.execution.given(step);
    if (given !== undefined) {
      this.settle(place, () => this.keeper.versionOf(given.value, step.name));
      return;
    }
    const behaviour = behaviourOf(step, this.behaviours);
    if (behaviour === "ignore") {
      this.settle(place, () => uncounted);
      return;
    }
    if (behaviour === "disable") {
      this.settle(place, () => unversioned);
      return;
    }
    if (this.keeps(place)) {
      this.look(place);
      return;
    }
    if (isVersionedByValue(step)) {
      this.byValue(place);
      return;
    }
    whenSettled(this, step.needs, () => this.derive(place));
  }

  /** Version of a node that is not kept: follows from those of what it asks for. */
  private derive(place: number): void {
    const step = this.execution.step(place);
    const failed = this.failureOf(step.needs);
    if (failed !== undefined) {
      this.cell(place).failed(failed.error, this.execution.later);
      return;
    }
    const versionAt = (need: number) => this.versionAt(need);
    if (step.node?.kind === "function" || step.node?.kind === "each") {
      this.call(place, (call) => {
        if (call === unversioned) return this.settle(place, () => unversioned);
        this.keeper.recipeOf(call).then(
          (version) => this.execution.later(() => this.settle(place, () => version)),
          (error: unknown) => this.execution.later(() => this.cell(place).failed(error, this.execution.later)),
        );
      });
      return;
    }
    this.settle(place, () => derived(step, versionAt));
  }

  private byValue(place: number): void {
    const { name } = this.execution.step(place);
    this.execution.whenValues([place], () => {
      const value = this.execution.cell(place);
      if (value.state === "failed") return this.cell(place).failed(value.error, this.execution.later);
      this.settle(place, () => this.keeper.versionOf(value.value, name));
    });
  }

  /** Looks for a kept result, once; the value is loaded if it is wanted by then, or when it is. */
  private look(place: number): void {
    if (this.looking.has(place)) return;
    this.looking.add(place);
    const { execution } = this;
    const counted = countedNeeds(execution.step(place));
    whenSettled(this, counted, () => {
      const failed = this.failureOf(counted);
      if (failed !== undefined) return this.fail(place, failed.error);
      this.call(place, (call) => {
        if (call === unversioned) {
          this.settle(place, () => unversioned);
          return this.runUnkept(place);
        }
        this.keeper.find(call, execution.world.signal).then(
          (found) => execution.later(() => this.found(place, found, call)),
          (error: unknown) => execution.later(() => this.fail(place, error)),
        );
      });
    });
  }

  private call(place: number, use: (call: NodeCall | typeof unversioned) => void): void {
    const step = this.execution.step(place);
    const behaviour = behaviourOf(step, this.behaviours) ?? "default";
    try {
      use(callOf(step, (need) => this.versionAt(need), this.keeper, behaviour));
    } catch (error) {
      this.fail(place, error);
    }
  }

  private found(place: number, found: KeptHit | KeptMiss, call: NodeCall): void {
    if (found.kind === "miss") {
      this.runAndKeep(place, found);
      return;
    }
    const { execution } = this;
    this.hits.set(place, found);
    this.calls.set(place, call);
    execution.countHit(place);
    execution.release(place);
    if (!isVersionedByValue(execution.step(place))) this.settle(place, () => found.version);
    else if (this.cell(place).state === "wanted") this.byValue(place);
    if (execution.cell(place).state === "wanted") this.load(place, found);
  }

  private load(place: number, hit: KeptHit): void {
    const { execution } = this;
    const { name, node } = execution.step(place);
    const layers = node?.unwrapped?.layers ?? [];
    hit
      .load()
      .then((raw) => checkAgain(layers, raw, contextOf(name, execution.world)))
      .then(
        (value) => execution.later(() => execution.settleLoaded(place, value)),
        (error: unknown) => execution.later(() => this.notLoaded(place, error)),
      );
  }

  /** What was kept is damaged: it is computed anew, and kept again. */
  private notLoaded(place: number, error: unknown): void {
    const call = this.calls.get(place);
    if (!isEntrepotError(error, "integrity") || call === undefined) {
      this.execution.failValue(place, error);
      return;
    }
    this.hits.delete(place);
    this.keeper
      .find({ ...call, options: { ...call.options, behaviour: "recompute" } }, this.execution.world.signal)
      .then(
        (found) =>
          this.execution.later(() =>
            found.kind === "miss" ? this.runAndKeep(place, found) : this.execution.failValue(place, error),
          ),
        (failure: unknown) => this.execution.later(() => this.execution.failValue(place, failure)),
      );
  }

  private runAndKeep(place: number, miss: KeptMiss): void {
    const { execution } = this;
    const { name, node } = execution.step(place);
    // whoever gives a slot back is another node
    const within = AsyncLocalStorage.snapshot();
    let version: StepVersion = unversioned;
    const keep = async (run: () => Layered | Promise<Layered>): Promise<Given> => {
      const own: { layered?: Layered } = {};
      const kept = await miss.run(async () => {
        own.layered = await run();
        return { value: own.layered.raw, reads: execution.readsBehind(place) };
      });
      version = kept.version;
      if (own.layered !== undefined) return { layered: own.layered };
      // another process has computed it meanwhile
      const layers = node?.unwrapped?.layers ?? [];
      const value = await checkAgain(layers, kept.value, contextOf(name, execution.world));
      return { layered: { value, raw: kept.value }, found: true };
    };
    const done = ({ layered, error }: Outcome) => {
      if (layered === undefined) return this.fail(place, error);
      const { value } = layered;
      const step = execution.step(place);
      if (!this.cell(place).isSettled)
        this.settle(place, () => (isVersionedByValue(step) ? this.keeper.versionOf(value, name) : version));
      this.computed.add(place);
      execution.settleValue(place, value);
    };
    execution.compute(place, done, (run) => within(() => keep(run)));
  }

  /** Runs it as if nothing were kept. */
  private runUnkept(place: number): void {
    this.execution.compute(place, ({ layered, error }) => {
      if (layered === undefined) return this.execution.failValue(place, error);
      this.computed.add(place);
      this.execution.settleValue(place, layered.value);
    });
  }

  private settle(place: number, version: () => StepVersion): void {
    const cell = this.cell(place);
    try {
      cell.done(version(), this.execution.later);
    } catch (error) {
      cell.failed(error, this.execution.later);
    }
  }

  private fail(place: number, error: unknown): void {
    const cell = this.cell(place);
    if (!cell.isSettled) cell.failed(error, this.execution.later);
    if (this.keeps(place)) this.execution.failValue(place, error);
  }

  private versionAt(place: number): StepVersion {
    return this.cell(place).value ?? unversioned;
  }

  private failureOf(places: readonly number[]): { readonly error: unknown } | undefined {
    for (const place of places) {
      const cell = this.cell(place);
      if (cell.state !== "failed") continue;
      const { state } = this.execution.cell(place);
      return { error: state === "failed" ? this.execution.skippedFor(place, cell.error) : cell.error };
    }
    return undefined;
  }
}
