/** What lies in a folder of this disk and is no object: said as skipped, so that nobody takes a copy for whole that is not. */
import { EntrepotError } from "../error/index.ts";
import type { LeftOutFile } from "../store/index.ts";
import type { Item, SkipItem } from "../transfer/index.ts";
import type { Place } from "./context.ts";
import { uriOfKey } from "./listing.ts";

export class LeftOut {
  readonly #waiting: SkipItem[] = [];
  #count = 0;
  #first: SkipItem | undefined;

  /** For a listing of `place`, of what `isMeant` takes by its path. */
  of(place: Place, isMeant: (path: string) => boolean): (file: LeftOutFile) => void {
    return ({ key, why }) => {
      if (!isMeant(key.slice(place.key.length))) return;
      const item: SkipItem = { kind: "skip", uri: uriOfKey(place, key), target: undefined, sizeBytes: 0, reason: why };
      this.#waiting.push(item);
      this.#count += 1;
      this.#first ??= item;
    };
  }

  /** The items of a plan, each after what was left out before it; `warn` is told of all together in the end. */
  async *among(items: AsyncIterable<Item>, warn: (error: EntrepotError) => void): AsyncGenerator<Item> {
    for await (const item of items) {
      if (this.#waiting.length > 0) yield* this.#waiting.splice(0);
      yield item;
    }
    yield* this.#waiting.splice(0);
    if (this.#first !== undefined) warn(this.#warning(this.#first));
  }

  #warning({ uri, reason }: SkipItem): EntrepotError {
    const others = this.#count === 1 ? "" : `, and ${(this.#count - 1).toLocaleString("en-US")} more`;
    return new EntrepotError("unsupported", `${uri} was left out: ${reason}${others}`, {
      uri,
      hint: "links are followed to files and folders; what they do not lead to, FIFOs, sockets and devices are no objects",
    });
  }
}
