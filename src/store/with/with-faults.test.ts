import { expect, test } from "vitest";
import { openMemoryStore } from "../memory/index.ts";
import { failNthCall, withFaults } from "./index.ts";

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
