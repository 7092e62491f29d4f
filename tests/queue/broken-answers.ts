/** A database whose connection breaks after a statement took effect, before it is told: what cannot be told from one that had none. */
import { EntrepotError } from "../../src/error/index.ts";
import type { Database } from "../../src/queue/index.ts";

export interface BrokenAnswers {
  readonly database: Database;
  /** The answers to the next `count` statements that match are lost. */
  lose(pattern: RegExp, count: number): void;
  /** How many were. */
  readonly lost: number;
}

export function withBrokenAnswers(inner: Database): BrokenAnswers {
  let pattern: RegExp | undefined;
  let left = 0;
  let lost = 0;
  const database: Database = {
    kind: inner.kind,
    address: inner.address,
    transaction: (work) => inner.transaction(work),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
    query: async (text, values) => {
      const rows = await inner.query<never>(text, values);
      if (left > 0 && pattern?.test(text) === true) {
        left -= 1;
        lost += 1;
        throw new EntrepotError("unreachable", "the connection broke");
      }
      return rows;
    },
  };
  return {
    database,
    lose: (which, count) => {
      pattern = which;
      left = count;
    },
    get lost() {
      return lost;
    },
  };
}
