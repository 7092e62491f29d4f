/**
 * Finds up to which time of use something has to go, from one walk and without keeping what was seen. Times are counted in
 * steps of a millisecond, that become longer when there are very many different ones.
 */
import { nothing, plus, type Usage } from "../usage.ts";

const maxSteps = 65_536;

/** Everything before `beforeMs` goes, and of what follows up to `boundaryMs` so much as is left. */
export interface Cut {
  readonly beforeMs: number;
  readonly boundaryMs: number;
  readonly rest: Usage;
}

export class Oldest {
  #stepMs = 1;
  #steps = new Map<number, Usage>();

  add(usedMs: number, usage: Usage): void {
    const step = Math.floor(usedMs / this.#stepMs);
    this.#steps.set(step, plus(this.#steps.get(step) ?? nothing, usage));
    while (this.#steps.size > maxSteps) this.#widen();
  }

  /** What must go so that `wanted` of both is free; everything, if it is not enough. */
  cut(wanted: Usage): Cut {
    let rest = wanted;
    for (const step of [...this.#steps.keys()].sort((a, b) => a - b)) {
      const beforeMs = step * this.#stepMs;
      if (rest.objects <= 0 && rest.sizeBytes <= 0) return { beforeMs, boundaryMs: beforeMs, rest: nothing };
      const here = this.#steps.get(step) ?? nothing;
      if (here.objects >= rest.objects && here.sizeBytes >= rest.sizeBytes)
        return { beforeMs, boundaryMs: beforeMs + this.#stepMs, rest };
      rest = { objects: rest.objects - here.objects, sizeBytes: rest.sizeBytes - here.sizeBytes };
    }
    const isEnough = rest.objects <= 0 && rest.sizeBytes <= 0;
    const end = isEnough ? this.#end() : Number.POSITIVE_INFINITY;
    return { beforeMs: end, boundaryMs: end, rest: nothing };
  }

  #end(): number {
    let end = 0;
    for (const step of this.#steps.keys()) end = Math.max(end, (step + 1) * this.#stepMs);
    return end;
  }

  #widen(): void {
    this.#stepMs *= 2;
    const wider = new Map<number, Usage>();
    for (const [step, usage] of this.#steps) {
      const at = Math.floor(step / 2);
      wider.set(at, plus(wider.get(at) ?? nothing, usage));
    }
    this.#steps = wider;
  }
}
