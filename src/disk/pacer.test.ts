import { expect, test } from "vitest";
import { Pacer } from "./pacer.ts";

test("a burst of two milliseconds runs on; then everybody waits for one turn of the loop", async () => {
  let now = 0;
  const pacer = new Pacer(() => now);
  await pacer.rest();
  now = 1.9;
  expect(pacer.rest()).toBeUndefined();
  now = 2;
  const [one, two] = [pacer.rest(), pacer.rest()];
  expect(one).toBeInstanceOf(Promise);
  expect(two).toBe(one);
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  await one;
  expect(pacer.rest()).toBeUndefined();
  await new Promise(setImmediate);
  expect(turned).toBe(true);
});
