/** What the steps of an execution read, so that a result is kept with all that it was made from. */
import type { ResultKeeper } from "../kept.ts";
import { type Behaviours, behaviourOf, countedNeeds, isKept, isVersionedByValue } from "./kept-call.ts";
import type { Layered } from "./layers.ts";
import type { Values } from "./values.ts";

export class SeenReads {
  private readonly own = new Map<number, readonly object[]>();
  private readonly values: Values;
  private readonly keeper: ResultKeeper;
  private readonly behaviours: Behaviours;

  constructor(values: Values, keeper: ResultKeeper, behaviours: Behaviours) {
    this.values = values;
    this.keeper = keeper;
    this.behaviours = behaviours;
  }

  /** Runs a step, and remembers what it read. */
  async watched(place: number, run: () => Layered | Promise<Layered>): Promise<Layered> {
    const { value, reads } = await this.keeper.watch(run);
    this.own.set(place, reads);
    return value;
  }

  /** What a step read, and what was read by those that it needs whose versions follow from their code and inputs alone. */
  behind(place: number): readonly object[] {
    const found = new Set<object>();
    const open = [place];
    const seen = new Set(open);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const read of this.own.get(at) ?? []) found.add(read);
      for (const need of countedNeeds(this.values.step(at))) {
        if (seen.has(need) || this.isApart(need)) continue;
        seen.add(need);
        open.push(need);
      }
    }
    return [...found];
  }

  /** Whether what it read says nothing: its value is given, or has a version of its own, or does not count. */
  private isApart(place: number): boolean {
    const step = this.values.step(place);
    if (this.values.given(step) !== undefined || isKept(step, this.behaviours) || isVersionedByValue(step)) return true;
    return behaviourOf(step, this.behaviours) === "ignore";
  }
}
