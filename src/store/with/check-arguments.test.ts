import { describe, expect, test } from "vitest";
import { openMemoryStore } from "../memory/index.ts";
import { defaultRetryPolicy } from "../retry-policy.ts";
import { foreign } from "./contract.fixture.ts";
import {
  failNthCall,
  sharedLimit,
  withFaults,
  withLimit,
  withPrefix,
  withReadOnly,
  withRetry,
  withTrace,
} from "./index.ts";

const store = foreign(openMemoryStore());
type Call = (...given: never[]) => unknown;
const decorators: readonly (readonly [string, Call])[] = Object.entries({
  withFaults,
  withLimit,
  withPrefix,
  withReadOnly,
  withRetry,
  withTrace,
});
const said = (call: () => unknown, name: string, message: string) =>
  expect(call).toThrow(expect.objectContaining({ name, message }));

test.each(decorators)("%s() takes a store first", (name, decorate) => {
  said(() => decorate(), "TypeError", `the first argument of ${name}() is a store, not undefined`);
  said(
    () => decorate({} as never, store as never),
    "TypeError",
    `the first argument of ${name}() is a store, not an object`,
  );
});

describe("what comes second", () => {
  test.each<[name: string, call: Call, second: unknown, message: string]>([
    ["withPrefix", withPrefix, 5, "the second argument of withPrefix() is a string, not 5"],
    ["withTrace", withTrace, {}, "the second argument of withTrace() is a function, not an object"],
    ["withLimit", withLimit, undefined, "the options of withLimit() are an object, not undefined"],
    ["withLimit", withLimit, { concurency: 1 }, 'withLimit() has no option "concurency": did you mean concurrency?'],
    ["withLimit", withLimit, { concurrency: "8" }, 'concurrency of withLimit() is a whole number from 1, not "8"'],
    ["withLimit", withLimit, { bytesPerSecond: "1" }, 'bytesPerSecond of withLimit() is a number above 0, not "1"'],
    ["withRetry", withRetry, { attempt: 3 }, 'withRetry() has no option "attempt": did you mean attempts?'],
    [
      "withRetry",
      withRetry,
      { ...defaultRetryPolicy, budgetMs: "3m" },
      'budgetMs of withRetry() is milliseconds, 0 or more, not "3m"',
    ],
    [
      "withRetry",
      withRetry,
      { attempts: 3 },
      "the policy of withRetry() lacks budgetMs, baseDelayMs, maxDelayMs: write { ...defaultRetryPolicy, attempts: 3 }",
    ],
    ["withFaults", withFaults, { befor: () => undefined }, 'withFaults() has no option "befor": did you mean before?'],
    ["withFaults", withFaults, { before: true }, "before of withFaults() is a function, not true"],
  ])("of %s() is checked: %#", (_, decorate, second, message) => {
    said(() => decorate(store as never, second as never), "TypeError", message);
  });

  test("a number that means nothing is a RangeError", () => {
    said(
      () => sharedLimit({ requestsPerSecond: 0 }),
      "RangeError",
      "requestsPerSecond of sharedLimit() is a number above 0, not 0",
    );
    said(
      () => withRetry(store, { ...defaultRetryPolicy, attempts: 0 }),
      "RangeError",
      "attempts of withRetry() is a whole number from 1, not 0",
    );
    said(
      () => failNthCall(0, new Error("x")),
      "RangeError",
      "the first argument of failNthCall() is a whole number from 1, not 0",
    );
  });
});

test("a limit that is shared stands in for options", () => {
  expect(withLimit(store, sharedLimit({ concurrency: 2 })).uri).toBe(store.uri);
});
