/**
 * A walk through folders from the top, each with what lies in it. A folder whose whole contents fit one page costs one request with all
 * that lies deeper; only a larger one is asked for level by level.
 */
import type { ObjectInfo, ObjectStore } from "../store/index.ts";
import type { Address } from "../uri/index.ts";
import { signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { FolderEntry, Listing, ObjectEntry, WalkedFolder, WalkOptions } from "./entries.ts";
import { checkDepth, folderEntry, folderKey, listingOf, objectEntry, shardsOf, uriOfKey } from "./listing.ts";

/** What lies in a folder: one level of it, or, in key order, all that lies below. */
type Contents =
  | { readonly objects: readonly ObjectInfo[]; readonly folders: readonly string[] }
  | { readonly below: readonly ObjectInfo[] };

/** Folders of which the contents are asked for before their turn has come, all levels together. */
const mostAhead = 8;

export function walkOf(context: Context, folder: Address, options: WalkOptions = {}): Listing<WalkedFolder> {
  const { depth = Number.POSITIVE_INFINITY } = options;
  checkDepth(options.depth);
  return listingOf(async function* () {
    const place = await context.place(folder, "read");
    const stop = new AbortController();
    const given = signalOf(context, options);
    const signal = given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]);
    const walk = new Walk(place, folderKey(place.key), shardsOf(context), signal);
    try {
      for await (const walked of walk.from(depth)) {
        given?.throwIfAborted();
        yield walked;
      }
      given?.throwIfAborted();
    } finally {
      stop.abort();
    }
  });
}

class Walk {
  readonly #place: Place;
  readonly #store: ObjectStore;
  readonly #base: string;
  readonly #shards: number;
  readonly #signal: AbortSignal;
  #ahead = 0;

  constructor(place: Place, base: string, shards: number, signal: AbortSignal) {
    this.#place = place;
    this.#store = place.cached ?? place.store;
    this.#base = base;
    this.#shards = shards;
    this.#signal = signal;
  }

  /** Nothing where nothing is. */
  async *from(depth: number): AsyncGenerator<WalkedFolder> {
    const contents = await this.#load(this.#base, depth);
    const found = "below" in contents ? contents.below : [...contents.objects, ...contents.folders];
    if (found.length > 0) yield* this.#enter(this.#base, depth, contents);
  }

  async *#enter(key: string, depth: number, contents: Contents): AsyncGenerator<WalkedFolder> {
    if ("below" in contents) return yield* this.#known(key, depth, contents.below);
    const folder = this.#folder(key, contents.objects, contents.folders);
    yield folder;
    if (depth <= 1) return;
    const keys = folder.folders.map(({ path }) => this.#base + path);
    const asked = new Map<string, Promise<Contents>>();
    for (const [index, below] of keys.entries()) {
      // The caller has seen all of these, so none of them is asked for in vain.
      for (const next of keys.slice(index, index + mostAhead)) {
        if (!asked.has(next) && (next === below || this.#ahead < mostAhead))
          asked.set(next, this.#early(next, depth - 1));
      }
      const ready = await asked.get(below);
      asked.delete(below);
      if (ready !== undefined) yield* this.#enter(below, depth - 1, ready);
    }
  }

  /** All that lies below is here. */
  *#known(key: string, depth: number, below: readonly ObjectInfo[]): Generator<WalkedFolder> {
    const objects: ObjectInfo[] = [];
    const folders = new Map<string, ObjectInfo[]>();
    for (const info of below) {
      const slash = info.key.indexOf("/", key.length);
      if (slash < 0) {
        objects.push(info);
        continue;
      }
      const folder = info.key.slice(0, slash + 1);
      const inIt = folders.get(folder);
      if (inIt === undefined) folders.set(folder, [info]);
      else inIt.push(info);
    }
    const walked = this.#folder(key, objects, [...folders.keys()]);
    yield walked;
    if (depth <= 1) return;
    for (const { path } of walked.folders) {
      const folder = this.#base + path;
      yield* this.#known(folder, depth - 1, folders.get(folder) ?? []);
    }
  }

  #early(key: string, depth: number): Promise<Contents> {
    this.#ahead += 1;
    const loaded = this.#load(key, depth).finally(() => {
      this.#ahead -= 1;
    });
    loaded.catch(() => undefined);
    return loaded;
  }

  async #load(prefix: string, depth: number): Promise<Contents> {
    const request = { prefix, signal: this.#signal, shards: this.#shards };
    if (depth > 1 && this.#place.location.scheme === "s3") {
      const below = await this.#onePage(prefix);
      if (below !== undefined) return { below };
    }
    const objects: ObjectInfo[] = [];
    const folders: string[] = [];
    for await (const page of this.#store.list({ ...request, rollUp: true })) {
      for (const info of page.objects) objects.push(info);
      for (const folder of page.folders) folders.push(folder);
    }
    return { objects, folders };
  }

  /** All that lies below if that is one page. */
  async #onePage(prefix: string): Promise<readonly ObjectInfo[] | undefined> {
    const pages = this.#store.list({ prefix, signal: this.#signal })[Symbol.asyncIterator]();
    try {
      const first = await pages.next();
      if (first.done === true) return [];
      const { objects } = first.value;
      if (objects.length >= fullPage) return undefined;
      return (await pages.next()).done === true ? objects : undefined;
    } finally {
      await pages.return?.();
    }
  }

  #folder(key: string, objects: readonly ObjectInfo[], folders: readonly string[]): WalkedFolder {
    const entries: ObjectEntry[] = [];
    for (const info of objects) {
      if (!(info.key.endsWith("/") && info.sizeBytes === 0)) entries.push(objectEntry(this.#place, this.#base, info));
    }
    const entered: FolderEntry[] = folders.map((folder) => folderEntry(this.#place, this.#base, folder));
    return {
      uri: uriOfKey(this.#place, key),
      path: key.slice(this.#base.length),
      folders: entered,
      objects: entries,
    };
  }
}

/** As many keys as a page has unless it is the last one. */
const fullPage = 1000;
