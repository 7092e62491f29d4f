/** The values of an execution, as what knows of versions sees them. */
import type { Step } from "../plan/step.ts";
import type { Cell, Waiter } from "./cell.ts";
import type { Layered } from "./layers.ts";
import type { World } from "./world.ts";

export type Outcome =
  | (Given & { readonly error?: undefined })
  | { readonly layered?: undefined; readonly error: unknown };

/** What a step gave, or would have given: another process may have computed it while this one waited to. */
export interface Given {
  readonly layered: Layered;
  readonly found?: true | undefined;
}

/** Runs a step and keeps what it gives. All that the step waits for is there by then: whoever has a lock waits for nobody who may want it. */
export type Keep = (run: () => Layered | Promise<Layered>) => Promise<Given>;

export interface Values {
  readonly world: World;
  /** Does it after what is being done. */
  readonly later: (task: Waiter) => void;
  step(place: number): Step;
  cell(place: number): Cell<unknown>;
  /** What has not to be computed. */
  given(step: Step): { readonly value: unknown } | undefined;
  /** Calls `ready` when all of these are settled, wanting those that are not. */
  whenValues(places: readonly number[], ready: () => void): void;
  /** Runs a step with the values that it needs. */
  compute(place: number, done: (outcome: Outcome, place: number) => void, keep?: Keep): void;
  /** What a step read of depots, and what was read for it by those that are not kept. */
  readsBehind(place: number): readonly object[];
  /** The value of a place is there, computed. */
  settleValue(place: number, value: unknown): void;
  /** As `settleValue`, of what was found: it had released what it needs when it was. */
  settleLoaded(place: number, value: unknown): void;
  failValue(place: number, error: unknown): void;
  /** Why a step does not run that needs one that failed. */
  skippedFor(need: number, error: unknown): unknown;
  /** It will want nothing more of what it needs: found, computed or not needed at all. */
  release(place: number): void;
  countHit(place: number): void;
}
