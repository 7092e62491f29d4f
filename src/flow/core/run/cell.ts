/** A value that comes about once and that others wait for: what a node gives, or its version. */

export type CellState = "idle" | "wanted" | "done" | "failed";

/** Called when what it waits for is settled; a number stands for a step of an execution, which spares a closure for each edge. */
export type Waiter = (() => void) | number;

/** Cells by place, and who sees to it that they are settled. */
export interface Cells {
  cell(place: number): Cell<unknown>;
  /** Sees to it, after what is being done. */
  wantLater(place: number): void;
}

/** Has `waiter` called once for each of these that is not settled, and says how many are; wants those that nobody wants yet. */
export function waitFor(cells: Cells, places: readonly number[], waiter: Waiter): number {
  let open = 0;
  for (const place of places) {
    const cell = cells.cell(place);
    if (cell.isSettled) continue;
    open++;
    cell.wait(waiter);
    if (cell.state === "idle") cells.wantLater(place);
  }
  return open;
}

/** Calls `ready` when all of these are settled, wanting those that nobody wants yet. */
export function whenSettled(cells: Cells, places: readonly number[], ready: () => void): void {
  let open = waitFor(cells, places, () => {
    if (--open === 0) ready();
  });
  if (open === 0) ready();
}

export class Cell<T> {
  state: CellState = "idle";
  value: T | undefined = undefined;
  error: unknown = undefined;
  /** Mostly there is one. */
  private waiter: Waiter | undefined = undefined;
  private others: Waiter[] | undefined = undefined;

  get isSettled(): boolean {
    return this.state === "done" || this.state === "failed";
  }

  /** Hands `ready` to `later` once it is settled. */
  wait(ready: Waiter): void {
    if (this.waiter === undefined) this.waiter = ready;
    else if (this.others === undefined) this.others = [ready];
    else this.others.push(ready);
  }

  done(value: T, later: (task: Waiter) => void): void {
    this.state = "done";
    this.value = value;
    this.tell(later);
  }

  failed(error: unknown, later: (task: Waiter) => void): void {
    this.state = "failed";
    this.error = error;
    this.tell(later);
  }

  private tell(later: (task: Waiter) => void): void {
    const { waiter, others } = this;
    if (waiter === undefined) return;
    this.waiter = undefined;
    this.others = undefined;
    later(waiter);
    if (others !== undefined) for (const other of others) later(other);
  }
}
