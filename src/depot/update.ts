/**
 * The compare-and-swap loop: a change of an object that loses nothing, however many change it at once.
 */
import { isEntrepotError } from "../error/index.ts";
import { BytesSink } from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayWrite, signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import { openDataFile } from "./data-file.ts";
import type { DataFile } from "./depot.ts";
import type { Awaitable, WriteSettings } from "./options.ts";
import { writeStored } from "./raw.ts";

/** How often a swap that others keep winning is tried. */
const swaps = 20;

export async function updateOf(
  context: Context,
  at: Address,
  change: (current: DataFile | undefined) => Awaitable<string | Uint8Array>,
  options: WriteSettings<"throw"> = {},
): Promise<Written> {
  const place = await context.place(at, "write");
  assertMayWrite(context, place);
  for (let attempt = 1; ; attempt++) {
    const current = await currentFile(context, place, options);
    const next = await change(current);
    const bytes = typeof next === "string" ? new TextEncoder().encode(next) : next;
    try {
      return await writeStored(context, place, bytes, {
        ...options,
        ...(current === undefined ? { ifNoneMatch: "*" as const } : { ifMatch: current.etag }),
      });
    } catch (error) {
      if (!isEntrepotError(error, "precondition-failed", "already-exists") || attempt >= swaps) throw error;
    }
  }
}

/** Value and ETag from one read, past the cache. */
async function currentFile(
  context: Context,
  place: Place,
  options: WriteSettings<"throw">,
): Promise<DataFile | undefined> {
  const sink = new BytesSink();
  try {
    const result = await place.store.read(place.key, sink, { signal: signalOf(context, options) });
    if (result === "not-modified") return undefined;
    const { bytes } = sink;
    return openDataFile(
      {
        uri: place.uri,
        key: place.key,
        info: result.info,
        read: async (start, end) => bytes.slice(start, end),
        close: async () => undefined,
      },
      undefined,
    );
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}
