/**
 * Finds up to which time of use something has to go, from one walk and without keeping what was seen. Times are counted in
 * steps of a millisecond, that become longer when there are very many different ones.
 */
import { nothing, type Usage } from "../usage.ts";

const maxSteps = 65_536;

/** Everything before `beforeMs` goes, and of what follows up to `boundaryMs` so much as is left. */
export interface Cut {
  readonly beforeMs: number;
  readonly boundaryMs: number;
  readonly rest: Usage;
}

export class Oldest {
  #stepMs = 1;
  #places = new Map<number, number>();
  #objects = new Float64Array(maxSteps + 1);
  #sizeBytes = new Float64Array(maxSteps + 1);

  add(usedMs: number, usage: Usage): void {
    this.#put(Math.floor(usedMs / this.#stepMs), usage.objects, usage.sizeBytes);
    if (this.#places.size > maxSteps) this.#widen();
  }

  /** What must go so that `wanted` of both is free; everything, if it is not enough. */
  cut(wanted: Usage): Cut {
    let { objects, sizeBytes } = wanted;
    for (const [step, place] of [...this.#places].sort(([a], [b]) => a - b)) {
      const beforeMs = step * this.#stepMs;
      if (objects <= 0 && sizeBytes <= 0) return { beforeMs, boundaryMs: beforeMs, rest: nothing };
      const here = { objects: this.#objects[place] ?? 0, sizeBytes: this.#sizeBytes[place] ?? 0 };
      if (here.objects >= objects && here.sizeBytes >= sizeBytes)
        return { beforeMs, boundaryMs: beforeMs + this.#stepMs, rest: { objects, sizeBytes } };
      objects -= here.objects;
      sizeBytes -= here.sizeBytes;
    }
    const isEnough = objects <= 0 && sizeBytes <= 0;
    const end = isEnough ? this.#end() : Number.POSITIVE_INFINITY;
    return { beforeMs: end, boundaryMs: end, rest: nothing };
  }

  #put(step: number, objects: number, sizeBytes: number): void {
    let place = this.#places.get(step);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(step, place);
    }
    this.#objects[place] = (this.#objects[place] ?? 0) + objects;
    this.#sizeBytes[place] = (this.#sizeBytes[place] ?? 0) + sizeBytes;
  }

  #end(): number {
    let end = 0;
    for (const step of this.#places.keys()) end = Math.max(end, (step + 1) * this.#stepMs);
    return end;
  }

  /** At once to half of the steps, so that it is seldom. */
  #widen(): void {
    const [places, objects, sizeBytes] = [this.#places, this.#objects, this.#sizeBytes];
    const steps = Float64Array.from(places.keys()).sort();
    let factor = 2;
    while (differing(steps, factor) > maxSteps / 2) factor *= 2;
    this.#stepMs *= factor;
    this.#places = new Map();
    this.#objects = new Float64Array(maxSteps + 1);
    this.#sizeBytes = new Float64Array(maxSteps + 1);
    for (const [step, place] of places)
      this.#put(Math.floor(step / factor), objects[place] ?? 0, sizeBytes[place] ?? 0);
  }
}

/** How many of the sorted `steps` are left when they are `factor` as long. */
function differing(steps: Float64Array, factor: number): number {
  let count = 0;
  let last = Number.NaN;
  for (const step of steps) {
    const wider = Math.floor(step / factor);
    if (wider !== last) count += 1;
    last = wider;
  }
  return count;
}
