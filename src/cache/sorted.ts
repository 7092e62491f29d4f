/**
 * Puts very many items in order without holding them: sorted runs go to a temporary file, and are merged from there. Few items
 * never touch the disk.
 */
import type { Disk, PendingFile, ReadableFile } from "../disk/index.ts";

export interface SortOptions<T> {
  readonly disk: Disk;
  /** Where the temporary file goes; asked for when it is needed. */
  readonly folder: () => Promise<string>;
  readonly keyOf: (item: T) => string;
  /** Of keys. */
  readonly compare: (a: string, b: string) => number;
  /** Items in memory at a time. Default 2,048. */
  readonly runLength?: number | undefined;
}

/** `items` as JSON would give them back, in order. Errors of the disk. */
export async function* sorted<T>(items: AsyncIterable<T>, options: SortOptions<T>): AsyncGenerator<T, void, undefined> {
  const { disk, folder, keyOf, compare, runLength = 2_048 } = options;
  const runs: { readonly start: number; readonly end: number }[] = [];
  let pending: PendingFile | undefined;
  let run: Line[] = [];
  const inOrder = () => run.sort((a, b) => compare(a.key, b.key)).map(({ line }) => line);
  try {
    for await (const item of items) {
      // As text an item takes the least, and what it was made of can go.
      run.push({ key: keyOf(item), line: JSON.stringify(item) });
      if (run.length < runLength) continue;
      pending ??= await disk.createPending(await folder(), { mode: 0o600, makeFolders: 0o700 });
      const start = pending.sizeBytes;
      await writeRun(pending, inOrder());
      runs.push({ start, end: pending.sizeBytes });
      run = [];
    }
    const last = inOrder();
    if (pending === undefined) for (const line of last) yield JSON.parse(line) as T;
    else yield* merged(disk, pending.path, runs, last, options);
  } finally {
    await pending?.discard();
  }
}

interface Line {
  readonly key: string;
  readonly line: string;
}

/** Bytes of a run that are written at a time, and read where there are few runs. */
const chunkBytes = 16_384;
/** What the runs read ahead all together, bytes; as text and lines it takes several times that. */
const aheadBytes = 1024 * 1024;

async function writeRun(pending: PendingFile, lines: readonly string[]): Promise<void> {
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
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
  last: readonly string[],
  { keyOf, compare }: SortOptions<T>,
): AsyncGenerator<T, void, undefined> {
  const file = await disk.openRead(path);
  try {
    const heads: { readonly item: T; readonly key: string; readonly next: () => Promise<string | undefined> }[] = [];
    // The first of `heads` comes next; each that is taken is put back by what follows it in its run.
    const enter = async (next: () => Promise<string | undefined>): Promise<void> => {
      const line = await next();
      if (line === undefined) return;
      const item = JSON.parse(line) as T;
      const key = keyOf(item);
      let [low, high] = [0, heads.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (compare(heads[middle]?.key ?? "", key) > 0) high = middle;
        else low = middle + 1;
      }
      heads.splice(low, 0, { item, key, next });
    };
    for (const { start, end } of runs) {
      const run = new Run(file, start, end, Math.min(chunkBytes, Math.ceil(aheadBytes / runs.length)));
      await enter(() => run.next());
    }
    let index = 0;
    await enter(async () => last[index++]);
    for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
      yield head.item;
      await enter(head.next);
    }
  } finally {
    await file.close();
  }
}

/** One sorted stretch of the file, line by line. */
class Run {
  readonly #file: ReadableFile;
  readonly #end: number;
  readonly #chunkBytes: number;
  #position: number;
  #lines: string[] = [];
  #rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);

  constructor(file: ReadableFile, start: number, end: number, chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  async next(): Promise<string | undefined> {
    while (this.#lines.length === 0 && this.#position < this.#end) await this.#fill();
    return this.#lines.pop();
  }

  async #fill(): Promise<void> {
    const chunk = Buffer.alloc(Math.min(this.#chunkBytes, this.#end - this.#position));
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
