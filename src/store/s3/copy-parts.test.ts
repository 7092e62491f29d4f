import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTransport, type Transport, type TransportRequest } from "../../net/index.ts";
import { type S3Server, startS3Server } from "../../testing/index.ts";
import type { BucketStore } from "../object-store.ts";
import { readBytes } from "../read-bytes.ts";
import { begun, completed, isCopiedPart, partAnswer, source } from "./copy.fixture.ts";
import { partsOf } from "./copy-parts.ts";
import { openS3Service, type S3ServiceOptions } from "./index.ts";
import { object, refusal, scripted } from "./scripted.fixture.ts";
import { partBytesOf } from "./upload-limits.ts";

const mebibyte = 1024 ** 2;
const retry = { attempts: 4, budgetMs: 60_000, baseDelayMs: 1, maxDelayMs: 2 };
/** Two whole parts and a rest. */
const body = Buffer.alloc(12 * mebibyte, "0123456789abcdef!");
body.writeUInt32BE(1, 6 * mebibyte);

describe("a copy of what is too large for one request", () => {
  let server: S3Server;
  let transport: Transport;
  let bucket: BucketStore;
  beforeAll(async () => {
    server = await startS3Server({ buckets: ["b", "c"] });
    transport = openTransport();
    bucket = open();
    await bucket.write("from", body, {
      contentType: "text/csv",
      contentEncoding: "identity",
      metadata: { origin: "hëre", "x-2": "1" },
    });
  });
  beforeEach(() => server.clearRequests());
  afterAll(async () => {
    await transport.close();
    await server.close();
  });
  function open(more: Partial<S3ServiceOptions> = {}): BucketStore {
    const copies = { wholeBytes: 6 * mebibyte, partBytes: 5 * mebibyte };
    return openS3Service({ ...server.options, transport, retry, copies, ...more }).bucket("b");
  }
  const copiedParts = () => server.requests.filter(isCopiedPart);
  const operations = () => server.requests.map(({ operation }) => operation);
  const count = (operation: string) => operations().filter((one) => one === operation).length;

  test("is made of parts of the pinned version, and has the bytes and the description of its source", async () => {
    const { etag } = await bucket.stat("from");
    server.clearRequests();
    const copied = await bucket.copyFrom({ store: bucket, key: "from" }, "to");
    const parts = copiedParts();
    expect(parts.map(({ headers }) => headers["x-amz-copy-source-range"]).sort()).toEqual([
      "bytes=0-5242879",
      "bytes=10485760-12582911",
      "bytes=5242880-10485759",
    ]);
    expect(new Set(parts.map(({ headers }) => headers["x-amz-copy-source-if-match"]))).toEqual(new Set([etag]));
    expect(count("CopyObject")).toBe(0);
    const info = await bucket.stat("to");
    expect(copied).toEqual({ etag: info.etag, sizeBytes: body.byteLength, versionId: undefined });
    expect(info).toMatchObject({ contentType: "text/csv", contentEncoding: "identity" });
    expect({ ...info.metadata }).toEqual({ origin: "hëre", "x-2": "1" });
    expect(Buffer.compare((await readBytes(bucket, "to")).bytes, body)).toBe(0);
  });

  test("goes to another bucket of the service, too", async () => {
    const other = openS3Service({ ...server.options, transport, copies: { wholeBytes: 1 } });
    const copied = await other.bucket("c").copyFrom({ store: other.bucket("b"), key: "from" }, "to");
    expect([copied?.sizeBytes, copiedParts().length]).toEqual([body.byteLength, 1]);
  });

  test("takes a description instead of the source's, all of it", async () => {
    await bucket.copyFrom({ store: bucket, key: "from" }, "described", { metadata: { new: "1" } });
    const { metadata, contentEncoding } = await bucket.stat("described");
    expect([{ ...metadata }, contentEncoding]).toEqual([{ new: "1" }, undefined]);
  });

  test("onto itself changes its description, and nothing without one", async () => {
    await bucket.copyFrom({ store: bucket, key: "from" }, "self");
    const before = await bucket.stat("self");
    server.clearRequests();
    const same = await bucket.copyFrom({ store: bucket, key: "self" }, "self");
    expect([same?.etag, operations()]).toEqual([before.etag, ["HeadObject"]]);
    await bucket.copyFrom({ store: bucket, key: "self" }, "self", { contentType: "text/plain" });
    expect(copiedParts().length).toBe(3);
    expect(await bucket.stat("self")).toMatchObject({ contentType: "text/plain", sizeBytes: body.byteLength });
  });

  test("keeps the tags and the storage class of its source, in parts and whole, and takes others", async () => {
    const whole = open({ copies: undefined });
    await bucket.write("tagged", body, {
      tags: { "a b": "1+2" },
      storageClass: "STANDARD_IA",
      contentType: "text/csv",
    });
    for (const store of [bucket, whole]) {
      await store.copyFrom({ store, key: "tagged" }, "tagged-too");
      expect(await store.stat("tagged-too")).toMatchObject({ storageClass: "STANDARD_IA", contentType: "text/csv" });
      await store.copyFrom({ store, key: "tagged-too" }, "tagged-too", { storageClass: "GLACIER_IR" });
      expect(await store.stat("tagged-too")).toMatchObject({ storageClass: "GLACIER_IR", contentType: "text/csv" });
      await store.copyFrom({ store, key: "tagged" }, "retagged", { tags: { new: "1" } });
      expect(await store.stat("retagged")).toMatchObject({ contentType: "text/csv", storageClass: "STANDARD_IA" });
    }
    const created = server.requests.filter(({ operation }) => operation === "CreateMultipartUpload");
    expect(created.map(({ headers }) => headers["x-amz-tagging"])).toEqual(["a%20b=1%2B2", "a%20b=1%2B2", "new=1"]);
  });

  test.each(["EntityTooLarge", "InvalidRequest"])("is found out by a refusal, too: %s", async (code) => {
    const usual = open({ copies: undefined });
    const message = "The specified copy source is larger than the maximum allowable size for a copy source";
    if (code === "EntityTooLarge") {
      server.inject({ operation: "CopyObject", effect: { status: 400, code } });
      expect((await usual.copyFrom({ store: usual, key: "from" }, "refused"))?.sizeBytes).toBe(body.byteLength);
      expect(operations()).toEqual([
        "HeadObject",
        "CopyObject",
        "CreateMultipartUpload",
        "UploadPartCopy",
        "UploadPartCopy",
        "CompleteMultipartUpload",
      ]);
      return;
    }
    const { bucket: other, transport: wire } = scripted((request) => {
      if (request.method === "HEAD") return object("", '"e"', { "content-length": "5" });
      if (request.headers["x-amz-copy-source-range"] !== undefined) return partAnswer(request);
      if (request.method === "PUT")
        return { status: 400, body: `<Error><Code>${code}</Code><Message>${message}: 5</Message></Error>` };
      return request.path.includes("uploads=") ? begun : completed;
    });
    expect(await other.copyFrom({ store: other, key: "from" }, "to")).toMatchObject({ sizeBytes: 5 });
    expect(wire.requests.map(({ method }) => method)).toEqual(["HEAD", "PUT", "POST", "PUT", "PUT", "POST"]);
  });

  test("takes no harm from failures of single requests", async () => {
    server.inject(
      { operation: "CreateMultipartUpload", effect: { status: 503 } },
      { operation: "UploadPartCopy", effect: { errorInBody: "InternalError" } },
      { operation: "UploadPartCopy", after: 1, effect: { loseAnswer: true } },
      { operation: "CompleteMultipartUpload", effect: { errorInBody: "InternalError" } },
    );
    await bucket.copyFrom({ store: bucket, key: "from" }, "mended");
    expect(server.pendingFaults).toEqual([]);
    expect(Buffer.compare((await readBytes(bucket, "mended")).bytes, body)).toBe(0);
  });

  test("is known again when the answer to its completion was lost", async () => {
    server.inject({ operation: "CompleteMultipartUpload", effect: { loseAnswer: true } });
    const copied = await bucket.copyFrom({ store: bucket, key: "from" }, "doubted");
    expect(copied).toMatchObject({ etag: (await bucket.stat("doubted")).etag, sizeBytes: body.byteLength });
    expect(count("CompleteMultipartUpload")).toBe(2);
    expect((await bucket.stat("doubted")).metadata).not.toHaveProperty("entrepot-write");
  });

  test("that fails leaves nothing, neither object nor parts, though the abort stumbles", async () => {
    server.inject(
      { operation: "UploadPartCopy", effect: { status: 403, code: "AccessDenied" } },
      { operation: "AbortMultipartUpload", effect: { status: 503 } },
    );
    await expect(bucket.copyFrom({ store: bucket, key: "from" }, "never")).rejects.toMatchObject({ code: "forbidden" });
    expect([count("AbortMultipartUpload"), count("CompleteMultipartUpload")]).toEqual([2, 0]);
    await expect(bucket.stat("never")).rejects.toMatchObject({ code: "not-found" });
  });

  test("that is aborted ends with the reason, and takes its parts away all the same", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const stopping: Transport = {
      send: async (request, sink) => {
        if (request.headers["x-amz-copy-source-range"] !== undefined) stop.abort(reason);
        return transport.send(request, sink);
      },
      close: async () => {},
    };
    const stopped = open({ transport: stopping });
    const copying = stopped.copyFrom({ store: stopped, key: "from" }, "aborted", { signal: stop.signal });
    await expect(copying).rejects.toBe(reason);
    expect(count("AbortMultipartUpload")).toBe(1);
    await expect(bucket.stat("aborted")).rejects.toMatchObject({ code: "not-found" });
  });

  test("whose source is replaced meanwhile is changed, and leaves nothing", async () => {
    for (const last of [1, 2]) {
      await bucket.write("moving", body);
      server.clearRequests();
      const replacement = Buffer.alloc(body.byteLength, "other");
      let copied = 0;
      const overwriting: Transport = {
        send: async (request, sink) => {
          await transport.send(request, sink);
          if (!isCopiedPart(request)) return;
          copied += 1;
          if (copied === last) await bucket.write("moving", replacement);
        },
        close: async () => {},
      };
      const copies = { wholeBytes: 1, partBytes: 5 * mebibyte, parallelParts: 1 };
      const unlucky = open({ transport: overwriting, copies });
      const copying = unlucky.copyFrom({ store: unlucky, key: "moving" }, `never/${last}`);
      await expect(copying).rejects.toMatchObject({ code: "changed", uri: "s3://b/moving" });
      expect(copied).toBe(last + 1);
      expect([count("AbortMultipartUpload"), count("CompleteMultipartUpload")]).toEqual([1, 0]);
    }
    await expect(bucket.copyFrom({ store: bucket, key: "moving", ifMatch: '"other"' }, "never")).rejects.toMatchObject({
      code: "precondition-failed",
    });
    const listed = [];
    for await (const page of bucket.list({ prefix: "never" })) listed.push(...page.objects);
    expect(listed).toEqual([]);
  });
});

describe("a server that takes no notice of the version", () => {
  test("is found out before the first part, and gets a stream from then on", async () => {
    const { bucket, transport } = scripted(
      (request) => {
        if (request.method === "HEAD") return source;
        if (request.method === "DELETE") return { status: 204 };
        if (request.method === "PUT") return { status: 200, body: "<CopyPartResult><ETag>p</ETag></CopyPartResult>" };
        return begun;
      },
      { copies: { wholeBytes: 1 } },
    );
    expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to")).toBeUndefined();
    expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to")).toBeUndefined();
    expect(transport.requests.map(({ method }) => method)).toEqual(["HEAD", "POST", "PUT", "DELETE", "HEAD"]);
  });

  test("is looked for once, and not at all on AWS", async () => {
    const answer = (request: TransportRequest) => {
      if (request.method === "HEAD") return source;
      if (request.method === "PUT") return partAnswer(request);
      return request.path.includes("uploads=") ? begun : completed;
    };
    for (const [options, asked] of [
      [{}, 1],
      [{ endpoint: undefined, region: "us-east-1" }, 0],
    ] as const) {
      const { bucket, transport } = scripted(answer, { copies: { wholeBytes: 1 }, ...options });
      for (const to of ["a", "b"]) expect(await bucket.copyFrom({ store: bucket, key: "k" }, to)).toBeDefined();
      const parts = transport.requests.filter(({ method }) => method === "PUT");
      expect([parts.length, parts.filter(isCopiedPart).length]).toEqual([2 + asked, 2]);
    }
  });

  test("or misreads the source's name in parts alone, gets a stream", async () => {
    for (const code of ["NoSuchKey", "PreconditionFailed"]) {
      const { bucket, transport } = scripted(
        (request) => {
          if (request.method === "HEAD") return source;
          if (request.method === "DELETE") return { status: 204 };
          if (request.method !== "PUT") return begun;
          return isCopiedPart(request) ? refusal(code === "NoSuchKey" ? 404 : 412, code) : partAnswer(request);
        },
        { copies: { wholeBytes: 1 } },
      );
      expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to")).toBeUndefined();
      expect(transport.requests.map(({ method }) => method).slice(-2)).toEqual(["DELETE", "HEAD"]);
    }
  });
});

describe("parts", () => {
  const gibibyte = 1024 ** 3;
  test.each([
    [5 * gibibyte + 1, 11],
    [1024 * gibibyte, 2048],
    [5 * 1024 * gibibyte, 9987],
    [48 * 1024 * gibibyte, 9999],
  ])("of %i bytes are %i, without a gap, never more than 10,000", (sizeBytes, most) => {
    const partBytes = partBytesOf(sizeBytes, { partBytes: 512 * mebibyte }, "s3://b/k");
    const parts = [...partsOf(sizeBytes, partBytes)];
    expect(parts.length).toBeLessThanOrEqual(10_000);
    expect(Math.abs(parts.length - most)).toBeLessThanOrEqual(20);
    expect([parts[0]?.start, parts.at(-1)?.end]).toEqual([0, sizeBytes]);
    for (const [index, { number, start, end }] of parts.entries()) {
      expect([number, start]).toEqual([index + 1, index === 0 ? 0 : parts[index - 1]?.end]);
      expect(end - start).toBeLessThanOrEqual(5 * gibibyte);
    }
  });
});
