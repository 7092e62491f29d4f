/** A folder as the store that a Zarr reader wants: only an object that is certainly not there counts as a missing chunk. */
import { EntrepotError, wrongValue } from "../../error/index.ts";
import { type ByteRange, type Readable, readBytes } from "../../store/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { signalOf } from "../calls.ts";
import { withClosedOptions } from "../closed-options.ts";
import type { Context, Place } from "../context.ts";
import { joinSignals } from "../join-signals.ts";
import type { SignalOptions } from "../options.ts";
import { assertFolder, folderUri, type ZarrFolder, zarrFolder } from "./keys.ts";
import { asJson, isMetadata } from "./metadata.ts";
import { orMissing } from "./missing.ts";
import { look } from "./reading.ts";
import { ShardVersions } from "./shard-versions.ts";
import type { ZarrKey, ZarrOptions, ZarrRange, ZarrStore } from "./types.ts";

/** Asks for nothing: the first `get` does. */
export function zarrOf(context: Context, folder: Address, options: ZarrOptions = {}): ZarrStore {
  const location = context.locate(folder, "read");
  const written = formatUri(location);
  assertFolder(location, written);
  const versions = new ShardVersions();
  let opened: Opened | undefined;
  const open = async (): Promise<Opened> => {
    opened ??= openedAt(zarrFolder(await context.placeOf(location)), options.cache);
    return opened;
  };
  /** That of the depot, of the store and of the call. */
  const signalFor = (given: SignalOptions | undefined) =>
    signalOf(context, { signal: joinSignals(options.signal, given?.signal) });
  return {
    uri: folderUri(written),
    get: async (key, given) => {
      const path = pathOf(key, "get()");
      const { folder: at, reader } = await open();
      const signal = signalFor(given);
      const name = at.keyOf(path);
      return orMissing(
        async () => {
          const { bytes } = await readBytes(reader, name, { signal });
          return isMetadata(path) ? asJson(bytes) : bytes;
        },
        () => look(at, name, signal),
      );
    },
    getRange: async (key, range, given) => {
      const path = pathOf(key, "getRange()");
      const wanted = byteRange(range);
      const { folder: at, reader } = await open();
      const name = at.keyOf(path);
      const uri = at.uriOf(path);
      const signal = signalFor(given);
      return orMissing(
        async () => {
          const { bytes, result } = await versions.read(name, uri, wanted.suffix !== undefined, (ifMatch) =>
            readBytes(reader, name, { signal, range: wanted, ifMatch }),
          );
          if ("length" in range && bytes.byteLength < range.length) throw tooShort(uri, range, result.info.sizeBytes);
          return bytes;
        },
        () => look(at, name, signal),
      );
    },
    ...withClosedOptions<Pick<ZarrStore, "tree">>(
      {
        tree: async (wanted = {}) => {
          const { treeOf } = await import("./tree.ts");
          const { folder: at, reader } = await open();
          return treeOf({ folder: at, reader, signal: signalFor(wanted) }, wanted);
        },
      },
      "zarr.",
    ),
  };
}

interface Opened {
  readonly folder: ZarrFolder;
  readonly reader: Readable;
}

function openedAt(folder: ZarrFolder, cache: ZarrOptions["cache"] = "use"): Opened {
  return { folder, reader: readerOf(folder.place, cache) };
}

function readerOf({ cached, store }: Place, cache: NonNullable<ZarrOptions["cache"]>): Readable {
  if (cached === undefined || cache === "bypass") return store;
  return { read: async (key, sink, options) => cached.read(key, sink, { ...options, cache }) };
}

function pathOf(key: ZarrKey, verb: string): string {
  if (typeof key === "string" && key.startsWith("/")) return key.slice(1);
  throw wrongValue("the key", verb, 'a text that begins with "/"', key);
}

function byteRange(range: ZarrRange): ByteRange {
  if (typeof range !== "object" || range === null)
    throw wrongValue("the range", "getRange()", "{ offset, length } or { suffixLength }", range);
  if ("suffixLength" in range) return { suffix: range.suffixLength };
  return { start: range.offset, end: range.offset + range.length };
}

function tooShort(uri: string, { offset, length }: { offset: number; length: number }, sizeBytes: number) {
  return new EntrepotError(
    "truncated",
    `${uri} has ${sizeBytes} bytes, but ${length} bytes from ${offset} on were to be read`,
    { uri, hint: "the shard was not written whole, or its index is another's; write it again" },
  );
}
