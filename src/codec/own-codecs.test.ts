import { describe, expect, test } from "vitest";
import { type DecodeOptions, decode, decodeAll, encodeAll } from "./index.ts";

const base64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const bytes = (text: string) => new TextEncoder().encode(text);
const changed = (source: Uint8Array, at: number, mask = 0xff) => {
  const copy = Uint8Array.from(source);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ mask;
  return copy;
};

/** As bzip2(1) and xz(1) write "one". */
const bz = base64("QlpoOTFBWSZTWbtwGxAAAAEBAAIBoAAhmBmBYXckU4UJC7cBsQA=");
const xz = base64("/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQACb25lAAB+5RDF1WpsmgABGwMLL7kQH7bzfQEAAAAABFla");
const sha256 = base64(
  "/Td6WFoAAArh+wyhAgAhARYAAAB0L+WjAQACb25lAAB2ksOtNUC7gDwCCzruZs2IhxIyNOoMbnFDwK3XP/Qx7QABMwOhgeRNGJtLmgEAAAAAClla",
);
const unchecked = base64("/Td6WFoAAAD/EtlBAgAhARYAAAB0L+WjAQACb25lAAAAARMDA6Vg2AZynnoBAAAAAABZWg==");
const withFilter = base64("/Td6WFoAAATm1rRGAgEEACEBEACLIW9JAQACb25lAAB+5RDF1WpsmgABGwMLL7kQH7bzfQEAAAAABFla");
const empty = { bzip2: base64("QlpoORdyRThQkAAAAAA="), xz: base64("/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo=") };

type Own = "bzip2" | "xz";

/** At once and in awkward pieces: they must agree. */
async function outcome(compression: Own, stored: Uint8Array, options: DecodeOptions = {}): Promise<string> {
  async function* pieces(size: number) {
    for (let at = 0; at < stored.length; at += size) yield stored.subarray(at, at + size);
  }
  async function text(size: number): Promise<string> {
    const all: Uint8Array[] = [];
    for await (const chunk of decode(compression, pieces(size), options)) all.push(chunk);
    return Buffer.concat(all).toString();
  }
  const results = await Promise.allSettled([
    decodeAll(compression, stored, options).then((all) => Buffer.from(all).toString()),
    text(1),
    text(7),
  ]);
  const said = results.map((result) =>
    result.status === "fulfilled" ? `=${result.value}` : String(result.reason.code ?? result.reason.stack),
  );
  expect(new Set(said).size, said.join(" | ")).toBe(1);
  return said[0] ?? "";
}

describe("what bzip2(1) wrote", () => {
  test.each<[string, Uint8Array, string]>([
    ["one stream", bz, "=one"],
    ["streams one after the other", join(bz, empty.bzip2, bz), "=oneone"],
    ["an empty input", new Uint8Array(0), "="],
    ["an empty stream", empty.bzip2, "="],
    ["garbage after a stream", join(bz, bytes("garbage")), "malformed"],
    ["one byte of garbage after a stream", join(bz, bytes("x")), "malformed"],
    ["zeros after a stream", join(bz, new Uint8Array(4)), "malformed"],
    ["no bzip2 at all", bytes("hello"), "malformed"],
    ["a level that there is not", changed(bz, 3, 0x09), "malformed"],
    ["a wrong checksum of a block", changed(bz, 10), "integrity"],
    ["a wrong checksum of all", changed(bz, -2), "integrity"],
    ["a block of an old kind", changed(bz, 14, 0x80), "unsupported"],
    ["a second stream that is cut", join(bz, bz.subarray(0, 20)), "truncated"],
  ])("%s", async (_, stored, expected) => expect(await outcome("bzip2", stored)).toBe(expected));
});

describe("what xz(1) wrote", () => {
  test.each<[string, Uint8Array, string]>([
    ["one stream", xz, "=one"],
    ["a SHA-256 for a check", sha256, "=one"],
    ["no check", unchecked, "=one"],
    ["streams one after the other", join(xz, empty.xz, sha256), "=oneone"],
    ["zeros in fours between and after", join(xz, new Uint8Array(4), xz, new Uint8Array(8)), "=oneone"],
    ["an empty input", new Uint8Array(0), "="],
    ["an empty stream", empty.xz, "="],
    ["zeros that are not in fours", join(xz, new Uint8Array(3)), "malformed"],
    ["garbage after a stream", join(xz, bytes("garbage")), "malformed"],
    ["one byte of garbage after a stream", join(xz, bytes("x")), "malformed"],
    ["no xz at all", bytes("hello"), "malformed"],
    ["a header that was changed", changed(xz, 7), "integrity"],
    ["a wrong check", changed(xz, -32), "integrity"],
    ["a wrong SHA-256", changed(sha256, -40), "integrity"],
    ["an index that was changed", changed(xz, -18), "integrity"],
    ["a footer that was changed", changed(xz, -1), "malformed"],
    ["a filter for programs", withFilter, "unsupported"],
    ["a second stream that is cut", join(xz, xz.subarray(0, 30)), "truncated"],
  ])("%s", async (_, stored, expected) => expect(await outcome("xz", stored)).toBe(expected));
});

describe.each<[Own, Uint8Array]>([
  ["bzip2", bz],
  ["xz", xz],
])("%s", (compression, stored) => {
  test("cut anywhere it is truncated, and a retry would not help", async () => {
    for (let length = 1; length < stored.length; length += 1) {
      expect(await outcome(compression, stored.subarray(0, length))).toBe("truncated");
    }
    await expect(decodeAll(compression, stored.subarray(0, 9), { uri: "s3://b/k" })).rejects.toMatchObject({
      uri: "s3://b/k",
      retryable: false,
      hint: expect.any(String),
    });
  });

  test("with a bit changed it is an error with a code, or what it was", async () => {
    const source = await encodeAll(compression, bytes(Array.from({ length: 40 }, (_, at) => `${at * 7919},`).join("")));
    const whole = Buffer.from(await decodeAll(compression, source)).toString();
    for (let bit = 0; bit < source.length * 8; bit += 3) {
      const mutant = changed(source, bit >> 3, 1 << (bit & 7));
      const said = await decodeAll(compression, mutant).then(
        (all) => (Buffer.from(all).toString() === whole ? "same" : "another"),
        (error) => String(error.code),
      );
      expect(["same", "truncated", "malformed", "integrity", "unsupported", "limit-exceeded"], `bit ${bit}`).toContain(
        said,
      );
    }
  });

  test("a bomb is refused after little of it was seen", async () => {
    const bomb = await encodeAll(compression, new Uint8Array(4 * 1024 * 1024));
    expect(bomb.length * 1000).toBeLessThan(4 * 1024 * 1024);
    let seen = 0;
    const read = async () => {
      async function* source() {
        yield bomb;
      }
      for await (const chunk of decode(compression, source())) seen += chunk.length;
    };
    await expect(read()).rejects.toMatchObject({ code: "limit-exceeded", hint: expect.stringContaining("maxRatio") });
    expect(seen).toBeLessThan(4 * 1024 * 1024);
  });

  test("lets others work meanwhile", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const source = new Uint8Array(400_000);
    for (let at = 0; at < source.length; at += 1) source[at] = (at * at * 2_654_435_761) >>> 25;
    const stored = await encodeAll(compression, source);
    const whileEncoding = turns;
    await decodeAll(compression, stored);
    clearInterval(timer);
    expect(whileEncoding).toBeGreaterThan(2);
    expect(turns).toBeGreaterThan(whileEncoding);
  });
});

test("xz that asks for gigabytes of memory is refused, and claims of a dictionary cost nothing", async () => {
  const claim = (size: number) => {
    const copy = Uint8Array.from(xz);
    copy[16] = size;
    new DataView(copy.buffer).setUint32(20, crcOf(copy.subarray(12, 20)), true);
    return copy;
  };
  expect(await outcome("xz", claim(40))).toBe("limit-exceeded");
  expect(await outcome("xz", claim(28))).toBe("=one");
});

function crcOf(source: Uint8Array): number {
  let crc = -1;
  for (const byte of source) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
