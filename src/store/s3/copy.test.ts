import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { openTransport, type Transport, type TransportRequest } from "../../net/index.ts";
import { type S3Server, type ScriptedAnswer, startS3Server } from "../../testing/index.ts";
import type { BucketStore, WriteOptions } from "../object-store.ts";
import { readBytes } from "../read-bytes.ts";
import { partsOf } from "./copy-parts.ts";
import { openS3Service, type S3ServiceOptions } from "./index.ts";
import { object, refusal, scripted } from "./scripted.fixture.ts";

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

/** Not the one that asks whether the server minds the version. */
const isCopiedPart = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
  const isProbe = /^"0+"$/.test(headers["x-amz-copy-source-if-match"] ?? "");
  return headers["x-amz-copy-source-range"] !== undefined && !isProbe;
};
const partAnswer = (request: TransportRequest): ScriptedAnswer =>
  isCopiedPart(request)
    ? { status: 200, body: "<CopyPartResult><ETag>p</ETag></CopyPartResult>" }
    : refusal(412, "PreconditionFailed");
const begun: ScriptedAnswer = {
  status: 200,
  body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>",
};
const completed: ScriptedAnswer = {
  status: 200,
  body: "<CompleteMultipartUploadResult><ETag>&quot;w&quot;</ETag></CompleteMultipartUploadResult>",
};
const copiedAnswer: ScriptedAnswer = { status: 200, body: "<CopyObjectResult><ETag>w</ETag></CopyObjectResult>" };
const source = object("", '"s"', { "content-length": "5", "content-type": "text/csv", "x-amz-meta-a": "1" });
const head = (more: Record<string, string> = {}) => ({ ...source, headers: { ...source.headers, ...more } });

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

describe("tags and storage class", () => {
  test("of the source go along in parts, where S3 itself takes over neither", async () => {
    const tagging =
      "<Tagging><TagSet><Tag><Key>a b</Key><Value>1&amp;2</Value></Tag><Tag><Key>c</Key><Value></Value></Tag></TagSet></Tagging>";
    const { bucket, transport } = scripted(
      (request) => {
        if (request.method === "HEAD")
          return head({ "x-amz-tagging-count": "2", "x-amz-storage-class": "STANDARD_IA" });
        if (request.method === "GET") return { status: 200, body: tagging };
        if (request.method === "PUT") return partAnswer(request);
        return request.path.includes("uploads=") ? begun : completed;
      },
      { copies: { wholeBytes: 1 } },
    );
    await bucket.copyFrom({ store: bucket, key: "k", versionId: "v 1" }, "to");
    const [get] = transport.requests.filter(({ method }) => method === "GET");
    expect(get?.path).toBe("/b/k?tagging=&versionId=v%201");
    const [create] = transport.requests.filter(({ path }) => path.includes("uploads="));
    expect(create?.headers).toMatchObject({
      "x-amz-tagging": "a%20b=1%262&c=",
      "x-amz-storage-class": "STANDARD_IA",
      "content-type": "text/csv",
      "x-amz-meta-a": "1",
    });
    const sources = transport.requests.filter(isCopiedPart).map(({ headers }) => headers["x-amz-copy-source"]);
    expect(sources).toEqual(["b/k?versionId=v%201"]);
  });

  test.each([
    ["STANDARD_IA", "STANDARD_IA"],
    ["INTELLIGENT_TIERING", "INTELLIGENT_TIERING"],
    ["GLACIER", undefined],
    ["STANDARD", undefined],
  ])("of a source in %s: the copy asks for %s", async (name, asked) => {
    const { bucket, transport } = scripted((request) =>
      request.method === "HEAD" ? head({ "x-amz-storage-class": name }) : copiedAnswer,
    );
    await bucket.copyFrom({ store: bucket, key: "k" }, "to");
    expect(transport.requests[1]?.headers["x-amz-storage-class"]).toBe(asked);
    expect(transport.requests[1]?.headers).not.toHaveProperty("x-amz-metadata-directive");
  });
});

describe("a condition on the target", () => {
  const conditions: readonly WriteOptions[] = [{ ifMatch: '"t"' }, { ifNoneMatch: "*" }];
  const aws = (
    answer: (request: TransportRequest, n: number) => ScriptedAnswer,
    more: Partial<S3ServiceOptions> = {},
  ) => scripted(answer, { endpoint: undefined, region: "us-east-1", retry, ...more });

  test("takes a stream elsewhere than on AWS, since many servers take no notice of it", async () => {
    const { bucket, transport } = scripted(() => source);
    for (const condition of conditions)
      expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to", condition)).toBeUndefined();
    expect(transport.requests).toEqual([]);
  });

  test("is asked of AWS, with a mark, and all that describes the source", async () => {
    for (const condition of conditions) {
      const { bucket, transport } = aws((request) => (request.method === "HEAD" ? source : copiedAnswer));
      expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to", condition)).toMatchObject({ etag: '"w"' });
      expect(transport.requests[1]?.headers).toMatchObject({
        ...(condition.ifMatch === undefined ? { "if-none-match": "*" } : { "if-match": '"t"' }),
        "x-amz-metadata-directive": "REPLACE",
        "x-amz-meta-entrepot-write": expect.any(String),
        "x-amz-meta-a": "1",
        "content-type": "text/csv",
      });
    }
  });

  test("is asked of AWS when the parts are put together", async () => {
    const { bucket, transport } = aws(
      (request) => {
        if (request.method === "HEAD") return source;
        if (request.method === "PUT") return partAnswer(request);
        return request.path.includes("uploads=") ? begun : completed;
      },
      { copies: { wholeBytes: 1 } },
    );
    await bucket.copyFrom({ store: bucket, key: "k" }, "to", { ifNoneMatch: "*" });
    expect(transport.requests.at(-1)?.headers["if-none-match"]).toBe("*");
  });

  test("that is false is the target's, while the source is still there", async () => {
    const answer = (there: ScriptedAnswer) => (request: TransportRequest, n: number) =>
      request.method === "PUT" ? refusal(412, "PreconditionFailed") : n === 1 ? source : there;
    const still = aws(answer(source)).bucket;
    const copy = (store: BucketStore, condition: WriteOptions) => store.copyFrom({ store, key: "k" }, "to", condition);
    await expect(copy(still, { ifNoneMatch: "*" })).rejects.toMatchObject({
      code: "already-exists",
      uri: expect.stringContaining("to"),
    });
    await expect(copy(aws(answer(source)).bucket, { ifMatch: '"t"' })).rejects.toMatchObject({
      code: "precondition-failed",
    });
    const replaced = object("", '"s2"', { "content-length": "5" });
    for (const condition of conditions)
      await expect(copy(aws(answer(replaced)).bucket, condition)).rejects.toMatchObject({
        code: "changed",
        uri: "s3://b/k",
      });
  });

  test("that became false by the lost first try is a success, by the mark", async () => {
    const run = (theirs: (mark: string) => string) => {
      let mark = "";
      const made = aws((request, n) => {
        if (n === 1) return source;
        if (request.method === "HEAD") return object("", '"w"', { "x-amz-meta-entrepot-write": theirs(mark) });
        mark = request.headers["x-amz-meta-entrepot-write"] ?? "";
        if (n === 2) throw new EntrepotError("unreachable", "the connection broke");
        return refusal(412, "PreconditionFailed");
      });
      return made.bucket.copyFrom({ store: made.bucket, key: "k" }, "to", { ifNoneMatch: "*" });
    };
    expect(await run((mark) => mark)).toMatchObject({ etag: '"w"' });
    await expect(run(() => "another")).rejects.toMatchObject({ code: "server-error", retryable: false });
  });

  test("that a region does not know takes a stream", async () => {
    const { bucket } = aws((request) => (request.method === "HEAD" ? source : refusal(501, "NotImplemented")));
    expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to", { ifNoneMatch: "*" })).toBeUndefined();
  });
});

describe("a server without copies", () => {
  test("takes a stream, whole or in parts", async () => {
    for (const copies of [undefined, { wholeBytes: 1 }]) {
      for (const missing of ["PUT", "POST"]) {
        if (copies === undefined && missing === "POST") continue;
        const { bucket } = scripted(
          (request) => {
            if (request.method === "HEAD") return source;
            if (request.method === missing) return refusal(501, "NotImplemented");
            return request.method === "DELETE" ? { status: 204 } : begun;
          },
          { copies },
        );
        expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to")).toBeUndefined();
      }
    }
  });

  test("and one whose uploads want a name get a stream from those without", async () => {
    const { bucket, transport } = scripted(() => source, { copies: { wholeBytes: 1 }, credentials: "anonymous" });
    expect(await bucket.copyFrom({ store: bucket, key: "k" }, "to")).toBeUndefined();
    expect(transport.requests.length).toBe(1);
  });
});

test("an access point's objects are told apart from its name", async () => {
  const arn = "arn:aws:s3:us-west-2:123456789012:accesspoint/prod";
  const { service, transport } = scripted((request) => (request.method === "HEAD" ? source : copiedAnswer), {
    endpoint: undefined,
    region: "us-west-2",
  });
  const point = service.bucket(arn);
  await point.copyFrom({ store: point, key: "a b/c" }, "to");
  expect(transport.requests[1]?.headers["x-amz-copy-source"]).toBe(
    "arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint%2Fprod/object/a%20b/c",
  );
});

describe("parts", () => {
  const gibibyte = 1024 ** 3;
  test.each([
    [5 * gibibyte + 1, 11],
    [1024 * gibibyte, 2048],
    [5 * 1024 * gibibyte, 9987],
    [48 * 1024 * gibibyte, 9999],
  ])("of %i bytes are %i, without a gap, never more than 10,000", (sizeBytes, most) => {
    const parts = [...partsOf(sizeBytes, 512 * mebibyte)];
    expect(parts.length).toBeLessThanOrEqual(10_000);
    expect(Math.abs(parts.length - most)).toBeLessThanOrEqual(20);
    expect([parts[0]?.start, parts.at(-1)?.end]).toEqual([0, sizeBytes]);
    for (const [index, { number, start, end }] of parts.entries()) {
      expect([number, start]).toEqual([index + 1, index === 0 ? 0 : parts[index - 1]?.end]);
      expect(end - start).toBeLessThanOrEqual(5 * gibibyte);
    }
  });
});

test("limits that are none are a RangeError", () => {
  for (const copies of [{ partBytes: 0 }, { wholeBytes: -1 }, { parallelParts: 1.5 }])
    expect(() => scripted(() => source, { copies })).toThrow(RangeError);
});
