import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { checksumOf } from "../../checksum/index.ts";
import { openTransport, type Transport, type TransportRequest } from "../../net/index.ts";
import { type ScriptedAnswer, startS3Server } from "../../testing/index.ts";
import type { SizedSource } from "../object-store.ts";
import { readBytes } from "../read-bytes.ts";
import { openS3Service } from "./index.ts";
import { refusal, scripted } from "./scripted.fixture.ts";

const body = Buffer.from("hello");
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

describe("the signature covers the body", () => {
  const hash = createHash("sha256").update(body).digest("hex");
  test.each([
    ["bytes, in clear text", body, "http://127.0.0.1:9"],
    ["bytes, over TLS", body, "https://s3.example.org"],
    ["bytes, to AWS", body, undefined],
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
  const service = (spoil: (piece: Uint8Array) => Uint8Array, own: boolean, anonymous: boolean) =>
    openS3Service({
      ...(own ? server.options : { region: "us-east-1" }),
      credentials: anonymous ? "anonymous" : server.credentials,
      transport: detour(spoil),
      retry: { attempts: 1, budgetMs: 0, baseDelayMs: 0, maxDelayMs: 0 },
    }).bucket("a.bucket");

  const large = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));
  const cases = [
    ["a source, to AWS", counted(large), false, false],
    ["a source, to another server", counted(large), true, false],
    ["bytes", large, true, false],
    ["a source of nobody's", counted(large), true, true],
    ["bytes of nobody's", large, true, true],
  ] as const;

  test.each(cases)("takes what arrives whole: %s", async (_name, given, own, anonymous) => {
    const bucket = service((piece) => piece, own, anonymous);
    await bucket.write("whole", given, { contentEncoding: "identity" });
    const { bytes, result } = await readBytes(bucket, "whole");
    expect(Buffer.compare(bytes, large)).toBe(0);
    expect(result.info.contentEncoding).toBe("identity");
  });

  test.each(cases)(
    "refuses a body with one wrong byte, and keeps nothing: %s",
    async (_name, given, own, anonymous) => {
      const flipped = (piece: Uint8Array) => {
        // The longest piece is data, whatever frames it.
        if (piece.byteLength < 1000) return piece;
        const copy = piece.slice();
        copy[999] = (copy[999] ?? 0) ^ 1;
        return copy;
      };
      const bucket = service(flipped, own, anonymous);
      await expect(bucket.write("spoilt", given)).rejects.toMatchObject({ code: "integrity" });
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
