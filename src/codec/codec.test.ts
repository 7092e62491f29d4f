import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Compression,
  compressionSupport,
  type DecodeOptions,
  decode,
  decodeAll,
  encode,
  encodeAll,
} from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array) => new TextDecoder().decode(chunk);

/** The bytes in pieces of the given size. */
async function* pieces(whole: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return new Uint8Array(Buffer.concat(all));
}

/** Both ways of decoding, and the stream cut at awkward places: they must agree. */
async function everyWay(compression: Compression, stored: Uint8Array, options: DecodeOptions = {}): Promise<string> {
  const results = await Promise.allSettled([
    decodeAll(compression, stored, options).then(text),
    ...[1, 3, 65_536].map(async (size) => text(await whole(decode(compression, pieces(stored, size), options)))),
  ]);
  const said = results.map((result) =>
    result.status === "fulfilled" ? `=${result.value}` : String(result.reason.code ?? result.reason),
  );
  expect(new Set(said).size, said.join(" | ")).toBe(1);
  return said[0] ?? "";
}

const one = gzipSync("one");
const two = gzipSync("two");
const join = (...parts: Uint8Array[]) => Buffer.concat(parts);
const flipped = (source: Uint8Array, at: number) => {
  const copy = Uint8Array.from(source);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
};

describe("gzip is read as Python's gzip reads it", () => {
  test.each<[string, Uint8Array, string]>([
    ["one member", one, "=one"],
    ["members one after the other", join(one, two), "=onetwo"],
    ["an empty member", join(gzipSync(""), one, gzipSync("")), "=one"],
    ["an empty input", new Uint8Array(0), "="],
    ["zeros after a member", join(one, Buffer.alloc(512)), "=one"],
    ["zeros between members", join(one, Buffer.alloc(3), two, Buffer.alloc(1)), "=onetwo"],
    ["nothing but zeros", Buffer.alloc(4), "malformed"],
    ["garbage after a member", join(one, bytes("garbage")), "malformed"],
    ["garbage after zeros", join(one, Buffer.alloc(3), bytes("x")), "malformed"],
    ["no gzip at all", bytes("hello"), "malformed"],
    ["a damaged body", join(one.subarray(0, 10), Buffer.of(7), one.subarray(11)), "malformed"],
    ["a wrong checksum", flipped(one, -8), "integrity"],
    ["a wrong length", flipped(one, -1), "integrity"],
    ["a second member with a wrong checksum", join(one, flipped(two, -8)), "integrity"],
    ["a second member that is cut", join(one, two.subarray(0, -1)), "truncated"],
    ["a second header that is cut", join(one, two.subarray(0, 4)), "truncated"],
  ])("%s", async (_, stored, expected) => expect(await everyWay("gzip", stored)).toBe(expected));

  test("cut anywhere it is truncated, and a retry would not help", async () => {
    for (let length = 1; length < one.length; length += 1) {
      expect(await everyWay("gzip", one.subarray(0, length))).toBe("truncated");
    }
    await expect(decodeAll("gzip", one.subarray(0, 9), { uri: "s3://b/k.gz" })).rejects.toMatchObject({
      uri: "s3://b/k.gz",
      retryable: false,
      hint: expect.any(String),
    });
  });
});

describe("what goes in comes out", () => {
  const usable = (["gzip", "bzip2", "xz", "zstd"] as const).filter(
    (compression) => compressionSupport(compression).supported,
  );
  test.each(usable)("%s, in pieces and at once", async (compression) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 1, max: 700 }), async (source, size) => {
        const streamed = await whole(encode(compression, pieces(source, size)));
        expect(await decodeAll(compression, streamed)).toEqual(source);
        expect(await whole(decode(compression, pieces(await encodeAll(compression, source), size)))).toEqual(source);
      }),
      { numRuns: 40 },
    );
  });

  test.each(usable)("%s of megabytes, random and repetitive, off the fast path", async (compression) => {
    const source = new Uint8Array(1_200_000);
    for (let at = 0; at < 600_000; at += 1) source[at] = (at * 2_654_435_761) >>> 13;
    const stored = await encodeAll(compression, source);
    const trusted = { maxRatio: Number.POSITIVE_INFINITY };
    expect(Buffer.compare(await decodeAll(compression, stored, trusted), source)).toBe(0);
    expect(Buffer.compare(await whole(decode(compression, pieces(stored, 10_000), trusted)), source)).toBe(0);
  });

  test("the result of decodeAll is an array of its own, of exactly its size", async () => {
    const decoded = await decodeAll("gzip", one);
    expect(decoded.buffer.byteLength).toBe(3);
  });
});

describe("written gzip", () => {
  const header = "1f8b08000000000000ff";
  test("names no time and no system, streamed or at once, and zlib reads it", async () => {
    for (const source of [bytes(""), bytes("abc"), new Uint8Array(200_000)]) {
      const streamed = await whole(encode("gzip", pieces(source)));
      const atOnce = await encodeAll("gzip", source);
      expect(Buffer.from(streamed.subarray(0, 10)).toString("hex")).toBe(header);
      expect(Buffer.from(atOnce.subarray(0, 10)).toString("hex")).toBe(header);
      expect(Buffer.compare(gunzipSync(streamed), source)).toBe(0);
      expect(Buffer.compare(gunzipSync(atOnce), source)).toBe(0);
      expect(await encodeAll("gzip", source)).toEqual(atOnce);
    }
  });

  test("has a level from 1 to 9", async () => {
    const source = bytes(Array.from({ length: 5_000 }, (_, index) => `${index * 7919}`).join(","));
    const [fast, small] = [
      await encodeAll("gzip", source, { level: 1 }),
      await encodeAll("gzip", source, { level: 9 }),
    ];
    expect(small.length).toBeLessThan(fast.length);
    for (const level of [0, 10, 1.5, Number.NaN])
      await expect(encodeAll("gzip", source, { level })).rejects.toThrow(RangeError);
  });
});

describe("limits", () => {
  const bomb = gzipSync(new Uint8Array(16 * 1024 * 1024), { level: 9 });

  test("more than a thousandfold is refused after little of it was seen", async () => {
    expect(bomb.length * 1_000).toBeLessThan(16 * 1024 * 1024);
    let seen = 0;
    const read = async () => {
      for await (const chunk of decode("gzip", pieces(bomb, 1_000))) seen += chunk.length;
    };
    await expect(read()).rejects.toMatchObject({ code: "limit-exceeded", hint: expect.stringContaining("maxRatio") });
    expect(seen).toBeLessThan(2 * 1024 * 1024);
    await expect(decodeAll("gzip", bomb)).rejects.toMatchObject({ code: "limit-exceeded" });
  });

  test("unless that is allowed", async () => {
    expect((await decodeAll("gzip", bomb, { maxRatio: Number.POSITIVE_INFINITY })).length).toBe(16 * 1024 * 1024);
    expect((await decodeAll("gzip", bomb, { maxRatio: 2_000 })).length).toBe(16 * 1024 * 1024);
  });

  test("a megabyte of zeros is no bomb", async () => {
    expect((await decodeAll("gzip", gzipSync(new Uint8Array(1024 * 1024)))).length).toBe(1024 * 1024);
  });

  test("a number of bytes is exact, on every path", async () => {
    expect(await everyWay("gzip", one, { maxBytes: 3 })).toBe("=one");
    expect(await everyWay("gzip", one, { maxBytes: 2 })).toBe("limit-exceeded");
    expect(await everyWay("gzip", gzipSync(""), { maxBytes: 0 })).toBe("=");
    for (const limit of [{ maxBytes: -1 }, { maxBytes: Number.NaN }, { maxRatio: 0 }])
      await expect(decodeAll("gzip", one, limit)).rejects.toThrow(RangeError);
  });

  test("what is given at once is stopped as early as what comes in pieces", async () => {
    const much = join(...Array.from({ length: 40 }, () => bomb));
    async function* whole() {
      yield much;
    }
    let size = 0;
    const reading = (async () => {
      for await (const piece of decode("gzip", whole(), { maxRatio: 900 })) size += piece.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: "limit-exceeded" });
    expect(much.length).toBeGreaterThan(600_000);
    expect(size).toBeLessThan(48 * 1024 * 1024);
  });

  test("a member after member bomb is counted as one", async () => {
    const many = join(...Array.from({ length: 300 }, () => gzipSync(new Uint8Array(64 * 1024), { level: 9 })));
    await expect(decodeAll("gzip", many, { maxRatio: 500 })).rejects.toMatchObject({ code: "limit-exceeded" });
  });
});

describe("a stream", () => {
  test("is read no further than its reader asks, and its source is closed when the reader stops", async () => {
    const stored = gzipSync(Buffer.from(Array.from({ length: 2_000_000 }, (_, at) => (at * 2_654_435_761) >>> 13)));
    let given = 0;
    let closed = false;
    async function* source() {
      try {
        for await (const piece of pieces(stored, 16_384)) {
          given += 1;
          yield piece;
        }
      } finally {
        closed = true;
      }
    }
    for await (const chunk of decode("gzip", source())) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(closed).toBe(true);
    expect(given).toBeLessThan(12);
  });

  test.each(["decode", "encode"] as const)("%s passes on what its source throws", async (direction) => {
    const failure = new Error("the wire broke");
    async function* source() {
      yield direction === "decode" ? one.subarray(0, 12) : one;
      throw failure;
    }
    const chunks = direction === "decode" ? decode("gzip", source()) : encode("gzip", source());
    await expect(whole(chunks)).rejects.toBe(failure);
  });
});

describe("a signal", () => {
  test.each(["gzip", "bzip2", "xz"] as const)(
    "ends %s between two pieces, at once or as a stream",
    async (compression) => {
      const stored = await encodeAll(
        compression,
        Uint8Array.from({ length: 400_000 }, (_, at) => (at * at) >>> 7),
      );
      const stop = new AbortController();
      const reason = new Error("enough");
      async function* source() {
        yield stored.subarray(0, 100);
        stop.abort(reason);
        yield stored.subarray(100);
      }
      await expect(whole(decode(compression, source(), { signal: stop.signal }))).rejects.toBe(reason);
      await expect(decodeAll(compression, stored, { signal: stop.signal })).rejects.toBe(reason);
      // all of it is one piece
      if (compression === "xz") return;
      const later = new AbortController();
      const reading = (async () => {
        for await (const _ of decode(compression, pieces(stored, 1_000), { signal: later.signal })) later.abort(reason);
      })();
      await expect(reading).rejects.toBe(reason);
    },
  );
});

describe("what is not here", () => {
  test("zstd is there where Node has it, and says so where not", async () => {
    const { zstdCompressSync } = (await import("node:zlib")) as {
      zstdCompressSync?: (source: Uint8Array) => Uint8Array;
    };
    if (zstdCompressSync === undefined || !compressionSupport("zstd").supported) {
      expect(Number.parseInt(process.versions.node, 10)).toBeLessThan(24);
      await expect(decodeAll("zstd", one)).rejects.toMatchObject({
        code: "unsupported",
        hint: expect.stringContaining("Node 24"),
      });
      return;
    }
    const stored = zstdCompressSync(bytes("one"));
    expect(await everyWay("zstd", stored)).toBe("=one");
    expect(await everyWay("zstd", join(stored, zstdCompressSync(bytes("two"))))).toBe("=onetwo");
    expect(await everyWay("zstd", bytes("hello"))).toBe("malformed");
    expect(await everyWay("zstd", stored.subarray(0, -2))).toBe("truncated");
    expect(await everyWay("zstd", join(stored, bytes("garbage")))).toBe("malformed");
  });

  test("another name is a TypeError", async () => {
    await expect(decodeAll("brotli" as Compression, one)).rejects.toThrow(TypeError);
    expect(() => compressionSupport("constructor" as Compression)).toThrow(TypeError);
  });
});
