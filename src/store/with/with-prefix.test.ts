import { describe, expect, test } from "vitest";
import { storeContract } from "../../testing/index.ts";
import { bulkDeleting } from "../bulk-deleting.fixture.ts";
import { openMemoryStore } from "../memory/index.ts";
import { withPrefix } from "./index.ts";

describe.each([
  ["a store", () => openMemoryStore()],
  ["a store that deletes many at once", () => bulkDeleting(openMemoryStore())],
])("a part of %s keeps the contract", (_what, whole) => {
  const open = async () => {
    const store = withPrefix(whole(), "a//part/");
    return { store, close: () => store.close() };
  };
  for (const { name, run } of storeContract({ open, traits: { keepsMetadata: true } })) test(name, run);
});

test("what is written to a part lies in the whole, below the prefix, and nothing else is seen", async () => {
  const whole = openMemoryStore();
  const part = withPrefix(whole, "part/");
  await whole.write("other", new Uint8Array(1));
  await part.write("doc", new Uint8Array(2));
  expect((await whole.stat("part/doc")).sizeBytes).toBe(2);
  const listed = [];
  for await (const page of part.list()) listed.push(...page.objects.map(({ key }) => key));
  expect(listed).toEqual(["doc"]);
  expect(part.uri).toBe("memory:///part/");
});

test("a part deletes many at once where the whole does, and only there", () => {
  expect(withPrefix(openMemoryStore(), "p/").deleteMany).toBeUndefined();
  expect(withPrefix(bulkDeleting(openMemoryStore()), "p/").deleteMany).toBeTypeOf("function");
});
