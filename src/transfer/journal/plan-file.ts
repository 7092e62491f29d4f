/** A plan on disk, line by line, so that the memory stays flat however long it is. Nobody sees it until it becomes a job's. */
import type { Disk, PendingFile } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Item } from "../item.ts";
import { plainAddress } from "./plain-address.ts";
import { itemOf, lineOf, type Places } from "./plan-line.ts";
import { type LineRecord, readSealed, sealLine } from "./sealed-lines.ts";

/** Lines are written together, bytes. */
const bufferBytes = 64 * 1024;

export class PlanFile {
  readonly #disk: Disk;
  readonly #pending: PendingFile;
  readonly #places: Places;
  /** By the number of the line, what was cut off its address: it lies on no disk. */
  readonly #queries = new Map<number, string>();
  #path: string;
  #lines = 0;
  #buffer: string[] = [];
  #buffered = 0;

  constructor(disk: Disk, pending: PendingFile, places: Places) {
    this.#disk = disk;
    this.#pending = pending;
    this.#places = places;
    this.#path = pending.path;
  }

  async add(item: Item): Promise<void> {
    const job = item.kind === "copy" ? item.job : item.kind === "skip" ? item.done : undefined;
    const query = job === undefined ? undefined : plainAddress(job.from.uri).query;
    if (query !== undefined) this.#queries.set(this.#lines, query);
    const line = sealLine(lineOf(item, this.#lines));
    this.#lines += 1;
    this.#buffer.push(line);
    this.#buffered += line.length;
    if (this.#buffered >= bufferBytes) await this.#flush();
  }

  /** No more items: from here on it can be read. A plan without this line was not finished. */
  async end(): Promise<void> {
    this.#buffer.push(sealLine({ end: this.#lines }));
    await this.#flush();
  }

  /** Items in the order in which they were added, of those kinds. */
  read(kinds: readonly Item["kind"][]): AsyncGenerator<Item, void, undefined> {
    return readPlan(this.#disk, this.#path, this.#places, kinds, this.#queries);
  }

  /** Gives it its name; another one of that name goes. */
  async publish(path: string): Promise<void> {
    await this.#pending.commit(path);
    this.#path = path;
  }

  /** Removes it, unless it was published. */
  discard(): Promise<void> {
    return this.#pending.discard();
  }

  async #flush(): Promise<void> {
    const text = this.#buffer.join("");
    this.#buffer = [];
    this.#buffered = 0;
    await this.#pending.write(Buffer.from(text));
  }
}

/** The items of a plan. Errors, once all others were given: io when its file went away, malformed when some of it cannot be read. */
export async function* readPlan(
  disk: Disk,
  path: string,
  places: Places,
  kinds: readonly Item["kind"][],
  queries?: ReadonlyMap<number, string>,
): AsyncGenerator<Item, void, undefined> {
  let items = 0;
  let end: LineRecord | undefined;
  for await (const line of readSealed(disk, path)) {
    if (line["do"] === undefined) end = line;
    else items += 1;
    if (!kinds.includes(line["do"] as Item["kind"])) continue;
    const item = await itemOf(line, places, queries);
    if (item === undefined) throw notWhole(path);
    yield item;
  }
  if (end?.["end"] !== items) throw (await disk.stat(path)) === undefined ? wentAway(path) : notWhole(path);
}

/** Whether all of the plan is there, and how many items it has. */
export async function checkPlan(
  disk: Disk,
  path: string,
): Promise<{ readonly items: number; readonly isWhole: boolean }> {
  let items = 0;
  let end: LineRecord | undefined;
  for await (const line of readSealed(disk, path)) {
    if (line["do"] === undefined) end = line;
    else items += 1;
  }
  return { items, isWhole: end?.["end"] === items };
}

const planAnew = "say the same call again: it plans anew, and leaves what is done";

function wentAway(path: string): EntrepotError {
  return new EntrepotError("io", `${path}, the plan of this transfer, was removed while it was carried out`, {
    hint: planAnew,
  });
}

function notWhole(path: string): EntrepotError {
  return new EntrepotError("malformed", `${path}, the plan of this transfer, is not whole any more`, {
    hint: planAnew,
  });
}
