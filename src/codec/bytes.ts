/** Bytes as the room gives them out. */

/** Never a view of memory that someone else writes to. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** All chunks as one array of exactly their size. */
export async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    all.push(chunk);
    size += chunk.length;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of all) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
