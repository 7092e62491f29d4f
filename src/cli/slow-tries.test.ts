import { expect, it } from "vitest";
import { watchSlowTries } from "./slow-tries.ts";

const uri = "s3://b/k";
const asked = { origin: "https://s3.example.org", attempt: 1, startedMs: 0, sentBytes: 0, receivedBytes: 0 } as const;
const failed = (ms: number) =>
  ({ type: "request", uri, method: "GET", status: 0, failure: "timeout", ms, ...asked }) as const;
const retry = (delayMs: number) => ({ type: "retry", uri, attempt: 1, delayMs }) as const;

it("a try that waited for a connection in vain is worth a word, however soon the next one follows", () => {
  const isSlow = watchSlowTries();
  expect(isSlow(failed(5_000))).toBe(false);
  expect(isSlow(retry(50))).toBe(true);
  expect(isSlow(failed(3))).toBe(false);
  expect(isSlow(retry(50))).toBe(false);
});

it("so is a long wait for the next try", () => {
  expect(watchSlowTries()(retry(501))).toBe(true);
});

it("a slow answer is no failed try", () => {
  const isSlow = watchSlowTries();
  isSlow({ ...failed(5_000), status: 503, failure: undefined });
  expect(isSlow(retry(50))).toBe(false);
});

it("that a server wants to be asked less is said once, until it bears as much as ever", () => {
  const isSlow = watchSlowTries();
  const origin = "https://s3.example.org";
  const slowed = { type: "slowed", uri: undefined, origin, concurrency: 4 } as const;
  expect([slowed, slowed, { ...slowed, origin: "https://other.example.org" }].map(isSlow)).toEqual([true, false, true]);
  expect(isSlow({ type: "recovered", uri: undefined, origin, concurrency: 32, slowMs: 1 })).toBe(false);
  expect(isSlow(slowed)).toBe(true);
});
