/**
 * Removes many objects: a thousand in one request where their store has a way to, one by one where each has a condition or there is
 * none. A failed object never stops the others.
 */
import { EntrepotError } from "../error/index.ts";
import type { ObjectPlace } from "./copy-object.ts";
import { Gate } from "./gate.ts";
import { plannedOf, type RemoveItem } from "./item.ts";
import { runJobs } from "./run-jobs.ts";
import { settle, type TransferSettings } from "./settle.ts";
import type { Tally } from "./tally.ts";

/** What S3 takes in one request. */
export const batchSize = 1000;
/** More would only make a server ask to slow down: each is a thousand changes. */
const batchesAtOnce = 8;

/** One object to be removed. */
export interface RemoveJob {
  readonly what: ObjectPlace;
  readonly sizeBytes: number;
  /** The version that the planning saw; a job that is resumed later leaves another one alone. */
  readonly etag?: string | undefined;
  /** False: it is not there, which is success and counts nothing. Default true. */
  readonly exists?: boolean | undefined;
  readonly problem?: EntrepotError | undefined;
}

export interface RemoveSettings extends TransferSettings {
  /** Only this version of each. */
  readonly ifMatch?: string | undefined;
}

/** Removes each; missing is success. */
export async function removeItems(
  items: AsyncIterable<RemoveItem>,
  tally: Tally,
  settings: RemoveSettings,
): Promise<void> {
  const gate = new Gate(batchesAtOnce);
  const work = async (batch: readonly RemoveItem[]): Promise<void> => {
    const [first] = batch;
    if (first === undefined) return;
    if (batch.length > 1) await gate.pass(() => removeTogether(batch, tally, settings));
    else await removeOne(first, tally, settings);
  };
  await runJobs(batches(items, settings), settings.concurrency, work, settings.signal);
}

/** Items that can be done together, up to a thousand of one store; all others by themselves. */
async function* batches(
  items: AsyncIterable<RemoveItem>,
  settings: RemoveSettings,
): AsyncGenerator<readonly RemoveItem[], void, undefined> {
  const waiting = new Map<ObjectPlace["store"], RemoveItem[]>();
  for await (const item of items) {
    const { store } = item.job.what;
    if (settings.dryRun === true || !goesTogether(item.job, settings)) {
      yield [item];
      continue;
    }
    const batch = waiting.get(store) ?? [];
    batch.push(item);
    if (batch.length < batchSize) waiting.set(store, batch);
    else {
      waiting.delete(store);
      yield batch;
    }
  }
  yield* waiting.values();
}

/** Whether nothing is asked of the object but to go, so that it can go with others of its store. */
export function goesTogether(
  { what, exists, problem }: RemoveJob,
  { ifMatch }: Pick<RemoveSettings, "ifMatch">,
): boolean {
  const conditional = ifMatch !== undefined || what.versionId !== undefined;
  const nothingToDo = exists === false || problem !== undefined;
  return what.store.deleteMany !== undefined && !conditional && !nothingToDo;
}

async function removeOne(item: RemoveItem, tally: Tally, settings: RemoveSettings): Promise<void> {
  const { signal, ifMatch } = settings;
  const { what, exists = true, problem } = item.job;
  await settle(tally, plannedOf(item), problem, settings, async () => {
    let isQueued = false;
    const onQueued = () => {
      isQueued = true;
    };
    if (exists) await what.store.delete(what.key, { signal, versionId: what.versionId, ifMatch, onQueued });
    return isQueued ? "queued" : undefined;
  });
}

/** All are of one store. Each is told of as soon as its outcome is known. */
async function removeTogether(batch: readonly RemoveItem[], tally: Tally, settings: RemoveSettings): Promise<void> {
  const { signal } = settings;
  const keys = batch.map(({ job }) => job.what.key);
  const outcomes = batch[0]?.job.what.store.deleteMany?.(keys, { signal })[Symbol.asyncIterator]();
  /** Why there are no more outcomes. */
  let ended: unknown;
  try {
    for (const item of batch) {
      await settle(tally, plannedOf(item), undefined, settings, async () => {
        if (ended !== undefined) throw ended;
        const next = await outcomes?.next().catch((error: unknown) => {
          ended = error;
          throw error;
        });
        const error = next?.value?.key === item.job.what.key ? next?.value?.error : notTold(item.job);
        if (error !== undefined) throw error;
        return next?.value?.queued === true ? "queued" : undefined;
      });
    }
  } finally {
    await outcomes?.return?.();
  }
}

/** A store that says nothing of a key has not removed it. */
function notTold({ what: { uri } }: RemoveJob): EntrepotError {
  return new EntrepotError("protocol", `${uri}: its store does not say whether it was removed`, { uri });
}
