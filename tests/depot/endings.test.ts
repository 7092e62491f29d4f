import { join } from "node:path";
import type { Depot, Progress } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, backends, openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const big = new Uint8Array(3_000_000).fill(7);
const reason = new Error("enough");

describe.each([true, false])("closing a depot on S3, with a cache: %j", (cached) => {
  test("ends a stream that is half read, and says why", async () => {
    const bench = await openS3(cached);
    await bench.data.writeBytes("big", big);
    await bench.data.cache.clear();
    const reader = bench.data.readStream("big").getReader();
    await reader.read();
    await bench.data.close();
    const rest = async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read());
    };
    await expect(rest()).rejects.toThrow(/closed/);
    await bench.close();
  });
});

describe.each(backends)("aborts on $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
  });
  afterAll(() => bench.close());

  test("a source that stalls does not hold up an abort, and a web stream is cancelled", async () => {
    for (const compress of [false, "gzip"] as const) {
      const stop = new AbortController();
      let cancelled: unknown;
      const stalled = new ReadableStream<Uint8Array>(
        {
          pull: () => {
            queueMicrotask(() => stop.abort(reason));
            return new Promise(() => undefined);
          },
          cancel: (why) => {
            cancelled = why;
          },
        },
        // nothing is asked of it before somebody reads
        { highWaterMark: 0 },
      );
      await expect(data.writeStream("e/stalled", stalled, { signal: stop.signal, compress })).rejects.toBe(reason);
      expect(cancelled).toBe(reason);
    }
    const stop = new AbortController();
    const never: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          queueMicrotask(() => stop.abort(reason));
          return new Promise(() => undefined);
        },
      }),
    };
    await expect(data.writeLines("e/lines", never, { signal: stop.signal })).rejects.toBe(reason);
    expect(await data.exists("e/")).toBe(false);
  });

  test("a call's own signal does not switch off that of the depot", async () => {
    await data.writeText("f", "text");
    const stop = new AbortController();
    const own = new AbortController().signal;
    const file = await data.with({ signal: stop.signal }).open("f");
    expect(await file.text({ signal: own })).toBe("text");
    stop.abort(reason);
    await expect(file.read({ start: 0 }, { signal: own })).rejects.toBe(reason);
    await expect(file.bytes({ signal: own })).rejects.toBe(reason);
    await expect(file.slice(0)).rejects.toBe(reason);
    expect(() => file.lines({ signal: own })).toThrow(reason);
    await file.close();
  });

  test("ranges of an open file mean what they mean elsewhere", async () => {
    await data.writeText("g", "0123456789");
    const file = await data.open("g");
    await expect(file.read({ suffix: -5 })).rejects.toThrow(RangeError);
    await expect(file.read({ start: 0.5 })).rejects.toThrow(RangeError);
    await expect(file.read({ start: 11 })).rejects.toEqual(code("invalid-range"));
    expect(await file.read({ start: 10 })).toEqual(new Uint8Array(0));
    expect(() => file.stream({ suffix: -5 })).toThrow(RangeError);
    await file.close();
  });

  test("a file that is not there is named, with a hint that fits", async () => {
    await expect(data.writeFrom("h", join(bench.folder, "none"))).rejects.toMatchObject({
      code: "not-found",
      uri: `file://${join(bench.folder, "none")}`,
      hint: expect.not.stringContaining("callback"),
    });
    await expect(data.writeFrom("h", async () => undefined)).rejects.toMatchObject({
      code: "not-found",
      hint: expect.stringContaining("callback"),
    });
  });

  test("progress is told while a stream is written, and at its end", async () => {
    const told: Progress[] = [];
    async function* pieces() {
      for (let at = 0; at < 3_000_000; at += 1_000_000) yield big.subarray(at, at + 1_000_000);
    }
    await data.writeStream("p", pieces(), { onProgress: (progress) => told.push(progress) });
    expect(told.slice(0, -1).map(({ doneBytes }) => doneBytes)).toEqual([1_000_000, 2_000_000, 3_000_000]);
    // how much it will be nobody knows before its end
    expect(told[0]).toMatchObject({ doneObjects: 0, totalObjects: 1, totalBytes: undefined });
    expect(told.at(-1)).toMatchObject({ doneObjects: 1, totalObjects: 1, doneBytes: 3_000_000, totalBytes: 3_000_000 });
  });
});
