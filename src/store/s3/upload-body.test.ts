import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { checksumOf } from "../../checksum/index.ts";
import { openTransport, type Transport, type TransportRequest } from "../../net/index.ts";
import { type ScriptedAnswer, startS3Server } from "../../testing/index.ts";
import type { SizedSource } from "../object-store.ts";
import { readBytes } from "../read-bytes.ts";
import { openS3Service, type S3ServiceOptions } from "./index.ts";
import { refusal, scripted } from "./scripted.fixture.ts";
import type { UploadChecksum } from "./upload-cover.ts";

const body = Buffer.from("hello");
const unsigned = "UNSIGNED-PAYLOAD";
const written: ScriptedAnswer = { status: 200, headers: { etag: '"new"', "content-length": "0" } };

function counted(bytes: Uint8Array = body): SizedSource & { opened: number } {
  return {
    sizeBytes: bytes.byteLength,
    opened: 0,
    async *open() {
      this.opened++;
      yield bytes.subarray(0, 2);
      yield bytes.subarray(2);
    },
  };
}

const hash = createHash("sha256").update(body).digest("hex");

describe("the signature covers the body", () => {
  test.each([
    ["bytes, in clear text", body, "http://127.0.0.1:9"],
    ["bytes, over TLS", body, "https://s3.example.org"],
    ["a source, in clear text", counted(), "http://127.0.0.1:9"],
    ["a source, over TLS to a server that may know no checksums", counted(), "https://s3.example.org"],
  ])("%s", async (_name, given, endpoint) => {
    const { bucket, transport } = scripted(() => written, { endpoint });
    await bucket.write("k", given);
    expect(transport.requests[0]?.headers["x-amz-content-sha256"]).toBe(hash);
  });

  test("a source is read for it once, and then once for each try", async () => {
    const source = counted();
    const { bucket } = scripted((_request, n) => (n < 3 ? refusal(500, "InternalError") : written));
    await bucket.write("k", source);
    expect(source.opened).toBe(4);
  });
});

test("a source goes to AWS in one pass, with its checksum behind it", async () => {
  const source = counted();
  const sent: string[] = [];
  const { bucket, transport } = scripted(() => written, { endpoint: undefined });
  const { send } = transport;
  transport.send = async (request, sink) => {
    let text = "";
    for await (const piece of request.body as AsyncIterable<Uint8Array>) text += Buffer.from(piece).toString("latin1");
    sent.push(text);
    await send({ ...request, body: undefined }, sink);
  };
  await bucket.write("k", source, { contentEncoding: "gzip" });
  const crc = Buffer.from(checksumOf("CRC32", body)).toString("base64");
  expect(sent).toEqual([`5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc}\r\n\r\n`]);
  expect(source.opened).toBe(1);
  expect(transport.requests[0]?.headers).toMatchObject({
    "content-encoding": "aws-chunked,gzip",
    "content-length": String(sent[0]?.length),
    "x-amz-decoded-content-length": "5",
    "x-amz-trailer": "x-amz-checksum-crc32",
    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  });
});

describe("what covers bytes at hand", () => {
  const crc32 = Buffer.from(checksumOf("CRC32", body)).toString("base64");
  const sha256 = Buffer.from(checksumOf("SHA256", body)).toString("base64");
  const own = "https://s3.example.org";
  test.each([
    ["on AWS a checksum, and no signature", {}, undefined, unsigned, { "x-amz-checksum-crc32": crc32 }],
    [
      "on AWS both, where a policy wants it",
      { payloadSigning: "always" },
      undefined,
      hash,
      { "x-amz-checksum-crc32": crc32 },
    ],
    ["on AWS the signature alone, where checksums are off", { checksums: "off" }, undefined, hash, {}],
    ["elsewhere the signature", {}, own, hash, {}],
    [
      "elsewhere the checksum that is named, and the signature",
      { checksums: "SHA256" },
      own,
      hash,
      { "x-amz-checksum-sha256": sha256 },
    ],
    [
      "nothing but TLS, where the caller will have it so",
      { checksums: "off", payloadSigning: "never" },
      own,
      unsigned,
      {},
    ],
  ] as const)("%s", async (_name, options, endpoint, payloadHash, checksums) => {
    const { bucket, transport } = scripted(() => written, { endpoint, ...options });
    await bucket.write("k", body);
    const { headers = {} } = transport.requests[0] ?? {};
    expect(headers["x-amz-content-sha256"]).toBe(payloadHash);
    expect(Object.fromEntries(Object.entries(headers).filter(([name]) => name.includes("checksum")))).toEqual(
      checksums,
    );
  });

  test.each([{ checksums: "crc32" }, { checksums: "MD5" }, { payloadSigning: "sometimes" }])(
    "a word that means nothing is a RangeError: %j",
    (options) => {
      expect(() => scripted(() => written, options as object)).toThrow(RangeError);
    },
  );

  test("no body at all needs neither", async () => {
    const { bucket, transport } = scripted(() => written, {
      endpoint: undefined,
      checksums: "off",
      payloadSigning: "never",
    });
    await bucket.write("k", new Uint8Array(0));
    expect(transport.requests[0]?.headers["x-amz-content-sha256"]).toBe(createHash("sha256").digest("hex"));
  });
});

test("nobody's upload, which no signature covers, carries its MD5", async () => {
  for (const given of [body, counted()]) {
    const { bucket, transport } = scripted(() => written, { credentials: "anonymous" });
    await bucket.write("k", given);
    expect(transport.requests[0]?.headers["content-md5"]).toBe(createHash("md5").update(body).digest("base64"));
  }
});

describe("a strict server", async () => {
  const server = await startS3Server({ buckets: ["a.bucket"], anonymous: true });
  const network = openTransport({ workload: "few" });
  afterAll(async () => {
    await network.close();
    await server.close();
  });

  /** What leaves for AWS comes here, under AWS's host name, with `spoil` done to its body. */
  const detour = (spoil: (piece: Uint8Array) => Uint8Array): Transport => ({
    send: (request, sink) => {
      const headers = { ...request.headers, host: new URL(request.origin).host };
      return network.send({ ...request, headers, origin: server.endpoint, body: spoilt(request.body, spoil) }, sink);
    },
    close: async () => {},
  });
  const service = (
    spoil: (piece: Uint8Array) => Uint8Array,
    own: boolean,
    anonymous: boolean,
    cover: Pick<S3ServiceOptions, "checksums" | "payloadSigning">,
  ) =>
    openS3Service({
      ...(own ? server.options : { region: "us-east-1" }),
      ...cover,
      credentials: anonymous ? "anonymous" : server.credentials,
      transport: detour(spoil),
      retry: { attempts: 1, budgetMs: 0, baseDelayMs: 0, maxDelayMs: 0 },
    }).bucket("a.bucket");

  const always = (checksums: UploadChecksum) => ({ checksums, payloadSigning: "always" }) as const;
  const large = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));
  const cases = [
    ["a source, to AWS", counted(large), false, false, {}],
    ["a source, to another server", counted(large), true, false, {}],
    ["bytes, to AWS", large, false, false, {}],
    ["bytes, to another server", large, true, false, {}],
    ["a source of nobody's", counted(large), true, true, {}],
    ["bytes of nobody's", large, true, true, {}],
    ...(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const).flatMap((checksums) => [
      [`a source with ${checksums} behind it`, counted(large), false, false, { checksums }] as const,
      [`a source in signed chunks, ${checksums} behind it`, counted(large), false, false, always(checksums)] as const,
      [`bytes with ${checksums}`, large, true, false, { checksums, payloadSigning: "never" }] as const,
      [`a source with ${checksums}, to another server`, counted(large), true, false, { checksums }] as const,
      [`bytes of nobody's with ${checksums}`, large, true, true, { checksums }] as const,
    ]),
    ["a source that fills its last chunk, signed", counted(large.subarray(0, 131_072)), false, false, always("CRC32")],
  ] as const;

  test.each(cases)("takes what arrives whole: %s", async (_name, given, own, anonymous, cover) => {
    const bucket = service((piece) => piece, own, anonymous, cover);
    await bucket.write("whole", given, { contentEncoding: "identity" });
    const { bytes, result } = await readBytes(bucket, "whole");
    expect(Buffer.compare(bytes, large.subarray(0, bytes.byteLength))).toBe(0);
    expect(bytes.byteLength).toBe(given instanceof Uint8Array ? given.byteLength : given.sizeBytes);
    expect(result.info.contentEncoding).toBe("identity");
  });

  test.each(cases)(
    "refuses a body with one wrong byte, and keeps nothing: %s",
    async (_name, given, own, anonymous, cover) => {
      const flipped = (piece: Uint8Array) => {
        // The longest piece is data, whatever frames it.
        if (piece.byteLength < 1000) return piece;
        const copy = piece.slice();
        copy[999] = (copy[999] ?? 0) ^ 1;
        return copy;
      };
      const bucket = service(flipped, own, anonymous, cover);
      // A chunk that does not fit its signature is refused as a wrong signature.
      const code = expect.stringMatching(/^(integrity|unauthenticated)$/);
      await expect(bucket.write("spoilt", given)).rejects.toMatchObject({ code });
      await expect(bucket.stat("spoilt")).rejects.toMatchObject({ code: "not-found" });
    },
  );
});

function spoilt(body: TransportRequest["body"], spoil: (piece: Uint8Array) => Uint8Array): TransportRequest["body"] {
  if (body === undefined || body instanceof Uint8Array) return body && spoil(body);
  return (async function* () {
    for await (const piece of body) yield spoil(piece);
  })();
}
