/** What the network and servers may do to a body: never a short, mixed or wrong one that is called a success. */
import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ChecksumAlgorithm, checksumOf } from "../../checksum/index.ts";
import { openTransport } from "../../net/index.ts";
import { startS3Server } from "../../testing/index.ts";
import { readBytes } from "../read-bytes.ts";
import { singleAttempt } from "../retry-policy.ts";
import { openS3Service } from "../s3/index.ts";
import { broken, scripted } from "../s3/scripted.fixture.ts";
import { filledWith, same, serveBytes } from "./parallel.fixture.ts";

const size = 65_536;
const bytes = filledWith(3, size);
const base64 = (algorithm: ChecksumAlgorithm, of: Uint8Array) =>
  Buffer.from(checksumOf(algorithm, of)).toString("base64");

describe("a body of 64 KiB that is cut", () => {
  test.each([
    ["in order (FIN)", undefined],
    ["by a reset", broken()],
  ])("%s is no success at any byte", async (_name, error) => {
    for (let cut = 0; cut < size; cut++) {
      const { bucket } = scripted((request) => {
        const whole = serveBytes(request, bytes, '"a"');
        return error === undefined
          ? { ...whole, body: bytes.subarray(0, cut) }
          : { ...whole, cut: { afterBytes: cut, error } };
      });
      const outcome = await bucket
        .read("k", { start: () => undefined, write: () => undefined }, { retry: singleAttempt })
        .catch((failure: { code: string }) => failure.code);
      if (outcome !== "truncated") expect([cut, outcome]).toEqual([cut, "truncated"]);
    }
  });

  test("over a socket is whole in the end, wherever it is cut", async () => {
    await using server = await startS3Server({ buckets: ["b"] });
    const transport = openTransport();
    const bucket = openS3Service({ ...server.options, transport }).bucket("b");
    await bucket.write("k", bytes);
    for (let n = 0; n < 64; n++) {
      const at = (n * 1_031) % size;
      const effect = n % 2 === 0 ? { cutAfterBytes: at } : { resetAfterBytes: at };
      server.inject({ method: "GET", effect });
      const read = await readBytes(bucket, "k");
      expect([n, same(read.bytes, bytes), read.result.verified]).toEqual([n, true, "checksum"]);
    }
    expect(server.pendingFaults).toEqual([]);
    await transport.close();
  });
});

describe("a thousand single wrong bits", () => {
  const parts = [bytes.subarray(0, 30_000), bytes.subarray(30_000, 60_000), bytes.subarray(60_000)];
  const ofParts = (algorithm: ChecksumAlgorithm) =>
    checksumOf(algorithm, Buffer.concat(parts.map((part) => checksumOf(algorithm, part))));
  const whole = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
  const kinds: readonly (readonly [string, string, Record<string, string>])[] = [
    ...whole.map((each) => [each, '"a"', { [`x-amz-checksum-${each.toLowerCase()}`]: base64(each, bytes) }] as const),
    ["an ETag that is an MD5", `"${hash("md5", bytes)}"`, {}],
    ["an ETag of parts", `"${Buffer.from(ofParts("MD5")).toString("hex")}-3"`, {}],
    ...(["CRC32", "SHA256"] as const).map(
      (each) =>
        [
          `${each} of parts`,
          '"a"',
          {
            [`x-amz-checksum-${each.toLowerCase()}`]: `${Buffer.from(ofParts(each)).toString("base64")}-3`,
            "x-amz-checksum-type": "COMPOSITE",
          },
        ] as const,
    ),
  ];

  test.each(kinds)("are found by %s", async (_name, etag, headers) => {
    let wrong: Uint8Array = bytes;
    let gets = 0;
    const { bucket } = scripted((request) => {
      if (request.method === "HEAD") {
        const counted = { "content-length": "30000", "x-amz-mp-parts-count": "3", etag };
        return { status: 206, headers: counted };
      }
      // A body that waits for its parts is asked for twice; what comes after that is the second opinion.
      gets += 1;
      const isFirst = gets === 1 || (gets === 2 && request.headers["range"] !== undefined);
      return serveBytes(request, isFirst ? wrong : bytes, etag, headers);
    });
    let failures = 0;
    for (let n = 0; n < 1_000; n++) {
      gets = 0;
      const bit = (n * 524_287) % (size * 8);
      wrong = Uint8Array.from(bytes);
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = await readBytesOnce();
      if (outcome === "integrity") failures += 1;
    }
    expect(failures).toBe(1_000);
    gets = 9;
    expect(await readBytesOnce()).toBe("checksum");

    async function readBytesOnce(): Promise<string> {
      try {
        const result = await bucket.read("k", { start: () => undefined, write: () => undefined });
        return result === "not-modified" ? result : result.verified;
      } catch (failure) {
        return (failure as { code: string }).code;
      }
    }
  });
});
