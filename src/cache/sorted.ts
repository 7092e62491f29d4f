/**
 * Puts very many items in order without holding them: sorted runs go to a temporary file, and are merged from there. Few items
 * never touch the disk.
 */
import type { Disk, PendingFile, ReadableFile } from "../disk/index.ts";

export interface SortOptions<T> {
  readonly disk: Disk;
  /** Where the temporary file goes; asked for when it is needed. */
  readonly folder: () => Promise<string>;
  readonly compare: (a: T, b: T) => number;
  /** Items in memory at a time. Default 4,096. */
  readonly runLength?: number | undefined;
}

/** `items` as JSON would give them back, in order. Errors of the disk. */
export async function* sorted<T>(items: AsyncIterable<T>, options: SortOptions<T>): AsyncGenerator<T, void, undefined> {
  const { disk, folder, compare, runLength = 4_096 } = options;
  const runs: { readonly start: number; readonly end: number }[] = [];
  let pending: PendingFile | undefined;
  let run: T[] = [];
  try {
    for await (const item of items) {
      run.push(item);
      if (run.length < runLength) continue;
      pending ??= await disk.createPending(await folder(), { mode: 0o600, makeFolders: 0o700 });
      const start = pending.sizeBytes;
      await writeRun(pending, run.sort(compare));
      runs.push({ start, end: pending.sizeBytes });
      run = [];
    }
    run.sort(compare);
    if (pending === undefined) yield* run;
    else yield* await merged(disk, pending.path, runs, run, compare);
  } finally {
    await pending?.discard();
  }
}

/** Bytes of a run that are read or written at a time. */
const chunkBytes = 16_384;

async function writeRun(pending: PendingFile, run: readonly unknown[]): Promise<void> {
  let text = "";
  for (const item of run) {
    text += `${JSON.stringify(item)}\n`;
    if (text.length < chunkBytes) continue;
    await pending.write(Buffer.from(text));
    text = "";
  }
  if (text !== "") await pending.write(Buffer.from(text));
}

async function* merged<T>(
  disk: Disk,
  path: string,
  runs: readonly { readonly start: number; readonly end: number }[],
  last: readonly T[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T, void, undefined> {
  const file = await disk.openRead(path);
  try {
    const sources = runs.map((run) => new Run<T>(file, run.start, run.end));
    const heads: { readonly item: T; readonly next: () => Promise<T | undefined> }[] = [];
    for (const source of sources) await enter(() => source.next());
    let index = 0;
    await enter(async () => last[index++]);
    // The first of `heads` comes next; each that is taken is put back by its next item.
    async function enter(next: () => Promise<T | undefined>): Promise<void> {
      const item = await next();
      if (item === undefined) return;
      let [low, high] = [0, heads.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (compare((heads[middle] as { readonly item: T }).item, item) > 0) high = middle;
        else low = middle + 1;
      }
      heads.splice(low, 0, { item, next });
    }
    for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
      yield head.item;
      await enter(head.next);
    }
  } finally {
    await file.close();
  }
}

/** One sorted stretch of the file, line by line. */
class Run<T> {
  readonly #file: ReadableFile;
  readonly #end: number;
  #position: number;
  #lines: string[] = [];
  #rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);

  constructor(file: ReadableFile, start: number, end: number) {
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  async next(): Promise<T | undefined> {
    while (this.#lines.length === 0 && this.#position < this.#end) await this.#fill();
    const line = this.#lines.pop();
    return line === undefined ? undefined : (JSON.parse(line) as T);
  }

  async #fill(): Promise<void> {
    const chunk = Buffer.alloc(Math.min(chunkBytes, this.#end - this.#position));
    const read = await this.#file.read(chunk, this.#position);
    // Somebody cut the file short: what is missing is not there.
    this.#position = read < chunk.byteLength ? this.#end : this.#position + read;
    const bytes = Buffer.concat([this.#rest, chunk.subarray(0, read)]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#rest = Buffer.from(bytes.subarray(end));
    if (end > 0)
      this.#lines = bytes
        .toString("utf8", 0, end - 1)
        .split("\n")
        .reverse();
  }
}
