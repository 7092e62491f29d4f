/** Listings and globs as they were asked: what their filters leave out is no input, whatever the store gave. */
import { isEntrepotError } from "../../error/index.ts";
import { currentFrame, unwatched } from "./frame.ts";
import type { ListedEntry, ListingInProgress } from "./recorder.ts";
import type { SeenQuestion } from "./seen-read.ts";

export interface Question {
  readonly uri: string;
  readonly options: SeenQuestion;
}

/** The same entries, noted while somebody watches. */
export function watchedListing<T extends ListedEntry>(
  question: () => Question,
  iterate: () => AsyncIterable<T>,
): AsyncIterable<T> {
  return currentFrame()?.recorder === undefined ? iterate() : noted(question, iterate);
}

async function* noted<T extends ListedEntry>(
  question: () => Question,
  iterate: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  const { uri, options } = question();
  const { recorder, guard } = currentFrame() ?? {};
  guard?.mayList(uri, options);
  const listing: ListingInProgress | undefined = recorder?.beginListing(uri, options);
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
    if (isEntrepotError(error, "not-found")) recorder?.note({ kind: "absent", uri });
    throw error;
  } finally {
    const seen = listing?.end(ended);
    if (!ended && seen !== undefined) guard?.listed(seen);
    if (ended) await unwatched(() => entries.return?.());
  }
}
