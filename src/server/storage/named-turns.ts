/** Changes of one name, one after the other; those of different names know nothing of each other. */

export class NamedTurns {
  /** The last one under way, by name. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs it when those before it of the same name have ended, however; at once when there are none. */
  async take<T>(name: string, change: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const turn = before === undefined ? change() : before.then(change, change);
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }

  /** Resolves when those under way have ended. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
