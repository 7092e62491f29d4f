/** One after the other. */
import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("work under one name runs in order, also after a failure; other names do not wait", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = turns.take("a", async () => {
    await held;
    seen.push("a1");
    throw new Error("no");
  });
  const second = turns.take("a", async () => seen.push("a2"));
  await turns.take("b", async () => seen.push("b"));
  release();
  await expect(first).rejects.toThrow("no");
  await second;
  expect(seen).toEqual(["b", "a1", "a2"]);
});
