/**
 * Removes many objects: a thousand in one request where their store has a way to, one by one where each has a condition or there is
 * none. A failed object never stops the others.
 */
import { EntrepotError } from "../error/index.ts";
import type { ObjectPlace } from "./copy-object.ts";
import { Gate } from "./gate.ts";
import type { TransferReport } from "./report.ts";
import { runJobs } from "./run-jobs.ts";
import { announced, type Planned, settle, type TransferSettings } from "./settle.ts";
import { Tally } from "./tally.ts";

/** What S3 takes in one request. */
const batchSize = 1000;
/** More would only make a server ask to slow down: each is a thousand changes. */
const batchesAtOnce = 8;

/** One object to be removed. */
export interface RemoveJob {
  readonly what: ObjectPlace;
  readonly sizeBytes: number;
  /** False: it is not there, which is success and counts nothing. Default true. */
  readonly exists?: boolean | undefined;
  readonly problem?: EntrepotError | undefined;
}

interface RemoveSettings extends TransferSettings {
  readonly ifMatch?: string | undefined;
}

/** Removes each job; missing is success. */
export async function removeObjects(jobs: AsyncIterable<RemoveJob>, settings: RemoveSettings): Promise<TransferReport> {
  const tally = new Tally(settings);
  const told = announced(jobs, tally, (job) => job.sizeBytes);
  const gate = new Gate(batchesAtOnce);
  const work = async (batch: readonly RemoveJob[]): Promise<void> => {
    const [first] = batch;
    if (first === undefined) return;
    if (batch.length > 1) await gate.pass(() => removeTogether(batch, tally, settings));
    else await removeOne(first, tally, settings);
  };
  await runJobs(batches(told, settings), settings.concurrency, work, settings.signal);
  return tally.finish();
}

/** Jobs that can be done together, up to a thousand of one store; all others by themselves. */
async function* batches(
  jobs: AsyncIterable<RemoveJob>,
  settings: RemoveSettings,
): AsyncGenerator<readonly RemoveJob[], void, undefined> {
  const waiting = new Map<ObjectPlace["store"], RemoveJob[]>();
  for await (const job of jobs) {
    const { store } = job.what;
    if (!isPlain(job, settings)) {
      yield [job];
      continue;
    }
    const batch = waiting.get(store) ?? [];
    batch.push(job);
    if (batch.length < batchSize) waiting.set(store, batch);
    else {
      waiting.delete(store);
      yield batch;
    }
  }
  yield* waiting.values();
}

/** Whether nothing is asked of the object but to go. */
function isPlain({ what, exists, problem }: RemoveJob, { ifMatch, dryRun }: RemoveSettings): boolean {
  const conditional = ifMatch !== undefined || what.versionId !== undefined;
  const nothingToDo = dryRun === true || exists === false || problem !== undefined;
  return what.store.deleteMany !== undefined && !conditional && !nothingToDo;
}

async function removeOne(job: RemoveJob, tally: Tally, settings: RemoveSettings): Promise<void> {
  const { signal, ifMatch } = settings;
  const { what, exists = true, problem } = job;
  await settle(tally, planned(job), problem, settings, async () => {
    let isQueued = false;
    const onQueued = () => {
      isQueued = true;
    };
    if (exists) await what.store.delete(what.key, { signal, versionId: what.versionId, ifMatch, onQueued });
    return isQueued ? "queued" : undefined;
  });
}

/** All are of one store. Each is told of as soon as its outcome is known. */
async function removeTogether(batch: readonly RemoveJob[], tally: Tally, settings: RemoveSettings): Promise<void> {
  const { signal } = settings;
  const keys = batch.map(({ what }) => what.key);
  const outcomes = batch[0]?.what.store.deleteMany?.(keys, { signal })[Symbol.asyncIterator]();
  /** Why there are no more outcomes. */
  let ended: unknown;
  try {
    for (const job of batch) {
      await settle(tally, planned(job), undefined, settings, async () => {
        if (ended !== undefined) throw ended;
        const next = await outcomes?.next().catch((error: unknown) => {
          ended = error;
          throw error;
        });
        const error = next?.value?.key === job.what.key ? next?.value?.error : notTold(job);
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

function planned({ what, exists = true, sizeBytes }: RemoveJob): Planned {
  return { uri: what.uri, target: undefined, action: exists ? "remove" : "skip", sizeBytes };
}
