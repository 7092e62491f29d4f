import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { SizedSource } from "../object-store.ts";
import { FakeClock, object, refusal, scripted } from "./scripted.fixture.ts";

const lost = () => new EntrepotError("unreachable", "the connection broke before an answer came");
const written = (etag = '"new"'): ScriptedAnswer => ({ status: 200, headers: { etag, "content-length": "0" } });
const body = Buffer.from("hello");
const source: SizedSource = {
  sizeBytes: 5,
  async *open() {
    yield body.subarray(0, 2);
    yield body.subarray(2);
  },
};

test("two conditional writes at once: the loser asks again and gets the verdict", async () => {
  const { bucket, transport } = scripted((_request, n) =>
    n === 1 ? refusal(409, "ConditionalRequestConflict") : written(),
  );
  expect(await bucket.write("k", body, { ifNoneMatch: "*" })).toMatchObject({ etag: '"new"' });
  expect(transport.requests).toHaveLength(2);
  const never = scripted(() => refusal(409, "ConditionalRequestConflict"));
  await expect(never.bucket.write("k", body, { ifMatch: '"a"' })).rejects.toMatchObject({
    code: "precondition-failed",
  });
});

test.each([
  ["404", refusal(404, "NoSuchKey"), undefined, 1],
  ["412", refusal(412, "PreconditionFailed"), undefined, 2],
  ["404 of AWS", refusal(404, "NoSuchKey"), "aws", 1],
])(
  "a swap of what is missing is not-found, whether the server says so or not: %s",
  async (_name, said, aws, requests) => {
    const { bucket, transport } = scripted(
      (request) => (request.method === "PUT" ? said : refusal(404, "NoSuchKey")),
      aws === undefined ? {} : { endpoint: undefined },
    );
    await expect(bucket.write("k", body, { ifMatch: '"a"' })).rejects.toMatchObject({ code: "not-found" });
    expect(transport.requests).toHaveLength(requests);
  },
);

test("a swap that AWS refuses costs no second request", async () => {
  const { bucket, transport } = scripted(() => refusal(412, "PreconditionFailed"), { endpoint: undefined });
  await expect(bucket.write("k", body, { ifMatch: '"a"' })).rejects.toMatchObject({ code: "precondition-failed" });
  expect(transport.requests).toHaveLength(1);
});

test("a source is opened anew for each try", async () => {
  let opened = 0;
  const counting: SizedSource = {
    sizeBytes: 5,
    open() {
      opened++;
      return source.open();
    },
  };
  const { bucket } = scripted((_request, n) => (n < 3 ? refusal(500, "InternalError") : written()), {
    endpoint: undefined,
  });
  await bucket.write("k", counting);
  expect(opened).toBe(3);
});

test("metadata goes out in names of its own, beyond ASCII as encoded words; a bad name is a TypeError", async () => {
  const { bucket, transport } = scripted(() => written());
  await bucket.write("k", body, { contentType: "text/csv", metadata: { Plain: "a b", city: "Zürich" } });
  expect(transport.requests[0]?.headers).toMatchObject({
    "content-type": "text/csv",
    "x-amz-meta-plain": "a b",
    "x-amz-meta-city": "=?UTF-8?B?WsO8cmljaA==?=",
  });
  for (const name of ["a b", "a\r\nb", ""]) {
    await expect(bucket.write("k", body, { metadata: { [name]: "x" } })).rejects.toThrow(TypeError);
  }
});

test("more than an object can hold is limit-exceeded, and nothing is sent", async () => {
  const { bucket, transport } = scripted(() => written());
  const huge: SizedSource = { sizeBytes: 50_000 * 1024 ** 3 + 1, open: () => source.open() };
  await expect(bucket.write("k", huge)).rejects.toMatchObject({ code: "limit-exceeded" });
  expect(transport.requests).toHaveLength(0);
});

test("an answer without an ETag is completed by asking", async () => {
  const { bucket } = scripted((request) =>
    request.method === "PUT"
      ? { status: 200, headers: { etag: "" } }
      : object("", '"asked"', { "content-length": "5" }),
  );
  expect(await bucket.write("k", body)).toMatchObject({ etag: '"asked"' });
});

describe("copies", () => {
  const copied = (etag: string) => `<CopyObjectResult><ETag>${etag}</ETag></CopyObjectResult>`;
  test("name their source encoded, and pin the version that was measured", async () => {
    const { bucket, transport } = scripted((request) =>
      request.method === "HEAD"
        ? object("", '"s"', { "content-length": "5" })
        : { status: 200, body: copied("&quot;c&quot;") },
    );
    const result = await bucket.copyFrom({ store: bucket, key: "a//ü+?", versionId: "v=1" }, "to");
    expect(result).toEqual({ etag: '"c"', sizeBytes: 5, versionId: undefined });
    expect(transport.requests[1]?.headers).toMatchObject({
      "x-amz-copy-source": "b/a//%C3%BC%2B%3F?versionId=v%3D1",
      "x-amz-copy-source-if-match": '"s"',
    });
  });
  test("that fail in a 200 are tried again", async () => {
    const { bucket, transport } = scripted((request, n) => {
      if (request.method === "HEAD") return object("", '"s"', { "content-length": "5" });
      return n === 2 ? { ...refusal(200, "InternalError"), status: 200 } : { status: 200, body: copied("c") };
    });
    await bucket.copyFrom({ store: bucket, key: "a" }, "to");
    expect(transport.requests).toHaveLength(3);
  });
  test("are left to the caller when conditional, or of another service", async () => {
    const { bucket } = scripted(() => object("", '"s"'));
    const other = scripted(() => object("", '"s"')).bucket;
    expect(await bucket.copyFrom({ store: bucket, key: "a" }, "to", { ifNoneMatch: "*" })).toBeUndefined();
    expect(await bucket.copyFrom({ store: other, key: "a" }, "to")).toBeUndefined();
  });
  test("of an object onto itself change nothing, and send no copy", async () => {
    const { bucket, transport } = scripted(() => object("", '"s"', { "content-length": "5" }));
    expect(await bucket.copyFrom({ store: bucket, key: "a" }, "a")).toMatchObject({ etag: '"s"' });
    expect(transport.requests.map(({ method }) => method)).toEqual(["HEAD"]);
  });
});

describe("deleting with ifMatch", () => {
  test("looks first, for servers that would delete whatever they find", async () => {
    const { bucket, transport } = scripted((request) =>
      request.method === "HEAD" ? object("", '"b"') : { status: 204 },
    );
    await expect(bucket.delete("k", { ifMatch: '"a"' })).rejects.toMatchObject({ code: "precondition-failed" });
    expect(transport.requests.map(({ method }) => method)).toEqual(["HEAD"]);
  });
  const second = (first: ScriptedAnswer | undefined, then: ScriptedAnswer) =>
    scripted((request, n) => {
      if (request.method === "HEAD") return object("", '"a"');
      if (n > 2) return then;
      if (first === undefined) throw lost();
      return first;
    }).bucket.delete("k", { ifMatch: '"a"' });
  test("that was refused is told that somebody else did it", async () => {
    const gone = refusal(404, "NoSuchKey");
    await expect(second(refusal(503, "SlowDown"), gone)).rejects.toMatchObject({ code: "not-found" });
    await second(refusal(500, "InternalError"), gone);
  });
  test("whose answer was lost, and that finds another version, has an unknown outcome", async () => {
    const other = refusal(412, "PreconditionFailed");
    await expect(second(undefined, other)).rejects.toMatchObject({ code: "server-error", retryable: false });
    await expect(second(refusal(503, "SlowDown"), other)).rejects.toMatchObject({ code: "precondition-failed" });
  });
  test("whose answer was lost is not told that it is gone", async () => {
    const { bucket } = scripted((request, n) => {
      if (request.method === "HEAD") return object("", '"a"');
      if (n === 2) throw lost();
      return refusal(404, "NoSuchKey");
    });
    await bucket.delete("k", { ifMatch: '"a"' });
  });
});

test("a bucket that is gone is not an object that is gone", async () => {
  const { bucket } = scripted(() => refusal(404, "NoSuchBucket"));
  await expect(bucket.delete("k")).rejects.toMatchObject({ code: "not-found" });
});

describe("credentials", () => {
  const provider = (expiresMs: (n: number) => number) => {
    let n = 0;
    return {
      asked: () => n,
      provide: async () => ({ accessKeyId: `key${++n}`, secretAccessKey: "s", expiresMs: expiresMs(n) }),
    };
  };
  test("are asked for once, however many wait, and not again while they hold", async () => {
    const { asked, provide } = provider(() => Number.POSITIVE_INFINITY);
    const { bucket } = scripted(() => written(), { credentials: provide });
    await Promise.all(Array.from({ length: 50 }, () => bucket.write("k", body)));
    await bucket.write("k", body);
    expect(asked()).toBe(1);
  });
  test("are renewed before they end, and a failed renewal is no failure while they hold", async () => {
    const clock = new FakeClock();
    let n = 0;
    const credentials = async () => {
      if (++n > 1) throw new EntrepotError("unauthenticated", "none");
      return { accessKeyId: "key1", secretAccessKey: "s", expiresMs: clock.nowMs + 3_600_000 };
    };
    const { bucket } = scripted(() => written(), { credentials, clock });
    await bucket.write("k", body);
    clock.nowMs += 3_600_000 - 100_000;
    await bucket.write("k", body);
    expect(n).toBe(2);
    clock.nowMs += 90_000;
    await bucket.write("k", body);
    clock.nowMs += 20_000;
    await expect(bucket.write("k", body)).rejects.toMatchObject({ code: "unauthenticated" });
  });
  test("are never asked for when anonymous, and nothing is signed", async () => {
    const { bucket, service, transport } = scripted(() => object("x", '"a"'), { credentials: "anonymous" });
    await bucket.stat("k");
    expect(service.anonymous).toBe(true);
    expect(Object.keys(transport.requests[0]?.headers ?? {})).toEqual([]);
    await expect(bucket.presign("k", { method: "GET", expiresMs: 1000 })).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});

test.each([0, 999, 604_800_001, Number.NaN])("a presigned URL does not work for %s ms", async (expiresMs) => {
  const { bucket } = scripted(() => written());
  await expect(bucket.presign("k", { method: "GET", expiresMs })).rejects.toThrow(RangeError);
});

test("a requester who pays says so in every request, signed, and in presigned URLs", async () => {
  const { bucket, transport } = scripted(() => object("x", '"a"'), { requesterPays: true });
  await bucket.stat("k");
  expect(transport.requests[0]?.headers["x-amz-request-payer"]).toBe("requester");
  expect(transport.requests[0]?.headers["authorization"]).toContain("x-amz-request-payer");
  const url = await bucket.presign("k", { method: "GET", expiresMs: 1000 });
  expect(new URL(url).searchParams.get("x-amz-request-payer")).toBe("requester");
  const own = await scripted(() => object("x", '"a"')).bucket.presign("k", { method: "GET", expiresMs: 1000 });
  expect(own).not.toContain("x-amz-request-payer");
});

test("a write that is answered 200 with an error in the body is tried again, and then the server's failure", async () => {
  const failed: ScriptedAnswer = {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: "<Error><Code>InternalError</Code><Message>We failed.</Message></Error>",
  };
  const { bucket, transport } = scripted((_request, n) => (n < 3 ? failed : written()));
  expect(await bucket.write("k", body)).toMatchObject({ etag: '"new"' });
  expect(transport.requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "PUT"]);
  await expect(scripted(() => failed).bucket.write("k", body)).rejects.toMatchObject({ code: "server-error" });
});
