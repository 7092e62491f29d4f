import { describe, expect, test } from "vitest";
import { EntrepotError } from "../error/index.ts";
import { type DeletedKey, type ObjectStore, openMemoryStore } from "../store/index.ts";
import { carryOut, type FileResult, type RemoveItem, type RemoveJob } from "./index.ts";

type DeleteMany = NonNullable<ObjectStore["deleteMany"]>;

/** A store that logs; with `deleteMany` it deletes many at once. */
function logging(deleteMany?: DeleteMany, uri = "memory:///") {
  const store = openMemoryStore({ uri });
  const log: string[] = [];
  const { delete: deleteOne } = store;
  store.delete = (key, options) => {
    log.push(`${key}${options?.ifMatch ?? ""}`);
    return deleteOne.call(store, key, options);
  };
  return { store: deleteMany === undefined ? store : Object.assign(store, { deleteMany }), log };
}

const gone: DeleteMany = async function* (keys) {
  for (const key of keys) yield { key, error: undefined };
};

async function* itemsOf(
  store: ObjectStore,
  keys: readonly string[],
  more: Partial<RemoveJob> = {},
): AsyncGenerator<RemoveItem> {
  for (const key of keys)
    yield { kind: "remove", job: { what: { store, key, uri: store.uri + key }, sizeBytes: 1, ...more } };
}

const settings = { concurrency: 32, warn: () => {}, now: () => 0, onError: "ignore" } as const;
const keysOf = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);

describe("objects of a store that deletes many at once", () => {
  test.each([
    [0, []],
    [2, [2]],
    [999, [999]],
    [1000, [1000]],
    [1001, [1000]],
    [2500, [1000, 1000, 500]],
  ])("are %i in batches of %j, one alone by itself", async (count, sizes) => {
    const batches: number[] = [];
    const { store, log } = logging((keys) => {
      batches.push(keys.length);
      return gone(keys);
    });
    const told: FileResult[] = [];
    const { removed } = await carryOut(itemsOf(store, keysOf(count)), {
      ...settings,
      onFile: (file) => told.push(file),
    });
    expect(batches).toEqual(sizes);
    expect(log.length).toBe(count - sizes.reduce((sum, size) => sum + size, 0));
    expect(removed).toEqual({ objects: count, sizeBytes: count });
    expect(told.map(({ uri }) => uri).sort()).toEqual(
      keysOf(count)
        .map((key) => `memory:///${key}`)
        .sort(),
    );
  });

  test("are told of as soon as each is known", async () => {
    const told: string[] = [];
    const { store } = logging(async function* (keys) {
      for (const key of keys) {
        yield { key, error: undefined };
        told.push(`after ${key}`);
      }
    });
    const onFile = ({ uri }: FileResult) => void told.push(uri);
    await carryOut(itemsOf(store, ["a", "b"]), { ...settings, onFile });
    expect(told).toEqual(["memory:///a", "after a", "memory:///b", "after b"].slice(0, told.length));
    expect(told.length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ["with a condition", {}, { ifMatch: "etag" }, ["aetag", "betag"]],
    ["of a version", { versionId: "1" }, {}, ["a", "b"]],
  ])("go one by one %s", async (_what, place, more, expected) => {
    const { store, log } = logging(gone);
    const items = (async function* (): AsyncGenerator<RemoveItem> {
      for (const key of ["a", "b"])
        yield { kind: "remove", job: { what: { store, key, uri: key, ...place }, sizeBytes: 1 } };
    })();
    await carryOut(items, { ...settings, ...more });
    expect(log).toEqual(expected);
  });

  test("are not touched by a dry run, and what is missing is skipped", async () => {
    const { store, log } = logging(() => {
      throw new Error("asked");
    });
    const dry = await carryOut(itemsOf(store, ["a", "b"]), { ...settings, dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, removed: { objects: 2 } });
    const missing = await carryOut(itemsOf(store, ["a", "b"], { exists: false }), settings);
    expect([missing.skipped.objects, log]).toEqual([2, []]);
  });

  test("of several stores go to their own", async () => {
    const asked: string[] = [];
    const stores = ["memory:///one/", "memory:///two/"].map((uri) =>
      logging((keys) => {
        asked.push(...keys.map((key) => uri + key));
        return gone(keys);
      }, uri),
    );
    const items = (async function* () {
      for (const key of ["a", "b"]) for (const { store } of stores) yield* itemsOf(store, [key]);
    })();
    await carryOut(items, settings);
    expect(asked.sort()).toEqual(["memory:///one/a", "memory:///one/b", "memory:///two/a", "memory:///two/b"]);
  });
});

describe("what a store says of many", () => {
  const failures = async (deleteMany: DeleteMany) => {
    const { failed, removed } = await carryOut(itemsOf(logging(deleteMany).store, ["a", "b", "c"]), settings);
    expect(removed.objects + failed.length).toBe(3);
    return failed.map(({ uri, error }) => [uri, error?.code]);
  };

  test("is each object's own outcome", async () => {
    const error = new EntrepotError("forbidden", "not this one");
    const some: DeleteMany = async function* (keys) {
      for (const key of keys) yield { key, error: key === "b" ? error : undefined };
    };
    expect(await failures(some)).toEqual([["memory:///b", "forbidden"]]);
  });

  test("too little of is a failure, never a removal", async () => {
    const first: DeleteMany = async function* () {
      yield { key: "a", error: undefined } satisfies DeletedKey;
    };
    expect(await failures(first)).toEqual([
      ["memory:///b", "protocol"],
      ["memory:///c", "protocol"],
    ]);
    expect(await failures(() => gone(["a", "x", "c"]))).toEqual([["memory:///b", "protocol"]]);
  });

  test("with an error of the whole is the failure of all that is not known", async () => {
    const breaking: DeleteMany = async function* () {
      yield { key: "a", error: undefined };
      throw new EntrepotError("unreachable", "gone");
    };
    expect(await failures(breaking)).toEqual([
      ["memory:///b", "unreachable"],
      ["memory:///c", "unreachable"],
    ]);
  });

  test("at once is bounded: eight batches, however many objects may be moved at once", async () => {
    let running = 0;
    let most = 0;
    const { store } = logging(async function* (keys) {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      yield* gone(keys);
    });
    const { removed } = await carryOut(itemsOf(store, keysOf(20_000)), settings);
    expect([removed.objects, most]).toEqual([20_000, 8]);
  });
});
