/** The bytes of one write, in order, exactly as many as announced, if any were, and no longer than the caller wants to wait. */
import { types } from "node:util";
import { EntrepotError } from "../error/index.ts";
import type { WriteBody } from "./object-store.ts";
import { untilAborted } from "./until-aborted.ts";

/** What the chunks are for. */
export interface BodyContext {
  /** Of the object that is written. */
  readonly uri: string;
  readonly signal?: AbortSignal | undefined;
}

/** The size that a body announces, bytes; `undefined` for a source of unknown length. */
export function bodySize(body: WriteBody): number | undefined {
  return body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
}

/** One pass over the body. Errors: truncated when it ends early or late, `signal.reason`. */
export async function* bodyChunks(body: WriteBody, context: BodyContext): AsyncGenerator<Uint8Array, void, undefined> {
  context.signal?.throwIfAborted();
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  const { sizeBytes } = body;
  const iterator = body.open()[Symbol.asyncIterator]();
  let size = 0;
  let ended = false;
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), context.signal);
      if (next.done === true) break;
      // A stream with an encoding gives text, which has no byteLength: all of it would be lost without a word.
      if (!types.isUint8Array(next.value)) {
        throw new TypeError(`The source of ${context.uri} gave what is no Uint8Array`);
      }
      size += next.value.byteLength;
      if (sizeBytes !== undefined && size > sizeBytes) throw wrongSize(context.uri, sizeBytes, "more");
      yield next.value;
    }
    ended = true;
    if (sizeBytes !== undefined && size < sizeBytes) throw wrongSize(context.uri, sizeBytes, `only ${size}`);
  } finally {
    // Not awaited: a source that hangs would hold up the abort that is to end it.
    if (!ended) void endOf(iterator);
  }
}

/** Never rejects, whatever a foreign iterator's `return()` does: it would hide why the source was ended. */
async function endOf(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // Nobody wants to know: nothing more is taken from it.
  }
}

function wrongSize(uri: string, announced: number, came: string): EntrepotError {
  const hint = "give the size that the source really has; nothing was written";
  return new EntrepotError("truncated", `The source of ${uri} announced ${announced} bytes, and ${came} came`, {
    uri,
    hint,
    retryable: false,
  });
}
