/** The first value of a JSON text, held only up to what tells what the text is. */

export interface FirstValue {
  /** The text from its beginning, or, with `results`, from the bracket where they begin. */
  readonly before: readonly Uint8Array[];
  /** What follows that. */
  readonly rest: AsyncIterable<Uint8Array>;
  /** Whether it is an object with an array `pxResults`. */
  readonly results: boolean;
  /** Whether it goes over several lines. */
  readonly isBroken: boolean;
}

const resultsKey = '"pxResults"';
const [quote, backslash, colon, comma, open, close, brace, unbrace, feed] = [
  0x22, 0x5c, 0x3a, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d, 0x0a,
];
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Does not say whether it is JSON at all: who parses it does. */
export async function scanFirst(source: AsyncIterable<Uint8Array>): Promise<FirstValue> {
  const iterator = source[Symbol.asyncIterator]();
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator };
  const before: Uint8Array[] = [];
  let depth = 0;
  let inString = false;
  let escaped = false;
  let isBroken = false;
  /** The last string of the outermost object, its quotes included, as far as it can be the key that is looked for. */
  let text = "";
  let isKey = false;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const chunk = next.value;
    before.push(chunk);
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (inString) {
        if (depth === 1 && text.length <= resultsKey.length) text += String.fromCharCode(byte);
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
        continue;
      }
      if (byte === feed && depth > 0) isBroken = true;
      if (isSpace(byte)) continue;
      if (isKey && byte === open && depth === 1) return { before: [chunk.subarray(at)], rest, results: true, isBroken };
      isKey = byte === colon && depth === 1 && text === resultsKey;
      if (byte === quote) {
        inString = true;
        text = '"';
      } else if (byte === brace || byte === open) depth += 1;
      else if (byte === unbrace || byte === close) depth -= 1;
      else if (byte === comma) text = "";
      if (depth <= 0 && byte !== quote) return { before, rest, results: false, isBroken };
    }
  }
  return { before, rest, results: false, isBroken };
}
