/**
 * A plan that is made and not yet carried out: its items, in memory while they are few and on disk where they are many, its sums, and
 * whether it may be carried out at all.
 */
import { EntrepotError } from "../error/index.ts";
import { type CountedSettings, RequestCounter, requestsInWords } from "./count-requests.ts";
import { type CopyItem, type Item, isWork, plannedOf, type RemoveItem, type SkipItem } from "./item.ts";
import type { PlanFile } from "./journal/plan-file.ts";
import type { TransferPlan } from "./report.ts";

/** Plans up to so many items are held in memory. */
const heldItems = 4096;

export interface PlanSettings extends CountedSettings {
  readonly signal?: AbortSignal | undefined;
  /** Requests that the whole transfer may make, its planning included. Default: any number. */
  readonly maxRequests?: number | undefined;
  /** Bytes that it may copy. Default: any number. */
  readonly maxBytes?: number | undefined;
}

export interface Plan {
  readonly sums: TransferPlan;
  /** Of everything in it, what needs no work included. */
  readonly total: { readonly objects: number; readonly sizeBytes: number };
  /** The largest object that is copied, bytes. */
  readonly largestBytes: number;
  /** Copies and what needs nothing, in the order of the planning. */
  first(): AsyncIterable<CopyItem | SkipItem>;
  /** What is removed, after all copies. */
  removals(): AsyncIterable<RemoveItem>;
  /** On disk, if it is there. */
  readonly file: PlanFile | undefined;
}

/** Reads all items. Where there are many, they go to the file that `openFile` gives. Errors: those of the planning and the disk. */
export async function planOf(
  items: AsyncIterable<Item>,
  settings: PlanSettings,
  openFile: (() => Promise<PlanFile | undefined>) | undefined,
): Promise<Plan> {
  const planning = new Planning(settings, openFile);
  try {
    for await (const item of items) {
      settings.signal?.throwIfAborted();
      await planning.add(item);
    }
    return await planning.end();
  } catch (error) {
    await planning.discard();
    throw error;
  }
}

/** Error: limit-exceeded, with the plan's own numbers. */
export function checkLimits(
  { sums }: Pick<Plan, "sums">,
  { maxRequests, maxBytes }: Pick<PlanSettings, "maxRequests" | "maxBytes">,
): void {
  const { requests, sizeBytes, objects } = sums;
  const over = [
    ...(maxRequests !== undefined && requests.total > maxRequests
      ? [`${requests.total} requests (${requestsInWords(requests)}), and ${maxRequests} are allowed`]
      : []),
    ...(maxBytes !== undefined && sizeBytes > maxBytes ? [`${sizeBytes} bytes, and ${maxBytes} are allowed`] : []),
  ];
  if (over.length === 0) return;
  const what = objects === 1 ? "1 object" : `${objects} objects`;
  throw new EntrepotError("limit-exceeded", `${what} would take ${over.join(", and ")}; nothing was done`, {
    hint: "allow more (maxRequests, maxBytes; --max-requests, --max-bytes), or take less at a time",
  });
}

class Planning {
  /** Asked once: where there is no room, all is held. */
  #openFile: (() => Promise<PlanFile | undefined>) | undefined;
  readonly #counter: RequestCounter;
  readonly #total = { objects: 0, sizeBytes: 0 };
  readonly #sums = { objects: 0, sizeBytes: 0 };
  #held: Item[] = [];
  #file: PlanFile | undefined;
  #largestBytes = 0;

  constructor(settings: PlanSettings, openFile: (() => Promise<PlanFile | undefined>) | undefined) {
    this.#openFile = openFile;
    this.#counter = new RequestCounter(settings);
  }

  async add(item: Item): Promise<void> {
    this.#count(item);
    if (this.#file !== undefined) return this.#file.add(item);
    this.#held.push(item);
    if (this.#held.length < heldItems || this.#openFile === undefined) return;
    const open = this.#openFile;
    this.#openFile = undefined;
    this.#file = await open();
    for (const held of this.#file === undefined ? [] : this.#held.splice(0)) await this.#file?.add(held);
  }

  async end(): Promise<Plan> {
    const file = this.#file;
    await file?.end();
    const held = this.#held;
    const read = file === undefined ? undefined : (kinds: readonly Item["kind"][]) => file.read(kinds);
    const of = (kinds: readonly Item["kind"][]) => read?.(kinds) ?? each(held, kinds);
    return {
      sums: { ...this.#sums, requests: this.#counter.requests() },
      total: this.#total,
      largestBytes: this.#largestBytes,
      first: () => of(["copy", "skip"]) as AsyncIterable<CopyItem | SkipItem>,
      removals: () => of(["remove"]) as AsyncIterable<RemoveItem>,
      file,
    };
  }

  async discard(): Promise<void> {
    await this.#file?.discard();
  }

  #count(item: Item): void {
    const { sizeBytes } = plannedOf(item);
    this.#total.objects += 1;
    this.#total.sizeBytes += sizeBytes;
    if (!isWork(item)) return;
    this.#counter.add(item);
    this.#sums.objects += 1;
    if (item.kind !== "copy") return;
    this.#sums.sizeBytes += sizeBytes;
    this.#largestBytes = Math.max(this.#largestBytes, sizeBytes);
  }
}

/** All of it, in the order in which it is done. */
export async function* itemsOf(plan: Pick<Plan, "first" | "removals">): AsyncGenerator<Item, void, undefined> {
  yield* plan.first();
  yield* plan.removals();
}

async function* each(items: readonly Item[], kinds: readonly Item["kind"][]): AsyncGenerator<Item, void, undefined> {
  for (const item of items) if (kinds.includes(item.kind)) yield item;
}
