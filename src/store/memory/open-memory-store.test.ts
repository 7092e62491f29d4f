import { describe, expect, test } from "vitest";
import { storeContract } from "../../testing/index.ts";
import { openMemoryStore } from "./index.ts";

describe("the memory store keeps the contract", () => {
  const open = async () => {
    const store = openMemoryStore();
    return { store, close: () => store.close() };
  };
  for (const { name, run } of storeContract({ open, traits: { keepsMetadata: true } })) test(name, run);
});

test("two memories never give one ETag to different bytes", async () => {
  const [one, two] = [openMemoryStore(), openMemoryStore()];
  const a = await one.write("key", new Uint8Array([1]));
  const b = await two.write("key", new Uint8Array([2]));
  expect(a.etag).not.toBe(b.etag);
});

test("the clock that it was given decides when an object was modified", async () => {
  const store = openMemoryStore({ now: () => 1234 });
  await store.write("key", new Uint8Array(0));
  expect((await store.stat("key")).modifiedMs).toBe(1234);
});
