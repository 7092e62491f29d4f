/**
 * Whether JSON lines may hold lists and objects deep in each other: for each level polars calls itself, and a thousand of them end
 * the process. Only what opens in a line is counted, so that "no" is certain; `checkLines` looks closer where it is "yes".
 */

const [list, object, newline] = [0x5b, 0x7b, 0x0a];

/** Levels of lists and objects in a line, its own object among them. */
export const mostLevels = 64;

export async function mayBeDeep(chunks: AsyncIterable<Uint8Array>): Promise<boolean> {
  // of the line that has begun
  let opened = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let line = 0;
    for (const at of opensOf(bytes, 0)) {
      opened += 1;
      if (opened <= mostLevels) continue;
      const start = bytes.lastIndexOf(newline, at) + 1;
      opened = start > line ? [...opensOf(bytes.subarray(0, at + 1), start)].length : opened;
      if (opened > mostLevels) return true;
      line = start;
    }
    const start = bytes.lastIndexOf(newline) + 1;
    if (start > line) opened = [...opensOf(bytes, start)].length;
  }
  return false;
}

/** Places in order. Each search is one call for all bytes up to the next, which is what makes it cheap. */
function* opensOf(bytes: Buffer, start: number): Generator<number> {
  let [nextList, nextObject] = [bytes.indexOf(list, start), bytes.indexOf(object, start)];
  while (nextList !== -1 || nextObject !== -1) {
    if (nextObject === -1 || (nextList !== -1 && nextList < nextObject)) {
      yield nextList;
      nextList = bytes.indexOf(list, nextList + 1);
    } else {
      yield nextObject;
      nextObject = bytes.indexOf(object, nextObject + 1);
    }
  }
}
