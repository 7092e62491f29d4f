/** Things to do, one after the other and never one inside the other: a chain of 10,000 nodes takes no deep stack. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Waiter } from "./cell.ts";

interface Steps {
  /** Does what a number stands for. */
  move(task: number): void;
}

export class WorkQueue {
  private readonly tasks: Waiter[] = [];
  private isRunning = false;
  private readonly steps: Steps;
  private readonly onError: (error: unknown) => void;
  /** What is known of who asks is that of the whole execution, never of the node that happened to end last. */
  private readonly home = AsyncLocalStorage.snapshot();

  constructor(steps: Steps, onError: (error: unknown) => void) {
    this.steps = steps;
    this.onError = onError;
  }

  add(task: Waiter): void {
    this.tasks.push(task);
    if (!this.isRunning) this.home(() => this.run());
  }

  private run(): void {
    this.isRunning = true;
    try {
      for (let at = 0; at < this.tasks.length; at++) {
        const task = this.tasks[at] as Waiter;
        if (typeof task === "number") this.steps.move(task);
        else task();
        // what is done is let go, but not one by one: that would copy the rest each time
        if (at > 4096) at -= this.tasks.splice(0, at + 1).length;
      }
    } catch (error) {
      this.onError(error);
    } finally {
      this.tasks.length = 0;
      this.isRunning = false;
    }
  }
}
