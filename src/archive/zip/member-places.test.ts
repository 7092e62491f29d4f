import { expect, test } from "vitest";
import { PlacesBuilder } from "./member-places.ts";

test("each of many names is found by looking at few lines, however it is written", () => {
  const places = new PlacesBuilder();
  for (let at = 0; at < 10_000; at += 1) places.add(`./folder/file-${at}.txt`, at * 100);
  const built = places.built();
  let looked = 0;
  let right = 0;
  for (let at = 0; at < 10_000; at += 1) {
    const found = built.of(`folder/file-${at}.txt`);
    if (found.includes(at * 100)) right += 1;
    looked += found.length;
  }
  expect(right).toBe(10_000);
  expect(looked).toBeLessThan(10_200);
  expect(built.of("folder/none.txt").length).toBeLessThan(3);
});

test("a name that is there twice is found twice, in the order of the index", () => {
  const places = new PlacesBuilder();
  for (const [at, name] of ["a", "b", "./a", "a/"].entries()) places.add(name, at);
  expect(places.built().of("a")).toEqual([0, 2, 3]);
});
