/**
 * The compare-and-swap loop: a change of an object that loses nothing, however many change it at once.
 */
import { isEntrepotError, kindOfValue, wrongValue } from "../error/index.ts";
import { readBytes, retryDelay } from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayReplace, signalOf } from "./calls.ts";
import { encodeBytes } from "./compression.ts";
import type { Context, Place } from "./context.ts";
import { openDataFile } from "./data-file.ts";
import type { DataFile } from "./depot.ts";
import type { Awaitable, WriteSettings } from "./options.ts";
import { publish } from "./publish.ts";

/** How often a swap that others keep winning is tried at least; after that `retries.budget` decides. */
const swaps = 20;
/** Shorter than between tries of a request: the server is well, others were only faster. */
const pause = { baseDelayMs: 20, maxDelayMs: 2_000 };

export async function updateOf(
  context: Context,
  at: Address,
  change: (current: DataFile | undefined) => Awaitable<string | Uint8Array>,
  options: WriteSettings<"throw"> = {},
): Promise<Written> {
  if (typeof change !== "function") throw wrongValue("the second argument", "update()", "a function", change);
  const place = await context.place(at, "write");
  // Its value comes from the server.
  assertMayReplace(context, place, false);
  const { clock, settings } = context;
  const signal = signalOf(context, options);
  const startMs = clock.now();
  for (let attempt = 1; ; attempt++) {
    const current = await currentFile(place, signal);
    signal?.throwIfAborted();
    const bytes = await storedForm(place, await change(current));
    const condition = current === undefined ? { ifNoneMatch: "*" as const } : { ifMatch: current.etag };
    try {
      return await publish(context, place, bytes, { ...options, ...condition });
    } catch (error) {
      const overdue = attempt >= swaps && clock.now() - startMs >= settings.retry.budgetMs;
      if (overdue || !someoneWasFaster(error, current)) throw error;
    }
    await clock.sleep(retryDelay({ ...settings.retry, ...pause }, attempt, clock.random()), signal);
  }
}

/** Text goes by suffix, as in every value verb; bytes are stored as they are. */
async function storedForm(place: Place, next: string | Uint8Array): Promise<Uint8Array> {
  if (typeof next !== "string" && !(next instanceof Uint8Array))
    throw new TypeError(`the function given to update() gives text or bytes, not ${kindOfValue(next)}`);
  return typeof next === "string" ? encodeBytes(new TextEncoder().encode(next), place, "by-suffix") : next;
}

/** A swap finds nothing where another has removed the object; a creation that finds nothing misses its bucket. */
function someoneWasFaster(error: unknown, current: DataFile | undefined): boolean {
  if (isEntrepotError(error, "not-found")) return current !== undefined;
  return isEntrepotError(error, "precondition-failed", "already-exists");
}

/** Value and ETag from one read, past the cache. */
async function currentFile(place: Place, signal: AbortSignal | undefined): Promise<DataFile | undefined> {
  const { uri, key } = place;
  try {
    const { bytes, result } = await readBytes(place.store, key, { signal });
    const read = async (start: number, end: number) => bytes.slice(start, end);
    return openDataFile({ uri, key, info: result.info, read, close: async () => undefined }, signal);
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}
