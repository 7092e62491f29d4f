/** What a job had brought before it was interrupted: looked at while the work is planned, so that the plan counts only what is left. */
import type { RequestCounter } from "./count-requests.ts";
import type { CopyItem, Item } from "./item.ts";
import type { Marks } from "./journal/marks.ts";
import { lookAhead } from "./look-ahead.ts";
import type { CopyJob } from "./object-jobs.ts";
import type { TransferSettings } from "./settle.ts";

/** Why an object is not copied that a job had copied before it was interrupted. */
const doneBefore = "done before";

/** Items that may wait behind one that is looked at for long. */
const window = 1_000;

/** The same items, but that copies which were made before and still stand need nothing. Each is looked at once, many at a time. */
export function withoutDone(
  items: AsyncIterable<Item>,
  marks: Marks,
  looks: RequestCounter,
  { concurrency, signal }: Pick<TransferSettings, "concurrency" | "signal">,
): AsyncGenerator<Item> {
  const look = async (item: CopyItem): Promise<Item> =>
    (await stands(item.job, marks, signal)) ? doneItem(item.job) : item;
  return lookAhead(items, { places: concurrency, window }, (item): Item | Promise<Item> => {
    if (item.kind !== "copy" || !marks.wasDone(item.job)) return item;
    looks.look(item.job.to);
    return look(item);
  });
}

async function stands(job: CopyJob, marks: Marks, signal: AbortSignal | undefined): Promise<boolean> {
  const { to } = job;
  const there = await (to.origin ?? to.store).stat(to.key, { signal }).catch(() => {
    signal?.throwIfAborted();
    // What cannot be looked at is brought again, which then says why.
    return undefined;
  });
  return there !== undefined && marks.isAsDone(job, there);
}

function doneItem(done: CopyJob): Item {
  const { from, to, sizeBytes = 0 } = done;
  return { kind: "skip", uri: from.uri, target: to.uri, sizeBytes, reason: doneBefore, done };
}
