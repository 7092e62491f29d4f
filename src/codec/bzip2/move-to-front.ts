/** Moves to the front and runs of its first: many equal bytes become few small symbols. */

import { inSteps, type Steps } from "../turns.ts";

export interface Symbols {
  readonly symbols: Uint16Array;
  /** By symbol. */
  readonly frequencies: Int32Array;
  /** The bytes that occur, in order. */
  readonly used: Uint8Array;
}

/** The symbols of a block; the last one is its end. */
export function* movedToFront(lasts: Uint8Array): Steps<Symbols> {
  const occurs = new Uint8Array(256);
  for (const byte of lasts) occurs[byte] = 1;
  const used = Uint8Array.from(Array.from(occurs.keys()).filter((byte) => occurs[byte] === 1));
  const end = used.length + 1;
  const symbols = new Uint16Array(lasts.length + 2);
  const frequencies = new Int32Array(end + 1);
  const recent = used.slice();
  let count = 0;
  let run = 0;
  const put = (symbol: number) => {
    symbols[count] = symbol;
    count += 1;
    frequencies[symbol] = (frequencies[symbol] ?? 0) + 1;
  };
  const putRun = () => {
    // numbers with the digits 1 and 2, the lowest first
    for (; run > 0; run = (run - 1) >> 1) put((run & 1) === 1 ? 0 : 1);
  };
  const add = (byte: number) => {
    if (recent[0] === byte) {
      run += 1;
      return;
    }
    putRun();
    let place = 1;
    let moved = recent[0] ?? 0;
    for (;;) {
      const next = recent[place] ?? 0;
      recent[place] = moved;
      if (next === byte) break;
      moved = next;
      place += 1;
    }
    recent[0] = byte;
    put(place + 1);
  };
  yield* inSteps(lasts.length, (from, to) => {
    for (let at = from; at < to; at += 1) add(lasts[at] ?? 0);
  });
  putRun();
  put(end);
  return { symbols: symbols.subarray(0, count), frequencies, used };
}
