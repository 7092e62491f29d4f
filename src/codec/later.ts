/** A codec whose code is loaded with the first bytes that go through it. */
import type { Bytes } from "./bytes.ts";

type Through<A extends readonly unknown[]> = (source: AsyncIterable<Uint8Array>, ...rest: A) => AsyncGenerator<Bytes>;

export function later<A extends readonly unknown[]>(load: () => Promise<Through<A>>): Through<A> {
  return async function* through(source, ...rest) {
    yield* (await load())(source, ...rest);
  };
}
