/**
 * Whether JSON lines may hold lists and objects deep in each other: for each level polars calls itself, and a thousand of them end
 * the process. Only what opens in a line is counted, so that "no" is certain; `checkLines` looks closer where it is "yes".
 */

const [list, object, newline] = [0x5b, 0x7b, 0x0a];

/** Levels of lists and objects in a line, its own object among them. */
export const mostLevels = 64;

/** Whether any of the first lines does. */
export async function mayBeDeep(
  chunks: AsyncIterable<Uint8Array>,
  lines: number = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const nesting = new Nesting();
  let left = lines;
  for await (const chunk of chunks) {
    if (nesting.mayGrowDeep(chunk)) return true;
    if (left < Number.POSITIVE_INFINITY)
      for (let at = chunk.indexOf(newline); at !== -1 && left > 0; at = chunk.indexOf(newline, at + 1)) left -= 1;
    if (left <= 0) return false;
  }
  return false;
}

/** The same bytes; `tell` is called when they may be deep, before they are handed on. */
export async function* watched(chunks: AsyncIterable<Uint8Array>, tell: () => void): AsyncGenerator<Uint8Array> {
  const nesting = new Nesting();
  for await (const chunk of chunks) {
    if (nesting.mayGrowDeep(chunk)) tell();
    yield chunk;
  }
}

class Nesting {
  /** In the line that has begun. */
  #opened = 0;

  mayGrowDeep(chunk: Uint8Array): boolean {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let line = 0;
    // each search is one call for all bytes up to the next, which is what makes it cheap
    let [nextList, nextObject] = [bytes.indexOf(list), bytes.indexOf(object)];
    while (nextList !== -1 || nextObject !== -1) {
      const isList = nextObject === -1 || (nextList !== -1 && nextList < nextObject);
      const at = isList ? nextList : nextObject;
      if (isList) nextList = bytes.indexOf(list, at + 1);
      else nextObject = bytes.indexOf(object, at + 1);
      this.#opened += 1;
      if (this.#opened <= mostLevels) continue;
      // those of lines before count no more
      const start = bytes.lastIndexOf(newline, at) + 1;
      if (start > line) this.#opened = opensIn(bytes.subarray(start, at + 1));
      if (this.#opened > mostLevels) return true;
      line = start;
    }
    const start = bytes.lastIndexOf(newline) + 1;
    if (start > line) this.#opened = opensIn(bytes.subarray(start));
    return false;
  }
}

function opensIn(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === list || byte === object) count += 1;
  return count;
}
