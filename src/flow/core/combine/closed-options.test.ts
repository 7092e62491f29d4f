import { expect, test } from "vitest";
import { checked, each, retry } from "../index.ts";

const fn = (): number => 1;
const call =
  (make: (...given: never[]) => unknown, ...given: readonly unknown[]) =>
  () =>
    make(...(given as never[]));

test.each([
  ["each", call(each as never, "list", fn, { limti: 2 }), 'each() has no option "limti": did you mean limit?'],
  ["each", call(each as never, "list", fn, { as: 3 }), "as of each() is a string that is not empty, not 3"],
  ["retry", call(retry as never, fn, { time: 2 }), 'retry() has no option "time": did you mean times?'],
  ["retry", call(retry as never, fn, { when: true }), "when of retry() is a function, not true"],
  ["retry", call(retry as never, fn, { firstDelayMs: -1 }), "firstDelayMs of retry() is milliseconds from 0, not -1"],
  ["retry", call(retry as never, fn, "3"), "the options of retry() are an object, not string"],
  ["checked", call(checked as never, [], fn, { onfailure: "warn" }), "did you mean onFailure?"],
  ["checked", call(checked as never, [], fn, { onFailure: "ignore" }), "onFailure of checked() is fail or warn"],
])("%s refuses options that it does not have, where the node is defined", (_, make, words) => {
  expect(make).toThrow(TypeError);
  expect(make).toThrow(words);
});

test("options that are undefined are as if they were not said", () => {
  expect(call(each as never, "list", fn, { limit: undefined, as: undefined })).not.toThrow();
  expect(call(retry as never, fn, { times: undefined, when: undefined })).not.toThrow();
  expect(call(checked as never, [], fn, { onFailure: undefined })).not.toThrow();
});
