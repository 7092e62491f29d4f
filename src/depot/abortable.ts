/** A caller's stream that stops being waited for when the call is aborted, even if it never gives another byte. */
import { offAbort, onAbort } from "../net/index.ts";
import { byteChunks, untilAborted } from "../store/index.ts";

/** The chunks of `source`; `signal.reason` as soon as the signal fires. A web stream is then cancelled. */
export async function* abortable(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal === undefined) return yield* byteChunks(source);
  signal.throwIfAborted();
  const iterator = byteChunks("getReader" in source ? chunksOf(source, signal) : source);
  let ended = false;
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      if (next.done === true) break;
      yield next.value;
    }
    ended = true;
  } finally {
    // not awaited: a source that hangs would hold up the abort that is to end it
    if (!ended) void iterator.return(undefined).catch(() => undefined);
  }
}

/** A web stream can be cancelled while a read waits; its own iterator would wait for that read. */
async function* chunksOf(source: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = source.getReader();
  const cancel = () => void reader.cancel(signal.reason).catch(() => undefined);
  onAbort(signal, cancel);
  let ended = false;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    ended = true;
  } finally {
    offAbort(signal, cancel);
    if (!ended) cancel();
    reader.releaseLock();
  }
}
