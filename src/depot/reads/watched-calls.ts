/** The calls of a store that read or write, each noted while somebody watches. */
import { isEntrepotError } from "../../error/index.ts";
import type {
  BodySink,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  ReadResult,
  WriteResult,
} from "../../store/index.ts";
import { currentFrame, type Frame } from "./frame.ts";
import { NotingSink } from "./noting-sink.ts";
import type { GuardedVersion, ReadGuard } from "./read-guard.ts";
import { noteFailure } from "./seen-failure.ts";
import { seenObject } from "./seen-object.ts";
import { inStore, type SeenObject, type SeenWrite } from "./seen-read.ts";

/** The full address of a key, or of a folder or prefix, as it may be kept. */
export type UriOfKey = (key: string, versionId?: string | undefined) => string;

/** How what lies in a store is called. */
export interface Naming {
  readonly uriOf: UriOfKey;
  /** As `SeenRead` has it. */
  readonly origin?: string | undefined;
}

/** A store that stands behind a view, and the addresses in it. */
export interface Behind {
  readonly store: ObjectStore;
  readonly naming: Naming;
}

type Calls = Pick<ObjectStore, "read" | "stat" | "write" | "delete" | "list" | "copyFrom" | "deleteMany" | "receive">;

/** `lookBehind` knows views. */
export function watchedCalls(
  store: ObjectStore,
  naming: Naming,
  lookBehind: (view: ObjectStore) => Behind | undefined,
): Calls {
  const { uriOf, origin } = naming;
  const wrote = <T>(key: string, writing: Promise<T>, resultOf: (written: T) => WriteResult): Promise<T> => {
    const recorder = currentFrame()?.recorder;
    if (recorder === undefined) return writing;
    return writing.then((written) => {
      recorder.wrote(seenWrite(naming, key, resultOf(written)));
      return written;
    });
  };
  const receive = store.receive?.bind(store);
  return {
    read(key, sink, options) {
      const frame = currentFrame();
      return frame === undefined
        ? store.read(key, sink, options)
        : watchedRead(frame, store, naming, key, sink, options);
    },
    stat(key, options) {
      const frame = currentFrame();
      if (frame === undefined) return store.stat(key, options);
      return watchedLook(
        frame,
        naming,
        key,
        options,
        (given) => store.stat(key, given),
        (info) => info,
      );
    },
    list(options) {
      const frame = currentFrame();
      return frame?.recorder === undefined ? store.list(options) : watchedPages(frame, store, naming, options);
    },
    write: (key, body, options) => wrote(key, store.write(key, body, options), (written) => written),
    delete: (key, options) => {
      const recorder = currentFrame()?.recorder;
      const deleting = store.delete(key, options);
      return recorder === undefined
        ? deleting
        : deleting.then(() => recorder.wrote({ uri: uriOf(key), ...inStore(origin), removed: true }));
    },
    ...(store.deleteMany && {
      async *deleteMany(keys, options) {
        const recorder = currentFrame()?.recorder;
        for await (const deleted of store.deleteMany?.(keys, options) ?? []) {
          if (deleted.error === undefined)
            recorder?.wrote({ uri: uriOf(deleted.key), ...inStore(origin), removed: true });
          yield deleted;
        }
      },
    }),
    async copyFrom(source, key, options) {
      const from = lookBehind(source.store);
      const frame = currentFrame();
      const recorder = frame?.recorder;
      const version = from && frame?.guard?.version(from.naming.uriOf(source.key, source.versionId));
      const result = await store.copyFrom({ ...source, ...version, store: from?.store ?? source.store }, key, options);
      if (recorder === undefined || result === undefined) return result;
      const { versionId, ifMatch = "" } = source;
      const { sizeBytes } = result;
      if (from !== undefined) {
        const uri = from.naming.uriOf(source.key, versionId);
        recorder.note(seenObject(uri, from.naming.origin, { etag: ifMatch, sizeBytes, versionId }));
      }
      recorder.wrote(seenWrite(naming, key, result));
      return result;
    },
    ...(receive && {
      receive: (key, read, options) => wrote(key, receive(key, read, options), ({ written }) => written),
    }),
  };
}

function seenWrite({ uriOf, origin }: Naming, key: string, { etag, versionId, sizeBytes }: WriteResult): SeenWrite {
  return { uri: uriOf(key), ...inStore(origin), etag, sizeBytes, ...(versionId === undefined ? {} : { versionId }) };
}

async function watchedRead(
  frame: Frame,
  store: ObjectStore,
  naming: Naming,
  key: string,
  sink: BodySink,
  options: ReadOptions = {},
): Promise<ReadResult | "not-modified"> {
  const { recorder } = frame;
  if (recorder === undefined)
    return watchedLook(
      frame,
      naming,
      key,
      options,
      (given) => store.read(key, sink, given),
      () => undefined,
    );
  const uri = naming.uriOf(key, options.versionId);
  let noted: SeenObject | undefined;
  const noting = new NotingSink(sink, (info) => {
    const seen = seenObject(uri, naming.origin, info);
    if (noted === undefined) recorder.note(seen);
    else recorder.noteInstead(noted, seen);
    noted = seen;
  });
  return watchedLook(
    frame,
    naming,
    key,
    options,
    async (given) => {
      const result = await store.read(key, noting, given);
      const checksum = noting.checksum();
      if (noted !== undefined && checksum !== undefined) recorder.note({ ...noted, checksum });
      return result;
    },
    // noted when it began
    () => undefined,
  );
}

/** Asks for an object, under what the guard says of it, and notes what the answer tells, or that there is none. */
export async function watchedLook<O extends Pick<ReadOptions, "versionId" | "ifMatch">, R>(
  { recorder, guard }: Frame,
  { uriOf, origin }: Naming,
  key: string,
  options: O | undefined,
  ask: (options: O | undefined) => Promise<R>,
  infoOf: (result: R) => ObjectInfo | undefined,
): Promise<R> {
  const uri = uriOf(key, options?.versionId);
  try {
    const result = await (guard === undefined ? ask(options) : guardedLook(guard, uri, options, ask, infoOf));
    const info = infoOf(result);
    if (info !== undefined) recorder?.note(seenObject(uri, origin, info));
    return result;
  } catch (error) {
    noteFailure(uri, origin, error, recorder);
    throw error;
  }
}

async function guardedLook<O extends Pick<ReadOptions, "versionId" | "ifMatch">, R>(
  guard: ReadGuard,
  uri: string,
  options: O | undefined,
  ask: (options: O | undefined) => Promise<R>,
  infoOf: (result: R) => ObjectInfo | undefined,
): Promise<R> {
  for (let version = guard.version(uri); ; ) {
    if (version === undefined) return ask(options);
    let cause: unknown;
    try {
      const result = await ask({ ...options, ...version } as unknown as O);
      const { ifMatch = undefined } = version;
      const etag = infoOf(result)?.etag;
      // files for other tools are asked for without a condition
      if (ifMatch === undefined || etag === undefined || etag === ifMatch) return result;
      await (result as { close?: () => Promise<void> }).close?.();
    } catch (error) {
      if (!isEntrepotError(error, "precondition-failed", "not-found")) throw error;
      cause = error;
    }
    const instead: GuardedVersion | Error = guard.instead(uri, version, cause);
    if (instead instanceof Error) throw instead;
    version = instead;
  }
}

/** Pages of keys are what the store itself gives: whoever lists through a verb is noted there, with what it asked. */
async function* watchedPages(
  { recorder, guard }: Frame,
  store: ObjectStore,
  { uriOf, origin }: Naming,
  options: ListOptions = {},
): AsyncGenerator<ListPage> {
  const { prefix = "", rollUp = false, startAfter } = options;
  const question = {
    verb: "store",
    ...(rollUp ? { rollUp } : {}),
    ...(startAfter === undefined ? {} : { startAfter }),
  } as const;
  guard?.mayList(uriOf(prefix), question);
  const listing = recorder?.beginListing(uriOf(prefix), question, origin);
  let ended = true;
  try {
    for await (const page of store.list(options)) {
      for (const { key, etag, sizeBytes, modifiedMs } of page.objects)
        listing?.add({ uri: uriOf(key), etag, sizeBytes, modifiedMs });
      for (const folder of page.folders) listing?.add({ uri: uriOf(folder) });
      yield page;
    }
    ended = false;
  } catch (error) {
    noteFailure(uriOf(prefix), origin, error, recorder);
    throw error;
  } finally {
    const seen = listing?.end(ended);
    if (!ended && seen !== undefined) guard?.listed(seen);
  }
}
