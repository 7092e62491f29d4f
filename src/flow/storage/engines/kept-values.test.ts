import { expect, test } from "vitest";
import { KeptValues } from "./kept-values.ts";

function counting(): { readonly made: string[]; readonly make: (name: string) => () => Promise<object> } {
  const made: string[] = [];
  return {
    made,
    make: (name) => async () => {
      made.push(name);
      return { name };
    },
  };
}

test("a value is decoded once while there is room, and the bytes that are kept are bounded", async () => {
  const { made, make } = counting();
  const values = new KeptValues(100);
  const first = await values.get("a", 60, make("a"));
  expect(await values.get("a", 60, make("a"))).toBe(first);
  await values.get("b", 30, make("b"));
  await values.get("a", 60, make("a"));
  // more than there is room for: what was used longest ago goes
  await values.get("c", 30, make("c"));
  await values.get("a", 60, make("a"));
  await values.get("b", 30, make("b"));
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("a value that is larger than all the room stays until the next one, and a failure is not kept", async () => {
  const { made, make } = counting();
  const values = new KeptValues(100);
  await values.get("large", 1_000, make("large"));
  await values.get("large", 1_000, make("large"));
  await values.get("small", 1, make("small"));
  await values.get("large", 1_000, make("large"));
  expect(made).toEqual(["large", "small", "large"]);
  await expect(values.get("bad", 1, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await values.get("bad", 1, make("bad"))).toEqual({ name: "bad" });
});
