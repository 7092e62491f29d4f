/** LZMA as zips hold it: one stream whose size is known, with or without a mark at its end. */
import { ByteFeed } from "../byte-feed.ts";
import type { Bytes } from "../bytes.ts";
import { CodecFault } from "../codec-fault.ts";
import { takingTurns } from "../turns.ts";
import { assertRoomFor } from "./block-header.ts";
import { Dictionary } from "./dictionary.ts";
import { LzmaDecoder } from "./lzma-decoder.ts";
import { type LzmaProperties, longestMatch } from "./lzma-model.ts";
import { RangeDecoder } from "./range-decoder.ts";

/** What is decoded between two turns of the event loop. */
const pieceBytes = 128 * 1024;
const inputBytes = 64 * 1024;

/** Decodes a stream that ends with its source. Faults: truncated, malformed, limit-exceeded. */
export async function* unlzma(
  source: AsyncIterable<Uint8Array>,
  { sizeBytes, hasEnd }: { readonly sizeBytes: number; readonly hasEnd: boolean },
): AsyncGenerator<Bytes> {
  const feed = new ByteFeed(source);
  const turn = takingTurns(6);
  try {
    const { properties, dictionarySize } = await readHeader(feed);
    const dictionary = new Dictionary(dictionarySize);
    const decoder = new LzmaDecoder(dictionary, properties);
    const { bytes: first, isLast } = await nextInput(feed);
    if (first.length < 5) throw tooEarly();
    const range = new RangeDecoder(first, decoder.probabilities, isLast);
    let isEnd = false;
    for (let [left, isDry] = [sizeBytes, isLast]; left > 0 || (hasEnd && !isEnd); ) {
      if (range.isBeyond) {
        if (isDry) throw tooEarly();
        const more = await nextInput(feed);
        isDry = more.isLast;
        range.extend(more.bytes, isDry);
      }
      dictionary.prepare(Math.min(left, pieceBytes) + longestMatch);
      const start = dictionary.at;
      // with nothing left but the mark, a byte would be one too many
      isEnd = decoder.run(range, start + Math.max(1, Math.min(left, pieceBytes)), start + left);
      left -= dictionary.at - start;
      if (isEnd && left > 0) throw new CodecFault("malformed", "an end before the end");
      if (dictionary.at > start) yield dictionary.taken(start);
      await turn();
    }
    if (!range.isAtEnd || (await feed.takeSome(1)).length > 0)
      throw new CodecFault("malformed", "an end that is not where it should be");
  } finally {
    await feed.close();
  }
}

/** The version of who made it, and the properties. */
async function readHeader(feed: ByteFeed): Promise<{ properties: LzmaProperties; dictionarySize: number }> {
  const header = (await feed.take(9)).slice();
  if (header.length < 9) throw tooEarly();
  const [, , low = 0, high = 0, coded = 0] = header;
  if (low !== 5 || high !== 0 || coded >= 9 * 5 * 5) throw new CodecFault("malformed", "properties out of bounds");
  const dictionarySize = new DataView(header.buffer).getUint32(5, true);
  assertRoomFor(dictionarySize);
  const properties = { lc: coded % 9, lp: Math.floor(coded / 9) % 5, pb: Math.floor(coded / 45) };
  return { properties, dictionarySize: Math.max(4096, dictionarySize) };
}

/** A copy, and whether it is the end. */
async function nextInput(feed: ByteFeed): Promise<{ readonly bytes: Uint8Array; readonly isLast: boolean }> {
  const bytes = (await feed.take(inputBytes)).slice();
  return { bytes, isLast: bytes.length < inputBytes || (await feed.peek(1)).length === 0 };
}

function tooEarly(): CodecFault {
  return new CodecFault("truncated", "the data ends too early");
}
