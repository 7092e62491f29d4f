/** A value that comes about once and that others wait for: what a node gives, or its version. */

export type CellState = "idle" | "wanted" | "done" | "failed";

export class Cell<T> {
  state: CellState = "idle";
  value: T | undefined = undefined;
  error: unknown = undefined;
  private waiters: (() => void)[] | undefined;

  get isSettled(): boolean {
    return this.state === "done" || this.state === "failed";
  }

  /** Calls `ready` once it is settled, through `later`. */
  wait(ready: () => void): void {
    if (this.waiters === undefined) this.waiters = [ready];
    else this.waiters.push(ready);
  }

  done(value: T, later: (task: () => void) => void): void {
    this.state = "done";
    this.value = value;
    this.tell(later);
  }

  failed(error: unknown, later: (task: () => void) => void): void {
    this.state = "failed";
    this.error = error;
    this.tell(later);
  }

  private tell(later: (task: () => void) => void): void {
    const waiters = this.waiters;
    this.waiters = undefined;
    for (const waiter of waiters ?? []) later(waiter);
  }
}
