import { describe, expect, test } from "vitest";
import type { PayloadRule } from "../auth/caller.ts";
import { S3Error } from "../errors.ts";
import { HeaderLines, incomingRequest } from "../request/incoming-request.ts";
import { receivePayload, receiveText } from "./payload.ts";

type Headers = Readonly<Record<string, string>>;

const unsigned: PayloadRule = { kind: "chunked", signed: false, trailer: true };

function sent(body: string, headers: Headers, payload: PayloadRule) {
  const request = incomingRequest({
    method: "PUT",
    url: "/b/k",
    headers: new HeaderLines(Object.entries(headers).flat()),
    nowMs: 0,
    domains: [],
    secure: false,
    body: async function* () {
      yield Buffer.from(body);
    },
  });
  return { request, caller: { accessKeyId: undefined, payload, seed: undefined } };
}

async function outcome(body: string, headers: Headers, payload: PayloadRule): Promise<string> {
  const { request, caller } = sent(body, headers, payload);
  try {
    const received = await receivePayload(request, caller, () => undefined);
    return `${received.sizeBytes} bytes, ${received.checksum.algorithm} ${received.checksum.value}`;
  } catch (error) {
    if (error instanceof S3Error) return `${error.status} ${error.code}`;
    throw error;
  }
}

const hello = "5\r\nhello\r\n0\r\n";
const crc64 = "x-amz-checksum-crc64nvme";
const good = `${hello}${crc64}:M3eFcAZSQlc=\r\n\r\n`;
const announced = { "x-amz-decoded-content-length": "5", "x-amz-trailer": crc64 };
const incomplete = "400 IncompleteBody";

// After versitygw's tests/integration/unsigned_streaming_payload_trailer.go.
describe("a body in unsigned chunks", () => {
  test.each<[string, string, Headers, string]>([
    ["with its trailer", good, announced, "5 bytes, CRC64NVME M3eFcAZSQlc="],
    [
      "with the name of its trailer in capitals",
      good,
      { ...announced, "x-amz-trailer": "X-Amz-Checksum-CRC64NVME" },
      "5 bytes, CRC64NVME M3eFcAZSQlc=",
    ],
    [
      "without a trailer, none announced",
      `${hello}\r\n`,
      { "x-amz-decoded-content-length": "5" },
      "5 bytes, CRC64NVME M3eFcAZSQlc=",
    ],
    [
      "with its checksum in a header",
      "7\r\nabcdefg\r\n0\r\n\r\n",
      { "x-amz-decoded-content-length": "7", "x-amz-checksum-crc32": "MSpqpg==" },
      "7 bytes, CRC32 MSpqpg==",
    ],
    ["of nothing", "0\r\n\r\n", { "x-amz-decoded-content-length": "0" }, "0 bytes, CRC64NVME AAAAAAAAAAA="],
    ["whose trailer is missing", `${hello}\r\n`, announced, "400 MalformedTrailerError"],
    ["whose trailer has no name", `${hello}:M3eFcAZSQlc=\r\n\r\n`, announced, "400 MalformedTrailerError"],
    ["whose trailer was not announced", good, { "x-amz-decoded-content-length": "5" }, "400 MalformedTrailerError"],
    [
      "whose trailer is another one",
      `${hello}x-amz-checksum-crc32:NhCmhg==\r\n\r\n`,
      announced,
      "400 MalformedTrailerError",
    ],
    [
      "whose trailer is unknown",
      `${hello}invalid_trailer:M3eFcAZSQlc=\r\n\r\n`,
      announced,
      "400 MalformedTrailerError",
    ],
    ["whose trailer is no checksum", `${hello}${crc64}:invalid\r\n\r\n`, announced, "400 InvalidRequest"],
    ["whose trailer is wrong", `${hello}${crc64}:QFRKMGE3tuw=\r\n\r\n`, announced, "400 BadDigest"],
    [
      "whose trailer is announced under an unknown name",
      good,
      { ...announced, "x-amz-trailer": "x-amz-meta-a" },
      "400 InvalidRequest",
    ],
    [
      "with a checksum in a header, too",
      good,
      { ...announced, "x-amz-checksum-crc32": "NhCmhg==" },
      "400 InvalidRequest",
    ],
    [
      "whose algorithm is another one",
      good,
      { ...announced, "x-amz-sdk-checksum-algorithm": "sha1" },
      "400 InvalidRequest",
    ],
    ["without a length", good, { "x-amz-trailer": crc64 }, "411 MissingContentLength"],
    [
      "with a length that is none",
      good,
      { ...announced, "x-amz-decoded-content-length": "12x" },
      "411 MissingContentLength",
    ],
    [
      "with a negative length",
      good,
      { ...announced, "x-amz-decoded-content-length": "-5" },
      "411 MissingContentLength",
    ],
    ["that is longer than announced", good, { ...announced, "x-amz-decoded-content-length": "4" }, incomplete],
    ["that is shorter than announced", good, { ...announced, "x-amz-decoded-content-length": "6" }, incomplete],
    ["with a line that ends in LF", good.replace("5\r\n", "5\n"), announced, incomplete],
    ["with data that has no end", good.replace("hello\r\n", "hello"), announced, incomplete],
    ["with two sizes", good.replace("5\r\n", "5\r\nXYZ\r\n"), announced, incomplete],
    ["with a size that is too large", good.replace("5\r\n", "6\r\n"), announced, incomplete],
    ["with a size that is none", good.replace("0\r\n", "J\r\n"), announced, incomplete],
    [
      "with a signature that nobody asked for",
      good.replace("5\r\n", `5;chunk-signature=${"0".repeat(64)}\r\n`),
      announced,
      incomplete,
    ],
    ["that ends after a size", "5\r\n", announced, incomplete],
    ["that ends after its last chunk", hello, announced, incomplete],
    ["that ends after its trailer", good.slice(0, -2), announced, incomplete],
    ["that is no body in chunks", "hello", announced, incomplete],
    [
      "of more than 5 GiB",
      good,
      { ...announced, "x-amz-decoded-content-length": String(6 * 1024 ** 3) },
      "400 EntityTooLarge",
    ],
  ])("%s", async (_what, body, headers, expected) => {
    expect(await outcome(body, headers, unsigned)).toBe(expected);
  });

  test("may hold short chunks only at its end, and is told which one was too short", async () => {
    const framed = (...sizes: number[]) =>
      sizes.map((size) => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`).join("");
    const send = async (...sizes: number[]) => {
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const headers = { "x-amz-decoded-content-length": String(total) };
      return await outcome(`${framed(...sizes)}0\r\n\r\n`, headers, unsigned);
    };
    for (const sizes of [[8192, 8192, 100], [100], [10000, 9500, 20], [8200, 8201, 10000, 10]]) {
      expect(await send(...sizes)).toMatch(/^\d+ bytes/);
    }
    for (const sizes of [
      [100, 8192, 100],
      [8192, 10, 100],
      [10, 10, 10],
      [10000, 10, 8192],
    ]) {
      expect(await send(...sizes)).toBe("403 InvalidChunkSizeError");
    }
    const { request, caller } = sent(framed(3, 2), { "x-amz-decoded-content-length": "5" }, unsigned);
    await expect(receivePayload(request, caller, () => undefined)).rejects.toMatchObject({
      details: { Chunk: "2", BadChunkSize: "3" },
    });
  });

  test("is no document", async () => {
    const { request, caller } = sent(good, { ...announced, "content-length": "50" }, unsigned);
    await expect(receiveText(request, caller, 1000)).rejects.toMatchObject({
      code: "InvalidRequest",
      message: "The value of x-amz-content-sha256 header is invalid.",
    });
  });
});

describe("a body as it is", () => {
  const hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  test.each<[string, PayloadRule, Headers, string]>([
    [
      "whose hash was signed",
      { kind: "sha256", hex: hash },
      { "content-length": "5" },
      "5 bytes, CRC64NVME M3eFcAZSQlc=",
    ],
    // A signature is made over text in lower case.
    [
      "whose hash is in capitals",
      { kind: "sha256", hex: hash.toUpperCase() },
      { "content-length": "5" },
      "400 XAmzContentSHA256Mismatch",
    ],
    [
      "whose hash is another one",
      { kind: "sha256", hex: "0".repeat(64) },
      { "content-length": "5" },
      "400 XAmzContentSHA256Mismatch",
    ],
    ["without a length", { kind: "unsigned" }, {}, "411 MissingContentLength"],
    ["in chunks of HTTP", { kind: "unsigned" }, { "transfer-encoding": "chunked" }, "501 NotImplemented"],
    [
      "that announces a trailer",
      { kind: "unsigned" },
      { "content-length": "5", "x-amz-trailer": crc64 },
      "400 InvalidRequest",
    ],
  ])("%s", async (_what, rule, headers, expected) => {
    expect(await outcome("hello", headers, rule)).toBe(expected);
  });
});
