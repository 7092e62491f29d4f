/** How many nodes and items run at a time, in the whole of an execution. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];
  private head = 0;

  constructor(count: number) {
    this.free = count;
  }

  /** Calls `go` now, or when a slot is free. */
  take(go: () => void): void {
    if (this.takeFree()) go();
    else this.wait(go);
  }

  /** Whether there was a slot, which is taken then. */
  takeFree(): boolean {
    if (this.free === 0) return false;
    this.free--;
    return true;
  }

  /** Calls `go` when a slot is given to it. */
  wait(go: () => void): void {
    this.waiting.push(go);
  }

  /** Gives the slot back, to whoever waits longest. `later` keeps that from running inside this call. */
  giveBack(later: (go: () => void) => void): void {
    const next = this.waiting[this.head];
    if (next === undefined) {
      this.free++;
      return;
    }
    this.head++;
    if (this.head > 1024) {
      this.waiting.splice(0, this.head);
      this.head = 0;
    }
    later(next);
  }
}
