import { expect, test } from "vitest";
import { hasOnlyKeys } from "./known-keys.ts";

const keys = ["a", "longer", "ü"].map((name) => ({ name, isText: name === "ü" }));

/** In pieces of every size, so that each key is torn somewhere. */
async function answers(text: string, known = keys): Promise<readonly boolean[]> {
  const bytes = Buffer.from(text);
  const sizes = [...Array(bytes.length + 1).keys()].slice(1);
  return Promise.all(
    sizes.map((size) =>
      hasOnlyKeys(
        (async function* () {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        })(),
        known,
      ),
    ),
  );
}

test.each([
  ["lines in one order", '{"a":1,"longer":2,"ü":null}\n{"a":1,"longer":2,"ü":"3"}\n'],
  ["some missing", '{"a":1,"ü":"3"}\n{"longer":2}\n{}\n{"longer":2}\n{ "a":2}'],
  ["spaces before colons", '{"a" : 1 , "longer"\t:2}\r\n'],
  ["colons in texts", '{"a":"12:30:00","longer":"a: b"}'],
  ["quoted words before colons in texts", '{"a":"he said \\"zzz\\": no"}'],
])("lines have only known keys: %s", async (_, text) => {
  expect(new Set(await answers(text))).toEqual(new Set([true]));
});

test.each([
  ["a late one", '{"a":1}\n{"b":1}\n'],
  ["one that ends like a known one", '{"xa":1}'],
  ["one that begins like a known one", '{"ab":1}'],
  ["one with spaces behind it", '{"b"  :1}'],
  ["one that ends in a backslash", '{"a\\\\":1}'],
  ["one with a quote inside, before a known one", '{"x\\"a":1}'],
  ["a known one that is written with an escape", '{"\\u0061":1}'],
  ["an empty one", '{"":1}'],
  ["one inside another object", '{"a":{"b":1}}'],
  ["one at the very end of a file without a line end", '{"a":1,"b":2}'],
  ["one behind texts with colons", `{"a":"${":".repeat(50)}","b":1}`],
  ["one that comes twice", '{"a":1,"a":2}'],
  ["one that comes twice with others between", '{"a":1,"longer":2,"a":2}'],
  ["another order, in which one may come twice", '{"longer":2,"a":1}'],
  ["a number among texts", '{"a":1,"ü": -3}'],
  ["an object among texts", '{"a":1,"ü":{"a":1}}'],
  ["half a character", '{"a":"\\ud83d"}'],
])("what is not certain is no yes: %s", async (_, text) => {
  expect(new Set(await answers(text))).toEqual(new Set([false]));
});

test("without known keys nothing is certain", async () => {
  expect(new Set(await answers("{}", []))).toEqual(new Set([false]));
});
