/**
 * Whether JSON lines have no other keys than those that are known, each once, whole characters, and no numbers where texts are expected:
 * a look at every colon behind a quote, without parsing. "Yes" is certain; "no" may be a text that only looks like a key.
 */

const [colon, quote, backslash, newline, brace] = [0x3a, 0x22, 0x5c, 0x0a, 0x7b];
const fourColons = 0x3a3a3a3a;

export interface KnownKey {
  readonly name: string;
  /** Whether its values are texts, where a number would lose digits. */
  readonly isText: boolean;
}

/** Of objects that hold no others. Keys are compared as they are written, so that one with an escape is not known. */
export async function hasOnlyKeys(chunks: AsyncIterable<Uint8Array>, keys: readonly KnownKey[]): Promise<boolean> {
  const known = keys.map(({ name }) => Buffer.from(`"${name}`));
  if (known.length === 0) return false;
  const state: State = { known, isText: keys.map(({ isText }) => isText), last: known.length };
  // words of four bytes are looked at in one go, so they must lie where words do
  let bytes: Uint8Array = new Uint8Array(0);
  let rest = 0;
  for await (const chunk of chunks) {
    const size = rest + chunk.byteLength;
    if (bytes.byteLength < size) {
      const larger = new Uint8Array(2 * ((size + 3) & ~3));
      larger.set(bytes.subarray(0, rest));
      bytes = larger;
    }
    bytes.set(chunk, rest);
    const end = bytes.lastIndexOf(newline, size - 1) + 1;
    if (hasHalves(bytes, end) || !scan(bytes, end, state)) return false;
    bytes.copyWithin(0, end, size);
    rest = size - end;
  }
  return !hasHalves(bytes, rest) && scan(bytes, rest, state);
}

/** Whether halves of characters are written as escapes, be they whole together or not. */
function hasHalves(bytes: Uint8Array, end: number): boolean {
  const text = Buffer.from(bytes.buffer, 0, end);
  return text.includes("\\u") && (text.includes("\\ud") || text.includes("\\uD"));
}

interface State {
  /** Each with its first quote. */
  readonly known: readonly Uint8Array[];
  readonly isText: readonly boolean[];
  /** The one that was seen last; in one line they are all in one order, so that none comes twice. */
  last: number;
}

/** Whole lines, to `end`. */
function scan(bytes: Uint8Array, end: number, state: State): boolean {
  const words = new Int32Array(bytes.buffer, 0, bytes.byteLength >> 2);
  const count = (end + 3) >> 2;
  for (let word = 0; word < count; word += 1) {
    const differs = (words[word] as number) ^ fourColons;
    // a byte of it is 0 where there is a colon
    if (((differs - 0x01010101) & ~differs & 0x80808080) === 0) continue;
    const last = Math.min(end, 4 * word + 4);
    for (let at = 4 * word; at < last; at += 1) if (bytes[at] === colon && !isKnownAt(bytes, at, state)) return false;
  }
  return true;
}

/** Whether what ends before the colon is a known key, or certainly none. */
function isKnownAt(bytes: Uint8Array, at: number, state: State): boolean {
  let end = at - 1;
  while (isSpace(bytes[end])) end -= 1;
  if (bytes[end] !== quote) return true;
  if (bytes[end - 1] === backslash && isEscaped(bytes, end)) return true;
  const { known, isText, last } = state;
  for (let turn = 1; turn <= known.length; turn += 1) {
    const index = (last + turn) % known.length;
    const key = known[index] as Uint8Array;
    if (!endsWith(bytes, end, key)) continue;
    state.last = index;
    if (index <= last && !isFirst(bytes, end - key.length)) return false;
    return isText[index] === false || isTextAt(bytes, at + 1);
  }
  return false;
}

/** Whether a key that begins there is the first of its line. */
function isFirst(bytes: Uint8Array, start: number): boolean {
  let before = start - 1;
  while (isSpace(bytes[before]) || bytes[before] === brace) before -= 1;
  return before < 0 || bytes[before] === newline;
}

/** Whether a value that begins there is a text or missing: polars makes text of all others, too, with fewer digits. */
function isTextAt(bytes: Uint8Array, at: number): boolean {
  let first = at;
  while (isSpace(bytes[first])) first += 1;
  return bytes[first] === quote || bytes[first] === 0x6e;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** A quote behind an odd number of backslashes ends nothing. */
function isEscaped(bytes: Uint8Array, at: number): boolean {
  let first = at;
  while (bytes[first - 1] === backslash) first -= 1;
  return (at - first) % 2 === 1;
}

function endsWith(bytes: Uint8Array, end: number, key: Uint8Array): boolean {
  const start = end - key.length;
  if (start < 0 || bytes[start - 1] === backslash) return false;
  for (let index = key.length - 1; index >= 0; index -= 1) if (bytes[start + index] !== key[index]) return false;
  return true;
}
