/** What `readMany` gives: the items, or all of them as lines or as one stream. The rest is loaded when somebody iterates. */
import { toWebStream } from "../../store/index.ts";
import type { Address } from "../../uri/index.ts";
import type { Context } from "../context.ts";
import type { Sources } from "../entries.ts";
import type { ManyForm, ManyItem, ManyReads, ReadManyOptions } from "./types.ts";

/** Nothing is asked for before it is iterated. */
export function manyReadsOf(
  context: Context,
  from: Address | Sources,
  options: ReadManyOptions = {},
): ManyReads<ManyItem<ManyForm>> {
  const items = () => later(async () => (await import("./read-many.ts")).itemsOf(context, from, options));
  return {
    [Symbol.asyncIterator]: items,
    async toArray() {
      const all: ManyItem<ManyForm>[] = [];
      for await (const item of items()) all.push(item);
      return all;
    },
    lines: (settings = {}) => ({
      [Symbol.asyncIterator]: () =>
        later(async () => (await import("./many-lines.ts")).linesOfMany(context, from, options, settings)),
    }),
    stream: () => toWebStream(later(async () => (await import("./many-lines.ts")).bytesOfMany(context, from, options))),
  };
}

async function* later<T>(open: () => Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await open();
}
