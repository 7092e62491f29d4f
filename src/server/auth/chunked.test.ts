import { describe, expect, test } from "vitest";
import { ChunkedDecoder } from "./chunked.ts";
import { codeOf } from "./code-of.fixture.ts";
import { deriveKey, formatScope, hmac, sha256Hex } from "./signing.ts";

// The two examples of AWS's documentation, "Transferring Payload in Multiple Chunks", without and with a trailer.
const scope = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", date: "20130524", region: "us-east-1", service: "s3" };
const seed = {
  key: deriveKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope),
  amzDate: "20130524T000000Z",
  scope,
};
const plain = { ...seed, signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9" };
const withTrailer = { ...seed, signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e" };

describe("a body in signed chunks, as published", () => {
  const body = (signatures: readonly string[], end: string) =>
    Buffer.concat([
      Buffer.from(`10000;chunk-signature=${signatures[0]}\r\n`),
      Buffer.alloc(65536, "a"),
      Buffer.from(`\r\n400;chunk-signature=${signatures[1]}\r\n`),
      Buffer.alloc(1024, "a"),
      Buffer.from(`\r\n0;chunk-signature=${signatures[2]}\r\n${end}`),
    ]);
  const plainBody = body(
    [
      "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
      "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
      "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ],
    "\r\n",
  );
  const trailerBody = body(
    [
      "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
      "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
      "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ],
    "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
  );

  function decode(
    from: typeof plain,
    bytes: Uint8Array,
    pieceBytes: number,
  ): { bytes: number; trailers: [string, string][] } {
    const trailer = from === withTrailer;
    const announced = trailer ? "x-amz-checksum-crc32c" : undefined;
    const decoder = new ChunkedDecoder({ seed: from, trailer, announced });
    let decoded = 0;
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      for (const piece of decoder.decode(bytes.subarray(at, at + pieceBytes))) decoded += piece.length;
    }
    decoder.end();
    return { bytes: decoded, trailers: [...decoder.trailers] };
  }

  test.each([1, 7, 85, 65536, 100_000])("comes out whole however it is cut: every %d bytes", (pieceBytes) => {
    expect(decode(plain, plainBody, pieceBytes)).toEqual({ bytes: 66560, trailers: [] });
    expect(decode(withTrailer, trailerBody, pieceBytes)).toEqual({
      bytes: 66560,
      trailers: [["x-amz-checksum-crc32c", "sOO8/Q=="]],
    });
  });

  // After versitygw's tests/integration/signed_streaming_payload.go.
  test.each<[string, string, (bytes: Buffer) => Buffer]>([
    ["SignatureDoesNotMatch", "a byte of data", (bytes) => flip(bytes, 200)],
    ["SignatureDoesNotMatch", "a byte of the second chunk", (bytes) => flip(bytes, 65536 + 200)],
    ["SignatureDoesNotMatch", "a chunk's signature", (bytes) => replace(bytes, "ad80c730", "ad80c731")],
    ["SignatureDoesNotMatch", "a signature in upper case", (bytes) => replace(bytes, "ad80c730", "AD80C730")],
    ["SignatureDoesNotMatch", "the last signature", (bytes) => replace(bytes, "b6c6ea8a", "b6c6ea8b")],
    ["IncompleteBody", "a missing end", (bytes) => bytes.subarray(0, -2 - 86)],
    ["IncompleteBody", "half an end", (bytes) => bytes.subarray(0, -3)],
    ["IncompleteBody", "something else as the end", (bytes) => replace(bytes, /\r\n$/, "\rs")],
    ["IncompleteBody", "a size that is none", (bytes) => replace(bytes, "10000;", "1000z;")],
    ["IncompleteBody", "a size without a semicolon", (bytes) => replace(bytes, "10000;", "10000:")],
    ["IncompleteBody", "a size of more than 32 bits", (bytes) => replace(bytes, "10000;", "100010000;")],
    ["IncompleteBody", "a negative size", (bytes) => replace(bytes, "10000;", "-10000;")],
    ["IncompleteBody", "a chunk without a signature", (bytes) => replace(bytes, "400;chunk-signature=", "400;")],
    ["IncompleteBody", "half a signature", (bytes) => replace(bytes, "ad80c730", "ad80")],
    ["IncompleteBody", "a line that ends in LF", (bytes) => replace(bytes, "648\r\n", "648\n")],
    ["IncompleteBody", "data that ends in LF", (bytes) => replace(bytes, "a\r\n", "a\n")],
    ["IncompleteBody", "data without an end", (bytes) => replace(bytes, "a\r\n400", "a400")],
    ["IncompleteBody", "more data than the size says", (bytes) => replace(bytes, "a\r\n400", "aa\r\n400")],
    ["IncompleteBody", "a trailer where there is to be none", (bytes) => replace(bytes, /\r\n$/, "a:b\r\n\r\n")],
  ])("%s: %s", (code, _what, damage) => {
    expect(codeOf(() => decode(plain, damage(Buffer.from(plainBody)), 4096))).toBe(code);
  });

  test("an empty body is one chunk of nothing", () => {
    const nothing = sha256Hex("");
    const toSign = ["AWS4-HMAC-SHA256-PAYLOAD", seed.amzDate, formatScope(scope), plain.signature, nothing, nothing];
    const signature = hmac(seed.key, toSign.join("\n")).toString("hex");
    const empty = Buffer.from(`0;chunk-signature=${signature}\r\n\r\n`);
    expect(decode(plain, empty, 100)).toEqual({ bytes: 0, trailers: [] });
    const decoder = new ChunkedDecoder({ seed: undefined, trailer: true });
    expect([...decoder.decode(Buffer.from("0\r\n\r\n"))]).toEqual([]);
    decoder.end();
  });

  // After versitygw's tests/integration/signed_streaming_payload_trailer.go.
  test.each<[string, string, (bytes: Buffer) => Buffer]>([
    ["SignatureDoesNotMatch", "another value", (bytes) => replace(bytes, "sOO8/Q==", "sOO8/A==")],
    ["SignatureDoesNotMatch", "another signature", (bytes) => replace(bytes, "d81f82fc", "d81f82fd")],
    ["IncompleteBody", "no signature", (bytes) => replace(bytes, /x-amz-trailer-signature.*\r\n/, "")],
    ["MalformedTrailerError", "another name", (bytes) => replace(bytes, "crc32c:", "crc32:")],
    ["MalformedTrailerError", "no name", (bytes) => replace(bytes, "x-amz-checksum-crc32c:", ":")],
    ["MalformedTrailerError", "no trailer", (bytes) => replace(bytes, /x-amz-checksum-crc32c.*\r\n/, "")],
    ["IncompleteBody", "the trailer twice", (bytes) => replace(bytes, /(x-amz-checksum-crc32c.*\r\n)/, "$1$1")],
    ["IncompleteBody", "a line that is no trailer", (bytes) => replace(bytes, "x-amz-trailer-signature:", "x")],
    [
      "IncompleteBody",
      "a trailer after its signature",
      (bytes) => replace(bytes, /(x-amz-checksum-crc32c.*\r\n)(x-amz-trailer.*\r\n)/, "$2$1"),
    ],
  ])("%s: %s at the end", (code, _what, damage) => {
    expect(codeOf(() => decode(withTrailer, damage(Buffer.from(trailerBody)), 4096))).toBe(code);
  });

  function flip(bytes: Buffer, at: number): Buffer {
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  }

  function replace(bytes: Buffer, from: string | RegExp, to: string): Buffer {
    return Buffer.from(bytes.toString("latin1").replace(from, to), "latin1");
  }
});

describe("a body in unsigned chunks", () => {
  function decode(text: string): string {
    const decoder = new ChunkedDecoder({ seed: undefined, trailer: true, announced: "x-amz-checksum-crc32" });
    const pieces = [...decoder.decode(Buffer.from(text))].map((piece) => Buffer.from(piece).toString());
    decoder.end();
    return pieces.join("");
  }

  test("may end its trailers in the three ways that are about", () => {
    for (const end of [
      "x-amz-checksum-crc32:AAAA\r\n\r\n",
      "x-amz-checksum-crc32:AAAA\n\r\n\r\n",
      "x-amz-checksum-crc32:AAAA\r\n\r\n\r\n",
    ]) {
      expect(decode(`3\r\nabc\r\n0\r\n${end}`)).toBe("abc");
    }
  });

  test("only its last chunk may be short", () => {
    const long = "x".repeat(8192);
    expect(decode(`2000\r\n${long}\r\n1\r\na\r\n0\r\nx-amz-checksum-crc32:b\r\n\r\n`)).toBe(`${long}a`);
    expect(codeOf(() => decode(`1\r\na\r\n2000\r\n${long}\r\n0\r\n\r\n`))).toBe("InvalidChunkSizeError");
  });

  test("nothing may follow it", () => {
    for (const more of ["GET / HTTP/1.1\r\n", "GET", "\r"]) {
      expect(codeOf(() => decode(`1\r\na\r\n0\r\nx-amz-checksum-crc32:b\r\n\r\n${more}`))).toBe("IncompleteBody");
    }
  });
});
