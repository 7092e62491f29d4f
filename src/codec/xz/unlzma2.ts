/** LZMA2: chunks with or without compression, each small enough to be decoded whole. */
import type { ByteFeed } from "../byte-feed.ts";
import type { Bytes } from "../bytes.ts";
import { CodecFault } from "../codec-fault.ts";
import type { Dictionary } from "./dictionary.ts";
import { LzmaDecoder } from "./lzma-decoder.ts";
import type { LzmaProperties } from "./lzma-model.ts";

/** Told how many bytes were taken from the feed. */
export type Taken = (bytes: Uint8Array) => void;

/** All chunks up to their end mark, by a dictionary that was restarted. Faults: truncated, malformed. */
export async function* unlzma2(feed: ByteFeed, dictionary: Dictionary, taken: Taken): AsyncGenerator<Bytes> {
  let lzma: LzmaDecoder | undefined;
  let needsDictionary = true;
  let count = 0;
  const take = async (size: number): Promise<Uint8Array> => {
    const bytes = await feed.take(size);
    if (bytes.length < size) throw new CodecFault("truncated", "the data ends too early");
    taken(bytes);
    return bytes;
  };
  for (;;) {
    const control = (await take(1))[0] ?? 0;
    if (control === 0) return;
    const isStored = control < 0x80;
    if (isStored && control > 2) throw new CodecFault("malformed", "a chunk of no kind");
    const reset = isStored ? (control === 1 ? 3 : 0) : (control >> 5) & 3;
    if (reset === 3) {
      needsDictionary = false;
      lzma = undefined;
      dictionary.reset();
      count = 0;
    } else if (needsDictionary) throw new CodecFault("malformed", "a chunk that refers to nothing");
    const head = await take(isStored ? 2 : 4);
    const size = (isStored ? 0 : (control & 0x1f) << 16) + word(head, 0) + 1;
    if (isStored) {
      const stored = await take(size);
      dictionary.prepare(size);
      dictionary.bytes.set(stored, dictionary.at);
      dictionary.at += size;
    } else {
      const packed = word(head, 2) + 1;
      if (reset >= 2) {
        lzma = new LzmaDecoder(dictionary, propertiesOf((await take(1))[0] ?? 0));
      } else if (lzma === undefined) throw new CodecFault("malformed", "a chunk without properties");
      else if (reset === 1) lzma.reset();
      const chunk = await take(packed);
      dictionary.prepare(size);
      lzma.moveTo(count);
      lzma.decode(chunk, size);
    }
    count = (count + size) % 16;
    yield dictionary.taken(dictionary.at - size);
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function propertiesOf(byte: number): LzmaProperties {
  const pb = Math.floor(byte / 45);
  const lp = Math.floor((byte % 45) / 9);
  const lc = byte % 9;
  if (pb > 4 || lc + lp > 4) throw new CodecFault("malformed", "properties out of bounds");
  return { lc, lp, pb };
}
