import { expect, test } from "vitest";
import { benchOf, filledWith, mebibyte, serveBytes } from "./parallel.fixture.ts";

test("a sink that stalls in a later part does not outlive the signal of the call", async () => {
  const bytes = filledWith(1, 32 * mebibyte);
  const { bucket, open } = benchOf((request) => serveBytes(request, bytes, '"a"'));
  const stop = new AbortController();
  let taken = 0;
  const stalling = {
    start: () => undefined,
    write: (chunk: Uint8Array) => {
      taken += chunk.byteLength;
      if (taken < 5 * mebibyte) return undefined;
      setImmediate(() => stop.abort(new Error("enough of it")));
      return new Promise<void>(() => undefined);
    },
  };
  await expect(bucket.read("k", stalling, { signal: stop.signal })).rejects.toThrow("enough of it");
  expect(open()).toBe(0);
});
