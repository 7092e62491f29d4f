import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { BucketStore, WriteOptions } from "../object-store.ts";
import { begun, completed, copiedAnswer, head, isCopiedPart, partAnswer, source } from "./copy.fixture.ts";
import type { S3ServiceOptions } from "./index.ts";
import { object, refusal, scripted } from "./scripted.fixture.ts";

const retry = { attempts: 4, budgetMs: 60_000, baseDelayMs: 1, maxDelayMs: 2 };

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

test("limits that are none are a RangeError", () => {
  for (const copies of [{ partBytes: 0 }, { wholeBytes: -1 }, { parallelParts: 1.5 }])
    expect(() => scripted(() => source, { copies })).toThrow(RangeError);
});
