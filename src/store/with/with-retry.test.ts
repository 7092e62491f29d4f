import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { openHttpStore } from "../http/index.ts";
import { openMemoryStore } from "../memory/index.ts";
import type { BodySink, ObjectStore, ReadOptions } from "../object-store.ts";
import { defaultRetryPolicy } from "../retry-policy.ts";
import { FakeClock, scripted, TextSink } from "../s3/scripted.fixture.ts";
import { foreign } from "./contract.fixture.ts";
import { failNthCall, type StoreFaults, withFaults, withPrefix, withRetry, withTrace } from "./index.ts";

const lost = () => new EntrepotError("unreachable", "the connection broke");
const ten = Buffer.from("0123456789");

/** A foreign store whose reads break after so many bytes, once each. */
function breaking(inner: ObjectStore, cuts: number[], between: () => Promise<unknown> = async () => undefined) {
  const asked: ReadOptions[] = [];
  const store: ObjectStore = {
    ...foreign(inner),
    async read(key, sink, options = {}) {
      asked.push(options);
      const cut = cuts.shift();
      if (cut === undefined) return inner.read(key, sink, options);
      let left = cut;
      const short: BodySink = {
        start: (info, range) => sink.start(info, range),
        write: async (chunk) => {
          await sink.write(chunk.subarray(0, left));
          left -= chunk.byteLength;
          if (left <= 0) {
            await between();
            throw lost();
          }
        },
      };
      return inner.read(key, short, options);
    },
  };
  return { store, asked };
}

function retried(store: ObjectStore, attempts = 10) {
  const clock = new FakeClock();
  const retries: string[] = [];
  const onRetry = ({ uri, attempt }: { uri: string; attempt: number }) => void retries.push(`${uri} ${attempt}`);
  return { store: withRetry(store, { ...defaultRetryPolicy, attempts }, { clock, onRetry }), clock, retries };
}

const faulty = (faults: StoreFaults) => {
  const inner = openMemoryStore();
  return { inner, ...retried(withFaults(inner, faults)) };
};

test("what passes by itself is tried again, with a delay between, and told", async () => {
  const { store, clock, retries } = faulty(failNthCall(1, lost()));
  await store.write("doc", ten);
  expect(retries).toEqual(["memory:///doc 1"]);
  expect(clock.sleptMs).toEqual([50]);
});

test("it ends with the last error when the tries are used up, and at once for what does not pass", async () => {
  const before = () => {
    throw lost();
  };
  const { store, retries } = faulty({ before });
  await expect(store.stat("doc")).rejects.toMatchObject({ code: "unreachable", message: /after 10 tries/ });
  expect(retries).toHaveLength(9);
  const once = { attempts: 1, budgetMs: 0, baseDelayMs: 0, maxDelayMs: 0 };
  await expect(store.stat("doc", { retry: once })).rejects.toMatchObject({ code: "unreachable" });
  expect(retries).toHaveLength(9);
  const calm = faulty({});
  await expect(calm.store.stat("doc")).rejects.toMatchObject({ code: "not-found" });
  expect(calm.retries).toEqual([]);
});

test("the store behind is told to try once, so that two policies do not multiply", async () => {
  const seen: (number | undefined)[] = [];
  const inner = openMemoryStore();
  const store: ObjectStore = {
    ...foreign(inner),
    stat: (key, options) => {
      seen.push(options?.retry?.attempts);
      return inner.stat(key, options);
    },
  };
  await inner.write("doc", ten);
  await withRetry(store).stat("doc", { retry: defaultRetryPolicy });
  expect(seen).toEqual([1]);
});

test("a store that retries by itself is refused, also behind other layers", () => {
  const { bucket, transport } = scripted(() => ({ status: 200 }));
  const web = openHttpStore({ origin: "https://data.example.org", transport });
  const stacked = withRetry(openMemoryStore());
  for (const store of [
    bucket,
    web,
    stacked,
    withPrefix(
      withTrace(bucket, () => undefined),
      "a/",
    ),
  ]) {
    expect(() => withRetry(store)).toThrow(TypeError);
  }
});

describe("a read that breaks", () => {
  test("goes on behind the last byte, pinned to the version", async () => {
    const inner = openMemoryStore();
    const { etag } = await inner.write("doc", ten);
    const { store, asked } = breaking(inner, [4, 2]);
    const sink = new TextSink();
    const result = await retried(store).store.read("doc", sink);
    expect(sink).toMatchObject({ text: "0123456789", starts: 1 });
    expect(result).toMatchObject({ range: { start: 0, end: 10 }, info: { sizeBytes: 10 }, verified: "length" });
    expect(asked.map(({ range, ifMatch }) => [range, ifMatch])).toEqual([
      [undefined, undefined],
      [{ start: 4, end: 10 }, etag],
      [{ start: 6, end: 10 }, etag],
    ]);
  });

  test("after its last byte is no success: the failure may be of the bytes, which are read again where the sink can", async () => {
    const inner = openMemoryStore();
    await inner.write("doc", ten);
    const range = { start: 2 };
    const once = breaking(inner, [8]);
    const reading = retried(once.store).store.read("doc", new TextSink(), { range });
    await expect(reading).rejects.toMatchObject({ code: "unreachable" });
    expect(once.asked).toHaveLength(1);
    const twice = breaking(inner, [8]);
    const sink = new TextSink(true);
    await retried(twice.store).store.read("doc", sink, { range });
    expect(sink).toMatchObject({ text: "23456789", starts: 2 });
    expect(twice.asked.map((asked) => asked.range)).toEqual([range, range]);
  });

  const replacedInBetween = async () => {
    const inner = openMemoryStore();
    await inner.write("doc", ten);
    return breaking(inner, [4], () => inner.write("doc", Buffer.from("abcdefghij")));
  };

  test("starts again when the object was replaced and the sink can", async () => {
    const { store } = await replacedInBetween();
    const sink = new TextSink(true);
    await retried(store).store.read("doc", sink);
    expect(sink).toMatchObject({ text: "abcdefghij", starts: 2 });
  });

  test("is changed when the object was replaced and the sink cannot start again, or wants one version", async () => {
    const { store } = await replacedInBetween();
    await expect(retried(store).store.read("doc", new TextSink())).rejects.toMatchObject({ code: "changed" });
    const pinned = await replacedInBetween();
    const { etag } = await pinned.store.stat("doc");
    const reading = retried(pinned.store).store.read("doc", new TextSink(true), { ifMatch: etag });
    await expect(reading).rejects.toMatchObject({ code: "changed" });
  });

  test("without a strong ETag starts again or ends with its own error, and never guesses", async () => {
    const weak = () => {
      const inner = openMemoryStore();
      const { store } = breaking(inner, [4]);
      const read: ObjectStore["read"] = (key, sink, options) =>
        store.read(
          key,
          {
            restartable: sink.restartable,
            start: (info, range) => sink.start({ ...info, etag: 'W/"1"' }, range),
            write: (chunk) => sink.write(chunk),
          },
          options,
        );
      return { inner, store: { ...store, read } };
    };
    const one = weak();
    await one.inner.write("doc", ten);
    await expect(retried(one.store).store.read("doc", new TextSink())).rejects.toMatchObject({ code: "unreachable" });
    const two = weak();
    await two.inner.write("doc", ten);
    const sink = new TextSink(true);
    await retried(two.store).store.read("doc", sink);
    expect(sink).toMatchObject({ text: "0123456789", starts: 2 });
  });
});

test("what the caller's own sink or source throws is not repeated, even if it could pass", async () => {
  const { inner, store, retries } = faulty({});
  await inner.write("doc", ten);
  const reason = lost();
  const write = () => {
    throw reason;
  };
  await expect(store.read("doc", { start: () => undefined, write })).rejects.toBe(reason);
  const open = async function* () {
    yield ten;
    throw reason;
  };
  await expect(store.write("doc", { sizeBytes: 20, open })).rejects.toBe(reason);
  expect(retries).toEqual([]);
});

describe("a change whose answer was lost", () => {
  /** Is done the first time, though the answer is lost. */
  const lostOnce = () => {
    let calls = 0;
    return faulty({
      after: () => {
        calls += 1;
        if (calls === 1) throw lost();
      },
    });
  };

  test("is repeated when nothing hangs on what is there", async () => {
    const { store, inner } = lostOnce();
    await store.write("doc", ten);
    expect((await inner.stat("doc")).sizeBytes).toBe(10);
    const removing = lostOnce();
    await removing.inner.write("doc", ten);
    await removing.store.delete("doc");
  });

  test("under a condition is an error that says the outcome is unknown, and is not to be repeated", async () => {
    const creating = lostOnce();
    const created = creating.store.write("doc", ten, { ifNoneMatch: "*" });
    await expect(created).rejects.toMatchObject({ code: "server-error", retryable: false, message: /unknown/ });
    const swapping = lostOnce();
    const { etag } = await swapping.inner.write("doc", ten);
    const swapped = swapping.store.write("doc", ten, { ifMatch: etag });
    await expect(swapped).rejects.toMatchObject({ code: "server-error", retryable: false });
    const removing = lostOnce();
    const { etag: old } = await removing.inner.write("doc", ten);
    const removed = removing.store.delete("doc", { ifMatch: old });
    await expect(removed).rejects.toMatchObject({ code: "server-error", retryable: false });
  });

  test("is judged by its condition when the try before did nothing", async () => {
    const { store, inner } = faulty(failNthCall(1, new EntrepotError("throttled", "slow down")));
    await inner.write("doc", ten);
    await expect(store.write("doc", ten, { ifNoneMatch: "*" })).rejects.toMatchObject({ code: "already-exists" });
  });
});

test("a source is opened again for each try", async () => {
  let opened = 0;
  const open = async function* () {
    opened += 1;
    yield ten;
  };
  let calls = 0;
  const after = () => {
    calls += 1;
    if (calls === 1) throw lost();
  };
  const { store, inner } = faulty({ after });
  await store.write("doc", { sizeBytes: 10, open });
  expect(opened).toBe(2);
  expect((await inner.stat("doc")).sizeBytes).toBe(10);
});

test("a listing goes on behind its last key: nothing twice, nothing left out", async () => {
  for (let failing = 1; failing <= 6; failing += 1) {
    const { store, inner } = faulty(failNthCall(failing, lost()));
    for (const key of ["a", "b/1", "b/2", "c", "d/1"]) await inner.write(key, ten);
    const seen: string[] = [];
    for await (const { objects, folders } of store.list({ rollUp: true, pageSize: 1 })) {
      seen.push(...objects.map(({ key }) => key), ...folders);
    }
    expect(seen, `call ${failing}`).toEqual(["a", "b/", "c", "d/"]);
  }
});

test("an abort ends the wait", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const before = () => {
    controller.abort(reason);
    throw lost();
  };
  const { store, retries } = faulty({ before });
  await expect(store.stat("doc", { signal: controller.signal })).rejects.toBe(reason);
  expect(retries).toEqual([]);
});

test("a foreign store that ends a read early and calls it a success is truncated", async () => {
  const inner = openMemoryStore();
  await inner.write("k", ten);
  const short: ObjectStore = {
    ...foreign(inner),
    read: (key, sink, options) =>
      inner.read(
        key,
        { start: (info, range) => sink.start(info, range), write: (chunk) => sink.write(chunk.subarray(0, 5)) },
        options,
      ),
  };
  const { store } = retried(short, 1);
  await expect(store.read("k", new TextSink())).rejects.toMatchObject({ code: "truncated" });
});
