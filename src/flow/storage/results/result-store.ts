/** `resultStore(options)`: opens nothing before it is first asked. */
import { hash } from "node:crypto";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Depot, durationMs, entrepot, listingOf, parseByteSize } from "../../../depot/index.ts";
import { openNodeDisk } from "../../../disk/index.ts";
import { type EntrepotError, isFilledString, isFunction, mistakeInValues } from "../../../error/index.ts";
import { type Clock, systemClock } from "../../../store/index.ts";
import { fingerprint } from "../../core/index.ts";
import { encodeResult, recogniseTables } from "./codecs.ts";
import { DepotShelf } from "./depot-shelf.ts";
import { bytesOfEntry, type Entry, layout, nameOfEntry } from "./entry.ts";
import { clear, entriesOf, nodesOf, prune, statsOf } from "./inventory.ts";
import { Keeper } from "./keeper.ts";
import { readData, writeData } from "./kept-data.ts";
import { LocalShelf } from "./local-shelf.ts";
import { lookUp } from "./lookup.ts";
import type { Shelf } from "./shelf.ts";
import type { ResultBounds, ResultStore, ResultStoreOptions } from "./types.ts";
import { whyOf } from "./why-of.ts";

/** Bytes after which the bounds are looked at again. */
const pruneEvery = 1 / 10;

/**
 * A store of results: a folder of this disk, or any address of a depot, so that machines share results. Opens nothing by itself.
 * TypeError and RangeError for options with no meaning.
 */
export function resultStore(options: ResultStoreOptions): ResultStore {
  return openResultStore(options, systemClock);
}

/** `resultStore` by a clock of one's own. */
export function openResultStore(options: ResultStoreOptions, clock: Clock): ResultStore {
  check(options);
  const { data, onWarning = warnOnce() } = options;
  const bounds: ResultBounds = { maxBytes: options.maxBytes, olderThan: options.olderThan };
  let own: Depot | undefined;
  const depot = (): Depot => {
    if (data !== undefined) return data;
    own ??= entrepot();
    return own;
  };
  const uri = uriOf(options, depot);
  let shelf: Shelf | undefined;
  const open = async (): Promise<Shelf> => {
    shelf ??= uri.startsWith("file:")
      ? new LocalShelf(openNodeDisk(), fileURLToPath(uri), () => clock.now())
      : new DepotShelf(depot(), uri, () => clock.now());
    return shelf;
  };
  let unseenBytes = Number.POSITIVE_INFINITY;
  const onKept = async (sizeBytes: number): Promise<void> => {
    if (bounds.maxBytes === undefined && bounds.olderThan === undefined) return;
    unseenBytes += sizeBytes;
    const step = bounds.maxBytes === undefined ? 2 ** 30 : parseByteSize(bounds.maxBytes) * pruneEvery;
    if (unseenBytes < step) return;
    unseenBytes = 0;
    await prune(await open(), bounds, clock.now());
  };
  const keeper = new Keeper({ shelf: open, depot, clock, warn: onWarning, onKept });
  const find = async (name: string, inputs: unknown): Promise<Entry | undefined> => {
    const key = keyOfSaved(name, inputs);
    return (await lookUp(await open(), clock.now(), { key, maxAge: undefined, askers: undefined, guard: undefined }))
      .entry;
  };
  const close = async (): Promise<void> => {
    await shelf?.close();
    await own?.close();
  };
  return {
    uri,
    keeper,
    list: ({ signal } = {}) =>
      listingOf(async function* () {
        yield* nodesOf(await entriesOf(await open(), signal), uri);
      }),
    has: async (name, inputs) => (await find(name, inputs)) !== undefined,
    load: async (name, inputs) => {
      const entry = await find(name, inputs);
      return entry === undefined ? undefined : readData(await open(), entry);
    },
    save: async (name, inputs, value) => {
      const encoded = await encodeResult(value, name);
      const { version, kept } = encoded;
      const parts = { code: {}, inputs: { inputs: printOf(name, inputs) } };
      const keptMs = clock.now();
      const entry: Entry = {
        layout,
        key: keyOfSaved(name, inputs),
        node: name,
        version,
        kept,
        keptMs,
        ms: 0,
        parts,
        reads: [],
      };
      await writeData(await open(), encoded);
      await (await open()).create(nameOfEntry(entry), [bytesOfEntry(entry)]);
      await onKept(kept.sizeBytes);
      return { version, sizeBytes: kept.sizeBytes };
    },
    clear: async (nodes, { signal } = {}) => clear(await open(), nodes, clock.now(), signal),
    stats: async ({ signal } = {}) => statsOf(await open(), signal),
    prune: async (given, { signal } = {}) => prune(await open(), given, clock.now(), signal),
    why: async (node, { signal } = {}) => whyOf(await open(), node, depot(), signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function printOf(name: string, inputs: unknown): string {
  return fingerprint(inputs, { name: `the inputs of '${name}'`, recognise: recogniseTables });
}

function keyOfSaved(name: string, inputs: unknown): string {
  return hash("sha256", JSON.stringify(["entrepot result 1", "saved", name, printOf(name, inputs)]));
}

function uriOf(options: ResultStoreOptions, depot: () => Depot): string {
  const { dir, store } = options;
  if (dir !== undefined) return depotless(dir);
  // most addresses say by themselves what they are
  const uri = /^[a-z][a-z0-9+.-]*:\/\//.test(store)
    ? store
    : /^[./~]/.test(store)
      ? depotless(store)
      : depot().resolve(store, { for: "write" });
  return `${uri.replace(/\/+$/, "")}/`;
}

/** A folder of this disk, from the working folder. */
function depotless(dir: string | URL): string {
  if (dir instanceof URL) return `${dir.href.replace(/\/+$/, "")}/`;
  const path = resolve(dir.startsWith("~/") ? `${homedir()}${dir.slice(1)}` : dir);
  return `file://${path.split("/").map(encodeURIComponent).join("/")}/`;
}

function check(options: ResultStoreOptions): void {
  const any = () => undefined;
  const mistake = mistakeInValues(
    "resultStore()",
    options,
    new Map([
      ["store", isFilledString],
      ["dir", any],
      ["data", any],
      ["maxBytes", any],
      ["olderThan", any],
      ["onWarning", isFunction],
    ]),
  );
  if (mistake !== undefined) throw mistake;
  if ((options.store === undefined) === (options.dir === undefined))
    throw new TypeError("resultStore() takes either { dir }, a folder of this disk, or { store }, any address");
  if (options.maxBytes !== undefined) parseByteSize(options.maxBytes);
  if (options.olderThan !== undefined) durationMs(options.olderThan);
}

function warnOnce(): (error: EntrepotError) => void {
  const told = new Set<string>();
  return (error) => {
    if (told.has(error.message)) return;
    told.add(error.message);
    process.emitWarning(`${error.message} (${error.hint})`, "EntrepotWarning");
  };
}
