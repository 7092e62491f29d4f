/**
 * The one place where everything that a depot asks of its stores passes: a view of a store that notes what is read and written while
 * somebody watches, and otherwise only hands on. It stands in front of caches, so that what comes from one counts as read, too.
 */
import type { CachedStore } from "../../cache/index.ts";
import type { ObjectStore } from "../../store/index.ts";
import { formatUri } from "../../uri/index.ts";
import { currentFrame } from "./frame.ts";
import { type Behind, type Naming, watchedCalls, watchedLook } from "./watched-calls.ts";

/** Only stores themselves know their own kind, for copies inside a server. */
const behind = new WeakMap<ObjectStore, Behind>();
const lookBehind = (view: ObjectStore): Behind | undefined => behind.get(view);

/** The same store, watched. */
export function watchedStore(store: ObjectStore, naming: Naming): ObjectStore {
  const { abandonWrite, listVersions, requestsOf, verify } = store;
  const view: ObjectStore = {
    uri: store.uri,
    ...watchedCalls(store, naming, lookBehind),
    ...(listVersions && { listVersions: listVersions.bind(store) }),
    ...(abandonWrite && { abandonWrite: abandonWrite.bind(store) }),
    ...(verify && { verify: verify.bind(store) }),
    ...(requestsOf && {
      requestsOf: (call) =>
        requestsOf.call(
          store,
          call.call === "copyFrom" ? { ...call, from: behind.get(call.from as ObjectStore)?.store ?? call.from } : call,
        ),
    }),
    close: () => store.close(),
  };
  behind.set(view, { store, naming });
  return view;
}

/** The same for one whose keys are the paths of this disk. */
export function watchedFiles(store: ObjectStore): ObjectStore {
  return watchedStore(store, { uriOf: (key) => formatUri({ scheme: "file", path: `/${key}` }) });
}

/** The same for one with a cache in front. */
export function watchedCache<S extends CachedStore>(cached: S, naming: Naming): S {
  const view: S = {
    ...cached,
    ...watchedCalls(cached, naming, lookBehind),
    hold: (key, options) => {
      const frame = currentFrame();
      if (frame === undefined) return cached.hold(key, options);
      return watchedLook(
        frame,
        naming,
        key,
        options,
        (given) => cached.hold(key, given),
        ({ info }) => info,
      );
    },
    holdIfPresent: (key, options) => {
      const frame = currentFrame();
      if (frame === undefined) return cached.holdIfPresent(key, options);
      return watchedLook(
        frame,
        naming,
        key,
        options,
        (given) => cached.holdIfPresent(key, given),
        (held) => held?.info,
      );
    },
  };
  behind.set(view, { store: cached, naming });
  return view;
}
