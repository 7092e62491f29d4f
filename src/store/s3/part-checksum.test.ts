import { afterAll, describe, expect, test } from "vitest";
import { checksumOf } from "../../checksum/index.ts";
import { openTransport, type Transport, type TransportRequest } from "../../net/index.ts";
import { startS3Server } from "../../testing/index.ts";
import type { SizedSource, WriteBody } from "../object-store.ts";
import { readBytes } from "../read-bytes.ts";
import { openS3Service } from "./index.ts";
import { openParted, PartedS3 } from "./multipart.fixture.ts";
import { refusal } from "./scripted.fixture.ts";

const aws = { endpoint: undefined, region: "us-east-1" } as const;
const MiB = 1024 ** 2;

describe("to AWS", () => {
  const body = Buffer.from("0123456789abcdefghij!");
  const crc = (bytes: Uint8Array) => Buffer.from(checksumOf("CRC32", bytes)).toString("base64");

  test("an upload is begun with a checksum, its parts bring theirs, and the completion says that of the whole", async () => {
    const s3 = new PartedS3();
    await openParted(s3, {}, aws).write("k", body);
    const headers = (operation: string) => s3.seen.find((seen) => seen.operation === operation)?.request.headers;
    expect(headers("Create")).toMatchObject({
      "x-amz-checksum-algorithm": "CRC32",
      "x-amz-checksum-type": "FULL_OBJECT",
    });
    expect(headers("Part")).toMatchObject({ "x-amz-checksum-crc32": crc(body.subarray(0, 10)) });
    expect(headers("Complete")).toMatchObject({
      "x-amz-checksum-crc32": crc(body),
      "x-amz-checksum-type": "FULL_OBJECT",
      "x-amz-mp-object-size": "21",
    });
    const document = s3.seen.find(({ operation }) => operation === "Complete")?.body.toString();
    expect(document).toContain(`<ChecksumCRC32>${crc(body.subarray(20))}</ChecksumCRC32>`);
  });

  test("a part that was taken down wrong is sent again", async () => {
    let wrong = 1;
    const s3 = new PartedS3(({ number }) =>
      number === 2 && wrong-- > 0
        ? { status: 200, headers: { etag: '"e"', "x-amz-checksum-crc32": crc(Buffer.from("x")) } }
        : undefined,
    );
    await openParted(s3, {}, aws).write("k", body);
    expect(s3.operations.filter((operation) => operation === "Part 2")).toHaveLength(2);
    expect(s3.objects.size).toBe(1);
  });

  const named = refusal(400, "InvalidRequest");
  const refusals = [
    refusal(501, "NotImplemented"),
    { ...named, body: String(named.body).replace("<Message>m", "<Message>x-amz-checksum-type is not known") },
  ];
  test.each(refusals)(
    "a server that refuses it at the beginning is asked without, once for all: %#",
    async (refused) => {
      const s3 = new PartedS3(({ request }) => ("x-amz-checksum-algorithm" in request.headers ? refused : undefined));
      const bucket = openParted(s3, {}, aws);
      await bucket.write("k", body);
      await bucket.write("l", body);
      expect(s3.operations.filter((operation) => operation === "Create")).toHaveLength(3);
      expect(
        s3.seen.some(({ operation, request }) => operation === "Part" && "x-amz-checksum-crc32" in request.headers),
      ).toBe(false);
      expect(s3.objects.size).toBe(2);
    },
  );
  test("and at the end", async () => {
    const s3 = new PartedS3(({ operation, request }) =>
      operation === "Complete" && "x-amz-checksum-type" in request.headers ? refusals[1] : undefined,
    );
    await openParted(s3, {}, aws).write("k", body);
    expect(s3.operations.slice(-2)).toEqual(["Complete", "Complete"]);
  });
  test("what is refused for another reason stays refused", async () => {
    const s3 = new PartedS3(({ operation }) => (operation === "Create" ? named : undefined));
    await expect(openParted(s3, {}, aws).write("k", body)).rejects.toMatchObject({ code: "protocol" });
    expect(s3.operations).toEqual(["Create"]);
  });
});

describe("a strict server", async () => {
  const server = await startS3Server({ buckets: ["a.bucket"] });
  const network = openTransport({ workload: "few" });
  afterAll(async () => {
    await network.close();
    await server.close();
  });
  const body = Buffer.alloc(11 * MiB + 7, "entrepot multipart ");
  const sized: SizedSource = {
    sizeBytes: body.byteLength,
    async *open() {
      for (let at = 0; at < body.byteLength; at += 100_000) yield body.subarray(at, at + 100_000);
    },
  };
  async function* range(start: number, end: number) {
    for (let at = start; at < end; at += 100_000) yield body.subarray(at, Math.min(end, at + 100_000));
  }
  const forms: readonly (readonly [string, WriteBody])[] = [
    ["bytes", body],
    ["a source", sized],
    ["a source of ranges", { ...sized, openRange: range }],
    ["a source of unknown length", { sizeBytes: undefined, open: sized.open }],
  ];

  /** What leaves for AWS comes here, under AWS's host name, with `spoil` done to its body. */
  const detour = (spoil: (piece: Uint8Array) => Uint8Array): Transport => ({
    send: (request, sink) => {
      const headers = { ...request.headers, host: new URL(request.origin).host };
      return network.send({ ...request, headers, origin: server.endpoint, body: spoilt(request.body, spoil) }, sink);
    },
    close: async () => {},
  });
  const bucketOf = (own: boolean, spoil: (piece: Uint8Array) => Uint8Array) =>
    openS3Service({
      ...(own ? server.options : { region: "us-east-1" }),
      credentials: server.credentials,
      transport: detour(spoil),
      retry: { attempts: 1, budgetMs: 0, baseDelayMs: 0, maxDelayMs: 0 },
      uploads: { partBytes: 5 * MiB, singleBytes: 5 * MiB },
    }).bucket("a.bucket");
  const cases = forms.flatMap(([form, given]) => [
    [`${form}, to AWS`, given, false] as const,
    [`${form}, to another server`, given, true] as const,
  ]);

  test.each(cases)("takes an upload whose parts and whole it can verify: %s", async (_name, given, own) => {
    const bucket = bucketOf(own, (piece) => piece);
    const { etag } = await bucket.write("whole", given);
    expect(etag).toMatch(/-3"$/);
    const { bytes, result } = await readBytes(bucket, "whole");
    expect(Buffer.compare(bytes, body)).toBe(0);
    expect(result.verified).toBe("checksum");
  });

  test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "takes the parts of an upload with %s",
    async (checksums) => {
      const service = openS3Service({
        ...server.options,
        checksums,
        transport: network,
        uploads: { partBytes: 5 * MiB, singleBytes: 5 * MiB },
      });
      const bucket = service.bucket("a.bucket");
      for (const [, given] of forms) await bucket.write(`with-${checksums}`, given);
      const { bytes, result } = await readBytes(bucket, `with-${checksums}`);
      expect(Buffer.compare(bytes, body)).toBe(0);
      expect(result.verified).toBe("checksum");
      server.clearRequests();
    },
  );

  test.each(cases)("refuses a part with one wrong byte, and nothing is left: %s", async (_name, given, own) => {
    const bucket = bucketOf(own, (piece) => {
      if (piece.byteLength < 1000) return piece;
      const copy = piece.slice();
      copy[999] = (copy[999] ?? 0) ^ 1;
      return copy;
    });
    await expect(bucket.write("spoilt", given)).rejects.toMatchObject({ code: "integrity" });
    await expect(bucket.stat("spoilt")).rejects.toMatchObject({ code: "not-found" });
  });
});

function spoilt(body: TransportRequest["body"], spoil: (piece: Uint8Array) => Uint8Array): TransportRequest["body"] {
  if (body === undefined || body instanceof Uint8Array) return body && spoil(body);
  return (async function* () {
    for await (const piece of body) yield spoil(piece);
  })();
}
