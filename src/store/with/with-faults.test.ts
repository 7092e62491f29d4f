import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { storeContract } from "../../testing/index.ts";
import { bulkDeleting } from "../bulk-deleting.fixture.ts";
import { openMemoryStore } from "../memory/index.ts";
import type { ObjectStore } from "../object-store.ts";
import { failNthCall, type StoreCall, withFaults } from "./index.ts";

describe.each([
  ["a store", () => openMemoryStore()],
  ["a store that deletes many at once", () => bulkDeleting(openMemoryStore())],
])("%s without faults keeps the contract", (_what, inner) => {
  const open = async () => {
    const store = withFaults(inner(), {});
    return { store, close: () => store.close() };
  };
  for (const { name, run } of storeContract({ open, traits: { keepsMetadata: true } })) test(name, run);
});

test("the Nth call fails, the one before and the one after do not", async () => {
  const failure = new Error("injected");
  const store = withFaults(openMemoryStore(), failNthCall(2, failure));
  await store.write("doc", new Uint8Array(1));
  await expect(store.stat("doc")).rejects.toBe(failure);
  expect((await store.stat("doc")).sizeBytes).toBe(1);
});

test("a fault after the call is a change that happened though the answer was lost", async () => {
  const failure = new Error("answer lost");
  const inner = openMemoryStore();
  const store = withFaults(inner, {
    after: () => {
      throw failure;
    },
  });
  await expect(store.write("doc", new Uint8Array(1))).rejects.toBe(failure);
  expect((await inner.stat("doc")).sizeBytes).toBe(1);
});

test("each page of a listing is a call of its own", async () => {
  const inner = openMemoryStore();
  for (const key of ["a", "b", "c"]) await inner.write(key, new Uint8Array(1));
  const failure = new Error("injected");
  const store = withFaults(inner, failNthCall(2, failure));
  const seen: string[] = [];
  const listing = async () => {
    for await (const page of store.list({ pageSize: 1 })) seen.push(...page.objects.map(({ key }) => key));
  };
  await expect(listing()).rejects.toBe(failure);
  expect(seen).toEqual(["a"]);
});

describe("of many that are deleted at once", () => {
  const refused = new EntrepotError("forbidden", "injected");
  async function codes(store: ObjectStore, keys: readonly string[]) {
    const told: (readonly [string, string | undefined])[] = [];
    for await (const { key, error } of store.deleteMany?.(keys) ?? []) told.push([key, error?.code]);
    return told;
  }

  test("each is a call of delete: a fault before it keeps its object, one after it does not", async () => {
    for (const when of ["before", "after"] as const) {
      const inner = bulkDeleting(openMemoryStore());
      for (const key of ["a", "b", "c"]) await inner.write(key, new Uint8Array(1));
      const fault = ({ method, key }: StoreCall) => {
        if (method === "delete" && key === "b") throw refused;
      };
      expect(await codes(withFaults(inner, { [when]: fault }), ["a", "b", "c"])).toEqual([
        ["a", undefined],
        ["b", "forbidden"],
        ["c", undefined],
      ]);
      const kept = await inner.stat("b").then(
        () => true,
        () => false,
      );
      expect(kept).toBe(when === "before");
    }
  });

  test("a fault without a code ends the call", async () => {
    const failure = new Error("injected");
    const store = withFaults(bulkDeleting(openMemoryStore()), failNthCall(2, failure));
    await expect(codes(store, ["a", "b"])).rejects.toBe(failure);
  });
});
