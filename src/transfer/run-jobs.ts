/**
 * Runs jobs from a stream with bounded concurrency. Nothing is queued: the next job is asked for when a place is free.
 */

/**
 * Runs `work` on each job, at most `concurrency` at once, and resolves when all are done. The first rejection of `work` or of
 * the stream stops asking for more; what runs is awaited, then that error is thrown. Aborts reject with `signal.reason`.
 */
export async function runJobs<J>(
  jobs: AsyncIterable<J>,
  concurrency: number,
  work: (job: J) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const iterator = jobs[Symbol.asyncIterator]();
  let stopped = false;
  let asking: Promise<unknown> = Promise.resolve();
  const next = (): Promise<IteratorResult<J>> => {
    // a generator answers one call at a time, so workers ask in turn
    const answer = asking.then(() => (stopped ? { done: true as const, value: undefined } : iterator.next()));
    asking = answer.catch(() => undefined);
    return answer;
  };
  const worker = async (): Promise<void> => {
    try {
      for (let job = await next(); job.done !== true; job = await next()) {
        signal?.throwIfAborted();
        await work(job.value);
      }
    } catch (error) {
      stopped = true;
      throw error;
    }
  };
  const workers = Array.from({ length: concurrency }, worker);
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed === undefined) return;
  await iterator.return?.();
  signal?.throwIfAborted();
  throw failed.reason;
}
