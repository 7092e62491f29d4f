/**
 * Scripted misbehaviour. A fault waits for requests that match, lets `after` of them pass, and then spoils `times` of
 * them. Signatures are checked first: a fault never hides a request that was wrong.
 */
import { checkFault } from "./check-fault.ts";
import type { Fault, FaultEffect } from "./fault.ts";

/** Faults in the order in which they were injected; a request takes the first that matches. */
export class FaultScript {
  readonly #waiting: { readonly fault: Fault; seen: number }[] = [];

  /** Those that have not come as often as they should; one for good (`times: Infinity`) is due once. */
  get pending(): readonly Fault[] {
    return this.#waiting
      .filter(({ fault, seen }) => fault.times !== Number.POSITIVE_INFINITY || seen <= (fault.after ?? 0))
      .map(({ fault }) => fault);
  }

  /** All of them or none. Error: TypeError for one that could never do anything. */
  inject(faults: readonly Fault[]): void {
    for (const [index, fault] of faults.entries()) {
      checkFault(faults.length === 1 ? "the fault of inject()" : `fault ${index + 1} of inject()`, fault);
    }
    this.#waiting.push(...faults.map((fault) => ({ fault, seen: 0 })));
  }

  /** As if none had been injected. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /** What spoils this request; only effects that `fits` allows are looked at. */
  take(
    method: string,
    operation: string,
    key: string,
    fits: (effect: FaultEffect) => boolean = () => true,
  ): FaultEffect | undefined {
    for (const [index, waiting] of this.#waiting.entries()) {
      const { fault } = waiting;
      if (!fits(fault.effect)) continue;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      if (fault.key !== undefined && key.search(fault.key) < 0) continue;
      waiting.seen += 1;
      const nth = waiting.seen - (fault.after ?? 0);
      if (nth < 1) continue;
      if (nth >= (fault.times ?? 1)) this.#waiting.splice(index, 1);
      return fault.effect;
    }
    return undefined;
  }
}
