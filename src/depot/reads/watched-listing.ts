/** Listings and globs as they were asked: what their filters leave out is no input, whatever the store gave. */
import { currentFrame, unwatched } from "./frame.ts";
import type { ListedEntry, ListingInProgress } from "./recorder.ts";
import { noteFailure } from "./seen-failure.ts";
import type { SeenQuestion } from "./seen-read.ts";

export interface Question {
  readonly uri: string;
  /** Of all stores that are asked. */
  readonly origin?: string | undefined;
  readonly options: SeenQuestion;
}

/** The same entries, noted while somebody watches. */
export function watchedListing<T extends ListedEntry>(
  question: () => Promise<Question>,
  iterate: () => AsyncIterable<T>,
): AsyncIterable<T> {
  return currentFrame()?.recorder === undefined ? iterate() : noted(question, iterate);
}

async function* noted<T extends ListedEntry>(
  question: () => Promise<Question>,
  iterate: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  const { recorder, guard } = currentFrame() ?? {};
  const { uri, options, origin } = await question();
  guard?.mayList(uri, options);
  const listing: ListingInProgress | undefined = recorder?.beginListing(uri, options, origin);
  // what the store is asked for on the way is no question of the work
  const entries = unwatched(() => iterate()[Symbol.asyncIterator]());
  let ended = true;
  try {
    for (;;) {
      const next = await unwatched(() => entries.next());
      if (next.done === true) {
        ended = false;
        return;
      }
      listing?.add(next.value);
      yield next.value;
    }
  } catch (error) {
    noteFailure(uri, origin, error, recorder);
    throw error;
  } finally {
    const seen = listing?.end(ended);
    if (!ended && seen !== undefined) guard?.listed(seen);
    if (ended) await unwatched(() => entries.return?.());
  }
}
