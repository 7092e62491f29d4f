/** One object of many, fetched before its turn: whole into memory, or as a stream of which little is held. */
import type { Bytes, ObjectInfo, Readable } from "../../store/index.ts";
import type { Place } from "../context.ts";
import type { AskOptions } from "../options.ts";
import { FlowSink, gatheredBytes } from "./flow-sink.ts";
import { GatheringSink } from "./gathering-sink.ts";
import type { Slot } from "./look-ahead.ts";
import type { NamedObject } from "./named-objects.ts";

/** What came of it: its bytes, its bytes as they come, or why there are none. */
export type Fetched =
  | { readonly info: ObjectInfo; readonly bytes: Bytes }
  | { readonly info: ObjectInfo; readonly chunks: AsyncIterable<Bytes>; readonly whole: boolean }
  | { readonly error: unknown };

export interface FetchOptions extends Pick<AskOptions, "cache"> {
  /** A large object is not gathered. */
  readonly flowing: boolean;
}

export interface FetchedObject {
  readonly object: NamedObject;
  readonly fetched: Fetched;
}

/** As `LookAheadOptions.begin` wants it. */
export function beginObject(
  object: NamedObject,
  slot: Slot,
  options: FetchOptions,
): { readonly result: Promise<FetchedObject>; readonly ended: Promise<unknown> } {
  if (options.flowing) return flowing(object, slot, options);
  const result = whole(object, slot, options).then(
    (fetched) => ({ object, fetched }),
    (error: unknown) => ({ object, fetched: { error } }),
  );
  return { result, ended: result };
}

async function whole({ place }: NamedObject, slot: Slot, { cache }: FetchOptions): Promise<Fetched> {
  const sink = new GatheringSink(place.uri, slot);
  const { signal } = slot;
  const result = await readerOf(place, cache).read(place.key, sink, { signal, versionId: place.versionId });
  if (result === "not-modified") throw new TypeError("no condition was given");
  return { info: result.info, bytes: sink.bytes };
}

function flowing(object: NamedObject, slot: Slot, { cache }: FetchOptions) {
  const { place, sizeBytes = 0 } = object;
  let settle: (fetched: Fetched) => void = () => undefined;
  const result = new Promise<FetchedObject>((resolve) => {
    settle = (fetched) => resolve({ object, fetched });
  });
  const sink = new FlowSink(slot, (info) => settle({ info, chunks: sink.chunks(), whole: false }));
  const read = async () => {
    try {
      // its bytes would only wait, on a connection that others could use
      if (sizeBytes > gatheredBytes) await slot.turn();
      const { signal } = slot;
      const read = await readerOf(place, cache).read(place.key, sink, { signal, versionId: place.versionId });
      if (read === "not-modified") throw new TypeError("no condition was given");
      sink.close();
      settle({ info: read.info, chunks: sink.chunks(), whole: true });
    } catch (error) {
      sink.close({ error });
      settle({ error });
    }
  };
  return { result, ended: read() };
}

function readerOf({ cached, store }: Place, cache: AskOptions["cache"] = "use"): Readable {
  if (cached === undefined || cache === "bypass") return store;
  return { read: async (key, sink, options) => cached.read(key, sink, { ...options, cache }) };
}
