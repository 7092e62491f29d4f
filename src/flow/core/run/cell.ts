/** A value that comes about once and that others wait for: what a node gives, or its version. */

export type CellState = "idle" | "wanted" | "done" | "failed";

/** Cells by place, and who sees to it that they are settled. */
export interface Cells {
  cell(place: number): Cell<unknown>;
  want(place: number): void;
  /** Does it after what is being done. */
  readonly later: (task: () => void) => void;
}

/** Calls `ready` when all of these are settled, wanting those that nobody wants yet. */
export function whenSettled(cells: Cells, places: readonly number[], ready: () => void): void {
  let open = 0;
  const settled = () => {
    if (--open === 0) ready();
  };
  for (const place of places) {
    const cell = cells.cell(place);
    if (cell.isSettled) continue;
    open++;
    cell.wait(settled);
    if (cell.state === "idle") cells.later(() => cells.want(place));
  }
  if (open === 0) ready();
}

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
