/**
 * Two listings in key order as one stream: what the source and the target have under each path. Holds one entry of each, however
 * many there are.
 */
import { EntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import type { Found } from "./found.ts";

/** At least one of the two is there. */
export interface Pair {
  readonly source: Found | undefined;
  readonly target: Found | undefined;
}

/**
 * Pairs in the order of their paths. Error: protocol for a listing that is out of order, because what it names late would be taken
 * for missing.
 */
export async function* pairs(
  source: AsyncIterable<Found>,
  target: AsyncIterable<Found>,
): AsyncGenerator<Pair, void, undefined> {
  const left = new Head(source);
  const right = new Head(target);
  try {
    await Promise.all([left.advance(), right.advance()]);
    for (;;) {
      const { entry: from } = left;
      const { entry: to } = right;
      if (from === undefined && to === undefined) return;
      const order = from === undefined ? 1 : to === undefined ? -1 : compareKeys(from.path, to.path);
      yield { source: order <= 0 ? from : undefined, target: order >= 0 ? to : undefined };
      if (order === 0) await Promise.all([left.advance(), right.advance()]);
      else await (order < 0 ? left : right).advance();
    }
  } finally {
    await Promise.all([left.end(), right.end()]);
  }
}

/** The next entry of one listing. */
class Head {
  entry: Found | undefined;
  readonly #rest: AsyncIterator<Found>;

  constructor(listing: AsyncIterable<Found>) {
    this.#rest = listing[Symbol.asyncIterator]();
  }

  async advance(): Promise<void> {
    const before = this.entry;
    const next = await this.#rest.next();
    this.entry = next.done === true ? undefined : next.value;
    if (before === undefined || this.entry === undefined || compareKeys(before.path, this.entry.path) < 0) return;
    const { uri } = this.entry;
    throw new EntrepotError("protocol", `the listing gives ${uri} after ${before.uri}, which is no order of keys`, {
      uri,
    });
  }

  async end(): Promise<void> {
    await this.#rest.return?.();
  }
}
