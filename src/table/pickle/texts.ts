/** Texts of JavaScript as Arrow keeps them: UTF-8 one after the other, with offsets. */
import { EntrepotError } from "../../error/index.ts";

export interface Utf8Texts {
  readonly bytes: Uint8Array;
  /** One more than there are texts. */
  readonly offsets: BigInt64Array;
}

/** Texts that are encoded in one go. */
const atOnce = 65_536;

/** What is missing takes no bytes. Error: unsupported for half a character, which UTF-8 cannot hold. `name` is the column's. */
export function utf8Texts(texts: readonly (string | null)[], name: string, uri: string): Utf8Texts {
  const offsets = new Float64Array(texts.length + 1);
  const chunks: Buffer[] = [];
  let end = 0;
  for (let first = 0; first < texts.length; first += atOnce) {
    const some = texts.slice(first, first + atOnce);
    const chunk = Buffer.from(some.map((text) => text ?? "").join(""));
    const start = end;
    const isAscii = chunk.byteLength === some.reduce((sum, text) => sum + (text?.length ?? 0), 0);
    for (const [index, text] of some.entries()) {
      if (text !== null) end += isAscii ? text.length : Buffer.byteLength(text);
      offsets[first + index + 1] = end;
    }
    // two halves that meet in neighbours are no character, either: each was counted by itself
    if (end - start !== chunk.byteLength || (!isAscii && some.some((text) => text !== null && isTorn(text))))
      throw torn(name, uri);
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), offsets: longOffsets(offsets) };
}

/** As integers of 64 bits, in halves: making a bigint of each takes many times as long. */
export function longOffsets(offsets: Float64Array | Int32Array): BigInt64Array {
  const halves = new Int32Array(2 * offsets.length);
  for (let at = 0; at < offsets.length; at += 1) {
    const offset = offsets[at] as number;
    halves[2 * at] = offset | 0;
    halves[2 * at + 1] = Math.floor(offset / 2 ** 32);
  }
  return new BigInt64Array(halves.buffer);
}

/** Whether it holds a half of a character without its other half. */
function isTorn(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function torn(name: string, uri: string): EntrepotError {
  return new EntrepotError("unsupported", `column ${JSON.stringify(name)} of ${uri} holds half a character`, {
    uri,
    hint: "a lone surrogate is no text that a table can hold: readPickle gives it as it is",
  });
}
