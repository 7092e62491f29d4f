/** One after the other for each entry, so that looking and acting upon what was seen are one step within this process. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` when all that came before it under `name` has ended. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const turn = before === undefined ? work() : before.then(work, work);
    const end = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(name) === end) this.#last.delete(name);
      });
    this.#last.set(name, end);
    return turn;
  }
}
