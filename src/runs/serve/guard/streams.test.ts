import { expect, test } from "vitest";
import { mostOfHolder, mostStreams, openStreams } from "./streams.ts";

test("one who listens too often is refused, and others are not", () => {
  const streams = openStreams();
  const closes = Array.from({ length: mostOfHolder }, () => streams.open("a"));
  expect(() => streams.open("a")).toThrow(expect.objectContaining({ status: 429, code: "throttled" }));
  const other = streams.open("b");
  closes[0]?.();
  // a second call gives no second place
  closes[0]?.();
  streams.open("a");
  expect(() => streams.open("a")).toThrow(expect.objectContaining({ status: 429 }));
  other();
});

test("there is an end to all of them together", () => {
  const streams = openStreams();
  const closes = Array.from({ length: mostStreams }, (_, at) => streams.open(`t${at % 20}`));
  expect(() => streams.open("new")).toThrow(expect.objectContaining({ status: 503, code: "busy" }));
  closes[7]?.();
  streams.open("new");
  expect(() => streams.open("other")).toThrow(expect.objectContaining({ status: 503 }));
});
