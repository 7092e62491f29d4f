import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { openMemoryStore } from "../memory/index.ts";
import type { BodySink, DeletedKey, ObjectStore, RequestOptions } from "../object-store.ts";
import { FakeClock } from "../s3/scripted.fixture.ts";
import { foreign } from "./contract.fixture.ts";
import {
  type StoreTraceEvent,
  withFaults,
  withLimit,
  withPrefix,
  withReadOnly,
  withRetry,
  withTrace,
} from "./index.ts";

type Bulk = ObjectStore;

/** A store that deletes many at once, and fails at the first try of the keys that it is told. */
function bulk(inner: ObjectStore, failing: string[] = []): Bulk {
  async function* deleteMany(keys: readonly string[], options?: RequestOptions): AsyncGenerator<DeletedKey> {
    for (const key of keys) {
      const fails = failing.indexOf(key);
      if (fails >= 0) {
        failing.splice(fails, 1);
        yield { key, error: new EntrepotError("throttled", "slow down", { uri: inner.uri + key }) };
        continue;
      }
      await inner.delete(key, options);
      yield { key, error: undefined };
    }
  }
  return { ...foreign(inner), deleteMany };
}

async function outcomes(store: Bulk, keys: readonly string[]): Promise<string[]> {
  const told: string[] = [];
  if (store.deleteMany === undefined) throw new Error("no deleteMany");
  for await (const { key, error } of store.deleteMany(keys)) told.push(`${key} ${error?.code ?? "gone"}`);
  return told;
}

const stack = (store: ObjectStore): Bulk =>
  withTrace(
    withLimit(withPrefix(withFaults(withRetry(store), {}), "p/"), { concurrency: 1, bytesPerSecond: 1e9 }),
    () => undefined,
  );

describe("deleting many at once", () => {
  test("is there where the store behind has it, and only there", () => {
    expect(stack(foreign(openMemoryStore())).deleteMany).toBeUndefined();
    expect(stack(bulk(openMemoryStore())).deleteMany).toBeTypeOf("function");
  });

  test("goes through a stack, each key with an outcome of its own, in order", async () => {
    const inner = openMemoryStore();
    for (const key of ["p/a", "p/b", "a"]) await inner.write(key, new Uint8Array(1));
    expect(await outcomes(stack(bulk(inner)), ["b", "none", "a"])).toEqual(["b gone", "none gone", "a gone"]);
    await expect(inner.stat("p/a")).rejects.toMatchObject({ code: "not-found" });
    expect((await inner.stat("a")).sizeBytes).toBe(1);
  });

  test("is read-only for each key, and nothing is sent", async () => {
    const inner = openMemoryStore();
    await inner.write("a", new Uint8Array(1));
    expect(await outcomes(withReadOnly(bulk(inner)), ["a", "b"])).toEqual(["a read-only", "b read-only"]);
    expect((await inner.stat("a")).sizeBytes).toBe(1);
  });

  test("tries again the keys that failed and may pass", async () => {
    const inner = openMemoryStore();
    await inner.write("b", new Uint8Array(1));
    const store = withRetry(bulk(inner, ["b"]), undefined, { clock: new FakeClock() });
    expect(await outcomes(store, ["a", "b"])).toEqual(["a gone", "b gone"]);
    await expect(inner.stat("b")).rejects.toMatchObject({ code: "not-found" });
  });

  test("is one delete per key for who injects faults and for who traces", async () => {
    const inner = openMemoryStore();
    const events: StoreTraceEvent[] = [];
    const faults = withFaults(bulk(inner), {
      before: ({ method, key }) => {
        if (method === "delete" && key === "b") throw new EntrepotError("forbidden", "injected");
      },
    });
    const store = withTrace(faults, (event) => void events.push(event));
    expect(await outcomes(store, ["a", "b"])).toEqual(["a gone", "b forbidden"]);
    const told = events.map((event) => `${event.type} ${event.uri} ${event.type === "ended" ? event.outcome : ""}`);
    expect(told).toEqual([
      "begun memory:///a ",
      "begun memory:///b ",
      "ended memory:///a ok",
      "ended memory:///b forbidden",
    ]);
  });

  test("is one call for a limit, which is free again when the asker has stopped", async () => {
    const store: Bulk = withLimit(bulk(openMemoryStore()), { concurrency: 1 });
    for await (const _ of store.deleteMany?.(["a", "b"]) ?? []) break;
    await store.write("a", new Uint8Array(1));
  });
});

interface Positional extends BodySink {
  writeAt?(offset: number, chunk: Uint8Array): void | Promise<void>;
}

/** A store that gives the second half first, where the sink can take it. */
function positional(inner: ObjectStore): ObjectStore {
  return {
    ...foreign(inner),
    read: async (key, sink: Positional, options) => {
      if (sink.writeAt === undefined) return inner.read(key, sink, options);
      const info = await inner.stat(key);
      sink.start(info, { start: 0, end: 4 });
      await sink.writeAt(2, Buffer.from("cd"));
      await sink.writeAt(0, Buffer.from("ab"));
      return { info, range: { start: 0, end: 4 }, verified: "length" };
    },
  };
}

test("pieces of any place reach a sink that takes them, counted and slowed; who resumes takes them in order", async () => {
  const inner = openMemoryStore();
  await inner.write("p/doc", Buffer.from("abcd"));
  const clock = new FakeClock();
  const startMs = clock.nowMs;
  const events: StoreTraceEvent[] = [];
  const limited = withLimit(withPrefix(positional(inner), "p/"), { bytesPerSecond: 2, clock });
  const store = withTrace(limited, (event) => void events.push(event));
  const bytes = Buffer.alloc(4);
  const places: number[] = [];
  const sink: Positional = {
    restartable: true,
    start: () => undefined,
    write: (chunk) => void bytes.set(chunk),
    writeAt: (offset, chunk) => {
      places.push(offset);
      bytes.set(chunk, offset);
    },
  };
  await store.read("doc", sink);
  expect([bytes.toString(), places, clock.nowMs - startMs]).toEqual(["abcd", [2, 0], 1000]);
  expect(events.at(-1)).toMatchObject({ type: "ended", bytes: 4 });
  places.length = 0;
  await withRetry(positional(inner)).read("p/doc", sink);
  expect([bytes.toString(), places]).toEqual(["abcd", []]);
});

test("a source that can give parts of itself still can", async () => {
  const asked: string[] = [];
  const source = {
    sizeBytes: 4,
    open: async function* () {
      yield Buffer.from("abcd");
    },
    openRange: async function* (start: number, end: number) {
      asked.push(`${start}-${end}`);
      yield Buffer.from("abcd").subarray(start, end);
    },
  };
  const inner = openMemoryStore();
  const parts: ObjectStore = {
    ...foreign(inner),
    write: async (key, body) => {
      const { openRange } = body as typeof source;
      const pieces: Uint8Array[] = [];
      for await (const piece of openRange(1, 3)) pieces.push(piece);
      return inner.write(key, Buffer.concat(pieces));
    },
  };
  await stack(parts).write("doc", source);
  expect(asked).toEqual(["1-3"]);
  expect((await inner.stat("p/doc")).sizeBytes).toBe(2);
});

test("a body that opens only once is written once", async () => {
  let tries = 0;
  const failing: ObjectStore = {
    ...foreign(openMemoryStore()),
    write: async () => {
      tries += 1;
      throw new EntrepotError("unreachable", "the connection broke");
    },
  };
  const body = {
    sizeBytes: undefined,
    open: async function* () {
      yield new Uint8Array(1);
    },
  } as unknown as Uint8Array;
  const written = withRetry(failing, undefined, { clock: new FakeClock() }).write("doc", body);
  await expect(written).rejects.toMatchObject({ code: "unreachable" });
  expect(tries).toBe(1);
});
