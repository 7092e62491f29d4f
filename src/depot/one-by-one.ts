/**
 * Pages, given entry by entry. A generator takes three promises for each thing that it gives, and so does every one that hands it on: of
 * millions of entries that is most of the time and of the garbage, so pages go through generators and entries through this.
 */

/** What lies on the pages, in order; a page is begun when the one before it is at its end. */
export function oneByOne<T>(pages: AsyncGenerator<Iterable<T>>): AsyncIterableIterator<T> {
  return new OneByOne(pages);
}

class OneByOne<T> implements AsyncIterableIterator<T> {
  readonly #pages: AsyncGenerator<Iterable<T>>;
  #page: Iterator<T> | undefined;
  /** Settles when whoever asked before has been answered; `undefined` when nobody waits. */
  #last: Promise<unknown> | undefined;

  constructor(pages: AsyncGenerator<Iterable<T>>) {
    this.#pages = pages;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#last !== undefined) return this.#inTurn(() => this.#next());
    try {
      const next = this.#page?.next();
      if (next?.done === false) return Promise.resolve(next);
    } catch (error) {
      return this.#inTurn(() => this.#failed(error));
    }
    this.#page = undefined;
    return this.#inTurn(() => this.#next());
  }

  return(): Promise<IteratorResult<T>> {
    return this.#inTurn(async () => {
      this.#page = undefined;
      await this.#pages.return(undefined);
      return { done: true, value: undefined };
    });
  }

  async #next(): Promise<IteratorResult<T>> {
    for (;;) {
      try {
        const next = this.#page?.next();
        if (next?.done === false) return next;
      } catch (error) {
        return this.#failed(error);
      }
      this.#page = undefined;
      const page = await this.#pages.next();
      if (page.done === true) return { done: true, value: undefined };
      this.#page = page.value[Symbol.iterator]();
    }
  }

  async #failed(error: unknown): Promise<never> {
    this.#page = undefined;
    await this.#pages.return(undefined);
    throw error;
  }

  /** Who asks before the last one was answered is answered after. */
  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#last === undefined ? work() : this.#last.then(work, work);
    this.#last = result;
    const ended = () => {
      if (this.#last === result) this.#last = undefined;
    };
    result.then(ended, ended);
    return result;
  }
}
