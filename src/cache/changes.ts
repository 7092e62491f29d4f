/**
 * Keeps a read that began before a write from putting the old version back afterwards, and two overlapping writes from
 * deciding which of them the server took last. Per process; a version that the server replaced is found by its ETag.
 */

/** One running operation on an entry. */
export interface Operation {
  /** Whether what it learned is the newest that this process knows. Keeps its value after `end`. */
  isNewest(): boolean;
  /** A second call does nothing. */
  end(): void;
}

interface Entry {
  operations: number;
  changing: number;
  generation: number;
}

export class Changes {
  readonly #scope: string;
  readonly #entries: Map<string, Entry>;

  /** Without arguments: a world of its own. */
  constructor(scope = "", entries: Map<string, Entry> = new Map()) {
    this.#scope = scope;
    this.#entries = entries;
  }

  /** The same for the entries of one folder only. */
  within(folder: string): Changes {
    return new Changes(`${this.#scope}${folder}/`, this.#entries);
  }

  /** Moves with every beginning and end of a change, while anything is under way. */
  generation(entry: string): number {
    return this.#entries.get(this.#scope + entry)?.generation ?? 0;
  }

  beginRead(entry: string): Operation {
    const name = this.#scope + entry;
    const state = this.#enter(name);
    const { generation } = state;
    return this.#operation(name, state, () => state.generation === generation, 0);
  }

  beginChange(entry: string): Operation {
    const name = this.#scope + entry;
    const state = this.#enter(name);
    const alone = state.changing === 0;
    state.changing += 1;
    state.generation += 1;
    const { generation } = state;
    return this.#operation(name, state, () => alone && state.generation === generation, 1);
  }

  #enter(name: string): Entry {
    const state = this.#entries.get(name) ?? { operations: 0, changing: 0, generation: 0 };
    state.operations += 1;
    this.#entries.set(name, state);
    return state;
  }

  #operation(name: string, state: Entry, judge: () => boolean, changes: 0 | 1): Operation {
    let verdict: boolean | undefined;
    return {
      isNewest: () => verdict ?? judge(),
      end: () => {
        if (verdict !== undefined) return;
        verdict = judge();
        state.changing -= changes;
        state.generation += changes;
        state.operations -= 1;
        if (state.operations === 0) this.#entries.delete(name);
      },
    };
  }
}
