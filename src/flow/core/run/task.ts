/** One run of a step: in a slot or without, kept or not, ended at once or later. */
import type { Step } from "../plan/step.ts";
import type { Waiter } from "./cell.ts";
import type { Deps } from "./context.ts";
import { isPromiseLike, type Layered } from "./layers.ts";
import type { Given, Keep, Outcome } from "./values.ts";
import type { World } from "./world.ts";

/** A step that has what it needs. */
export interface Task {
  readonly place: number;
  readonly deps: Deps;
  readonly done: (outcome: Outcome, place: number) => void;
  readonly keep: Keep | undefined;
  readonly takesSlot: boolean;
}

/** The execution that it belongs to. */
export interface Performing {
  readonly world: World;
  readonly later: (task: Waiter) => void;
  step(place: number): Step;
  perform(task: Task): Layered | Promise<Layered>;
  ended(task: Task, startedMs: number, outcome: Outcome): void;
}

export function startTask(task: Task, execution: Performing): void {
  const { tell, clock } = execution.world;
  const startedMs = tell === undefined ? 0 : clock.now();
  tell?.({ type: "node-start", node: execution.step(task.place).name });
  let outcome: Outcome | Promise<Given>;
  try {
    if (task.keep !== undefined) outcome = task.keep(() => execution.perform(task));
    else {
      const layered = execution.perform(task);
      outcome = isPromiseLike(layered) ? layered.then((each) => ({ layered: each })) : { layered };
    }
  } catch (error) {
    outcome = { error };
  }
  if (isPromiseLike(outcome)) {
    outcome.then(
      (each) => execution.later(() => execution.ended(task, startedMs, each)),
      (error: unknown) => execution.later(() => execution.ended(task, startedMs, { error })),
    );
  } else execution.ended(task, startedMs, outcome);
}
