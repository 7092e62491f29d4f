/**
 * A large object up or down, so that a later process can go on with it: parts that a server has, and bytes that a file beside the
 * target has, are not moved again while the source is the same version.
 */
import { isEntrepotError } from "../error/index.ts";
import {
  type BodySink,
  type Bytes,
  isStrongEtag,
  type ObjectInfo,
  type ReadResult,
  type ResumableWrite,
  readStream,
  type WriteOptions,
  type WriteResult,
  type WrittenSoFar,
} from "../store/index.ts";
import { type CopiedObject, type CopyConditions, describedAs } from "./copy-object.ts";
import { abandonLarge } from "./journal/abandon.ts";
import { largeBytes } from "./journal/large-state.ts";
import type { Marks } from "./journal/marks.ts";
import type { CopyJob } from "./object-jobs.ts";
import { mergedRanges, missingRanges, type Range, RunWatch } from "./ranges.ts";

export interface LargeCopyOptions {
  readonly marks: Marks;
  readonly signal?: AbortSignal | undefined;
  readonly condition?: CopyConditions | undefined;
  readonly onBytes: (doneBytes: number) => void;
}

/** A job of which everything is known that going on takes. */
type LargeJob = CopyJob & { readonly sizeBytes: number; readonly etag: string };

/**
 * Copies; `undefined` where there is no way to go on with it, or the source is another version by now: it is copied as any other then.
 * Errors of a read and of a write.
 */
export async function copyLarge(job: CopyJob, options: LargeCopyOptions): Promise<CopiedObject | undefined> {
  if (!isLarge(job)) return undefined;
  const comes = isRemote(job.from);
  const goes = isRemote(job.to);
  if (comes === goes || (comes && job.to.store.receive === undefined)) return undefined;
  // What cannot be taken away now is found by `jobs uploads --all`.
  for (const stale of options.marks.takeStale(job)) await abandonLarge(stale, job.to).catch(() => undefined);
  try {
    const written = comes ? await download(job, options) : await upload(job, options);
    return { written, sourceEtag: job.etag };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    // With a condition on the target it may be that one which failed: the other way says so itself.
    if (!isEntrepotError(error, "precondition-failed", "changed", "integrity", "truncated")) throw error;
    options.marks.gone(job);
    return undefined;
  }
}

function isLarge(job: CopyJob): job is LargeJob {
  return job.sizeBytes !== undefined && job.sizeBytes >= largeBytes && job.etag !== undefined && isStrongEtag(job.etag);
}

function isRemote({ origin, store }: CopyJob["from"]): boolean {
  return (origin ?? store).requestsOf !== undefined;
}

async function upload(job: LargeJob, options: LargeCopyOptions): Promise<WriteResult> {
  const { from, to, sizeBytes, etag } = job;
  const { marks, signal, condition } = options;
  const info = await from.store.stat(from.key, { signal, versionId: from.versionId, ifMatch: etag });
  const partBytes = new Map<number, number>();
  let doneBytes = 0;
  const openRange = async function* (start: number, end: number): AsyncGenerator<Bytes, void, undefined> {
    let bytes = 0;
    const request = { signal, versionId: from.versionId, ifMatch: etag, range: { start, end } };
    for await (const chunk of readStream(from.store, from.key, request)) {
      bytes += chunk.byteLength;
      // A part is read again when it is sent again, and once before where its signature covers it.
      doneBytes += bytes - (partBytes.get(start) ?? 0);
      partBytes.set(start, bytes);
      options.onBytes(doneBytes);
      yield chunk;
    }
  };
  const resume: ResumableWrite = {
    begun: marks.largeState(job)?.upload,
    onBegun: (upload) => marks.began(job, { upload }),
  };
  const body = { sizeBytes, open: () => openRange(0, sizeBytes), openRange };
  const write: WriteOptions = {
    ...describedAs(info, job.contentType),
    ...condition,
    modifiedMs: job.modifiedMs,
    signal,
    resume,
  };
  return to.store.write(to.key, body, write);
}

async function download(job: LargeJob, options: LargeCopyOptions): Promise<WriteResult> {
  const { to, sizeBytes } = job;
  const { marks, signal, condition } = options;
  const state = marks.largeState(job);
  let got: readonly Range[] = mergedRanges(state?.got ?? [], sizeBytes);
  const there = missingRanges(got, sizeBytes).length === 0 ? await publishedBefore(job, signal) : undefined;
  if (there !== undefined) {
    if (state !== undefined) await abandonLarge(state, to);
    return there;
  }
  const resume: ResumableWrite = {
    begun: state?.file,
    async onBegun(file) {
      got = [];
      await marks.began(job, { file });
    },
  };
  const watch = new RunWatch((start, end) => marks.got(job, start, end));
  const receive = to.store.receive?.bind(to.store);
  if (receive === undefined) throw new TypeError("the target takes no pieces");
  try {
    const { written } = await receive(
      to.key,
      async (sink, so) => {
        const read =
          got.length === 0 ? readAll(job, sink, watch, options) : readRest(job, sink, so, got, watch, options);
        const result = await read;
        // Before it gets its name: whoever dies then need not fetch it again.
        watch.end();
        await marks.flush();
        return result;
      },
      { ...condition, modifiedMs: job.modifiedMs, signal, resume },
    );
    return written;
  } finally {
    watch.end();
    await marks.flush();
  }
}

/** All of it came, and its file may have got its name just before the process died: what stands there is held against the server's checksum. */
async function publishedBefore(
  { from, to, sizeBytes, etag }: LargeJob,
  signal: AbortSignal | undefined,
): Promise<WriteResult | undefined> {
  const origin = from.origin ?? from.store;
  const there = await to.store.stat(to.key, { signal }).catch((error: unknown) => {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  });
  if (there?.sizeBytes !== sizeBytes || origin.verify === undefined) return undefined;
  const bytes = readStream(to.store, to.key, { signal, ifMatch: there.etag });
  const verified = await origin
    .verify(from.key, bytes, { signal, versionId: from.versionId, ifMatch: etag })
    .catch((error: unknown) => {
      if (isEntrepotError(error, "integrity")) return "another";
      throw error;
    });
  return verified === "checksum" ? { etag: there.etag, sizeBytes, versionId: undefined } : undefined;
}

async function readAll(
  job: LargeJob,
  sink: BodySink,
  watch: RunWatch,
  { signal, onBytes }: LargeCopyOptions,
): Promise<ReadResult> {
  const { from, etag } = job;
  let doneBytes = 0;
  const arrived = (start: number, end: number): void => {
    watch.add(start, end);
    doneBytes += end - start;
    onBytes(doneBytes);
  };
  const request = { signal, versionId: from.versionId, ifMatch: etag };
  const read = await from.store.read(from.key, watched(sink, 0, arrived), request);
  if (read === "not-modified") throw new TypeError("no condition was given");
  return read;
}

/** What is missing, then all of it held against what the server keeps of the whole. */
async function readRest(
  job: LargeJob,
  sink: BodySink,
  writtenSoFar: WrittenSoFar,
  got: readonly Range[],
  watch: RunWatch,
  { signal, onBytes }: LargeCopyOptions,
): Promise<ReadResult> {
  const { from, etag, sizeBytes } = job;
  const { versionId } = from;
  let doneBytes = got.reduce((sum, [start, end]) => sum + end - start, 0);
  onBytes(doneBytes);
  const arrived = (start: number, end: number): void => {
    watch.add(start, end);
    doneBytes += end - start;
    onBytes(doneBytes);
  };
  let info: ObjectInfo | undefined;
  for (const [start, end] of missingRanges(got, sizeBytes)) {
    const request = { signal, versionId, ifMatch: etag, range: { start, end } };
    const read = await from.store.read(from.key, placed(watched(sink, start, arrived)), request);
    if (read !== "not-modified") info = read.info;
  }
  info ??= await from.store.stat(from.key, { signal, versionId, ifMatch: etag });
  const origin = from.origin ?? from.store;
  const whole = { start: 0, end: sizeBytes };
  const verified = await origin.verify?.(from.key, writtenSoFar(0, sizeBytes), { signal, versionId, ifMatch: etag });
  return { info, range: whole, verified: verified ?? "length" };
}

/** A sink for a stretch that begins at `start`, which tells what has arrived. */
function watched(sink: BodySink, start: number, arrived: (start: number, end: number) => void): BodySink {
  let position = start;
  const told = (at: number, bytes: number, taken: void | Promise<void>): void | Promise<void> => {
    if (taken === undefined) return arrived(at, at + bytes);
    return taken.then(() => arrived(at, at + bytes));
  };
  const { writeAt } = sink;
  return {
    restartable: sink.restartable,
    start: (info, range) => sink.start(info, range),
    write(chunk) {
      const at = position;
      position += chunk.byteLength;
      return told(at, chunk.byteLength, writeAt === undefined ? sink.write(chunk) : writeAt.call(sink, at, chunk));
    },
    ...(writeAt === undefined
      ? undefined
      : {
          writeAt: (offset: number, chunk: Uint8Array) =>
            told(start + offset, chunk.byteLength, writeAt.call(sink, start + offset, chunk)),
        }),
  };
}

/** One whose start says nothing: what is there already stays. */
function placed(sink: BodySink): BodySink {
  return { ...sink, start: () => undefined };
}
