/**
 * Removes many objects: a thousand in one request where their store has a way to, each in the version that the planning saw if it is
 * to be that one. A failed object never stops the others.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { isServersEtag } from "../store/index.ts";
import type { ObjectPlace } from "./copy-object.ts";
import { Gate } from "./gate.ts";
import { plannedOf, type RemoveItem } from "./item.ts";
import type { RemoveJob } from "./object-jobs.ts";
import { runJobs } from "./run-jobs.ts";
import { settle, type TransferSettings } from "./settle.ts";
import type { Tally } from "./tally.ts";

/** What S3 takes in one request. */
const batchSize = 1000;
/** More would only make a server ask to slow down: each is a thousand changes. */
const batchesAtOnce = 8;

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

/** Whether it can go with others of its store. */
export function goesTogether(
  { what, exists, problem }: RemoveJob,
  { ifMatch }: Pick<RemoveSettings, "ifMatch">,
): boolean {
  const conditional = ifMatch !== undefined || what.versionId !== undefined;
  const nothingToDo = exists === false || problem !== undefined;
  return what.store.deleteMany !== undefined && !conditional && !nothingToDo;
}

async function removeOne(item: RemoveItem, tally: Tally, settings: RemoveSettings): Promise<void> {
  const { signal } = settings;
  const { what, exists = true, etag, problem } = item.job;
  const ifMatch = settings.ifMatch ?? (isTelling(etag) ? etag : undefined);
  await settle(tally, plannedOf(item), problem, settings, async () => {
    let isQueued = false;
    const onQueued = () => {
      isQueued = true;
    };
    const remove = () => what.store.delete(what.key, { signal, versionId: what.versionId, ifMatch, onQueued });
    if (exists)
      await (settings.ifMatch === undefined && ifMatch !== undefined ? removeSeen(item.job, remove) : remove());
    return isQueued ? "queued" : undefined;
  });
}

/** Removes the version that the planning saw; gone meanwhile is what was wanted. */
async function removeSeen(job: RemoveJob, remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return;
    throw isEntrepotError(error, "precondition-failed") ? replaced(job, error) : error;
  }
}

function replaced({ what: { uri } }: RemoveJob, cause: EntrepotError): EntrepotError {
  return new EntrepotError("changed", `${uri} was replaced after it was listed, so it was not removed`, {
    uri,
    cause,
    hint: "do it again to decide by what is there now",
  });
}

/** Whether an ETag tells versions apart. Where a server gives none, what is there is removed. */
export function isTelling(etag: string | undefined): boolean {
  return etag !== undefined && isServersEtag(etag);
}

/** All are of one store. Each is told of as soon as its outcome is known. */
async function removeTogether(batch: readonly RemoveItem[], tally: Tally, settings: RemoveSettings): Promise<void> {
  const { signal } = settings;
  const keys = batch.map(({ job }) => job.what.key);
  const etags = batch.map(({ job: { etag } }) => (isTelling(etag) ? etag : undefined));
  const ifMatch = etags.some((etag) => etag !== undefined) ? etags : undefined;
  const outcomes = batch[0]?.job.what.store.deleteMany?.(keys, { signal, ifMatch })[Symbol.asyncIterator]();
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
        if (error !== undefined) throw error.code === "precondition-failed" ? replaced(item.job, error) : error;
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
