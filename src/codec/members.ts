/**
 * Compressed data that consists of members (gzip) or frames (zstd) one after the other. Node's streams go on to the next one
 * in some cases and end in others, dropping what follows; here all are read.
 */
import type { Bytes } from "./bytes.ts";
import { Engine, type ZlibStream } from "./engine.ts";

/** Decodes all members. `between` is given what follows a member, and takes padding off. Throws what zlib says. */
export async function* decodeMembers(
  source: AsyncIterable<Uint8Array>,
  open: () => ZlibStream,
  between: (rest: Uint8Array) => Uint8Array,
): AsyncGenerator<Bytes> {
  let engine: Engine | undefined;
  let isFirst = true;
  try {
    for await (const chunk of source) {
      for (let rest: Uint8Array = chunk; rest.length > 0; ) {
        if (engine === undefined) {
          if (!isFirst) rest = between(rest);
          if (rest.length === 0) break;
          isFirst = false;
          engine = new Engine(open());
        }
        const before = engine.taken;
        yield* engine.push(rest);
        if (!engine.ended) break;
        rest = rest.subarray(engine.taken - before);
        engine.close();
        engine = undefined;
      }
    }
    if (engine !== undefined) yield* engine.finish();
  } finally {
    engine?.close();
  }
}
