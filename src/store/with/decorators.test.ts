import { describe, expect, test } from "vitest";
import { openMemoryStore } from "../memory/index.ts";
import type { BucketStore, ObjectStore } from "../object-store.ts";
import { readBytes } from "../read-bytes.ts";
import { foreign, keepsTheContract, withBucket } from "./contract.fixture.ts";
import { sharedLimit, withFaults, withLimit, withPrefix, withReadOnly, withRetry, withTrace } from "./index.ts";

const limits = { concurrency: 40, requestsPerSecond: 1e6, bytesPerSecond: 1e12 };
const decorators: readonly (readonly [string, (store: ObjectStore) => ObjectStore, string])[] = [
  ["withFaults without faults", (store) => withFaults(store, {}), ""],
  ["withLimit", (store) => withLimit(store, limits), ""],
  ["withPrefix", (store) => withPrefix(store, "a part/"), "a part/"],
  ["withRetry", (store) => withRetry(foreign(store)), ""],
  ["withTrace", (store) => withTrace(store, () => undefined), ""],
  [
    "a stack of all",
    (store) =>
      withTrace(
        withPrefix(
          withLimit(withFaults(withRetry(withPrefix(foreign(store), "inner/")), {}), sharedLimit(limits)),
          "outer/",
        ),
        () => undefined,
      ),
    "inner/outer/",
  ],
];

describe.each(decorators)("%s keeps the contract", (_, decorate, prefix) => keepsTheContract(decorate, prefix));

describe("withReadOnly keeps the contract of reads", () => {
  // Written by the store itself, read by the view of it.
  keepsTheContract((store) => {
    const view = withReadOnly(store);
    return {
      ...foreign(store),
      read: (key, sink, options) => view.read(key, sink, options),
      stat: (key, options) => view.stat(key, options),
      list: (options) => view.list(options),
      copyFrom: (source, key, options) => store.copyFrom({ ...source, store }, key, options),
    };
  });
});

describe("in front of a bucket", () => {
  const bucket = withBucket();
  const wrapped: readonly (readonly [string, (store: BucketStore) => BucketStore])[] = [
    ["withFaults", (store) => withFaults(store, {})],
    ["withLimit", (store) => withLimit(store, { concurrency: 2 })],
    ["withPrefix", (store) => withPrefix(store, "part/")],
    ["withTrace", (store) => withTrace(store, () => undefined)],
    ["withReadOnly", (store) => withReadOnly(store)],
  ];

  test.each(wrapped)("%s has the methods of a bucket, and signs the key that it stands for", async (name, wrap) => {
    const store = wrap(bucket());
    const url = await store.presign("doc", { method: "GET", expiresMs: 60_000 });
    expect(new URL(url).pathname).toBe(name === "withPrefix" ? "/bucket/part/doc" : "/bucket/doc");
    await expect(store.createBucket()).rejects.toMatchObject({
      code: name === "withReadOnly" ? "read-only" : "already-exists",
    });
  });

  test("a store without buckets gets none of their methods", () => {
    const store = withPrefix(
      withTrace(openMemoryStore(), () => undefined),
      "part/",
    );
    for (const name of ["createBucket", "removeBucket", "presign"] as const) {
      expect((store as Partial<BucketStore>)[name]).toBeUndefined();
    }
  });

  test("a copy between two decorated stores moves no bytes here, whatever stands in front of either", async () => {
    await bucket().write("from/doc", Buffer.from("text"));
    const reads: string[] = [];
    const from = withTrace(withPrefix(withReadOnly(bucket()), "from/"), ({ method }) => void reads.push(method));
    const to = withPrefix(withLimit(bucket(), { concurrency: 1 }), "to/");
    expect(await to.copyFrom({ store: from, key: "doc" }, "copy")).toMatchObject({ sizeBytes: 4 });
    expect(Buffer.from((await readBytes(bucket(), "to/copy")).bytes).toString()).toBe("text");
    expect(reads).toEqual([]);
    expect(await to.copyFrom({ store: openMemoryStore(), key: "doc" }, "copy")).toBeUndefined();
  });
});

test.each(decorators)("closing %s closes the store behind it", async (_, decorate) => {
  let closed = 0;
  const store = decorate({
    ...foreign(openMemoryStore()),
    close: async () => {
      closed += 1;
    },
  });
  await store.close();
  expect(closed).toBe(1);
});
