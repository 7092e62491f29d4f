import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { broken, object, refusal, scripted, serve, TextSink, ten } from "../s3/scripted.fixture.ts";

const network = (code: "unreachable" | "timeout" | "truncated") => new EntrepotError(code, `it was ${code}`);

describe("what passes is tried again, and what does not is not", () => {
  test.each([
    ["500 InternalError", refusal(500, "InternalError"), "server-error", true],
    ["502 of a proxy", { status: 502, body: "<html>" }, "server-error", true],
    ["503 SlowDown", refusal(503, "SlowDown"), "throttled", true],
    ["503 without a body", { status: 503 }, "throttled", true],
    ["504", { status: 504 }, "server-error", true],
    ["429", { status: 429 }, "throttled", true],
    ["408", { status: 408 }, "timeout", true],
    ["400 RequestTimeout", refusal(400, "RequestTimeout"), "timeout", true],
    ["409 OperationAborted", refusal(409, "OperationAborted"), "busy", true],
    ["400 InvalidRequest", refusal(400, "InvalidRequest"), "protocol", false],
    ["401", { status: 401 }, "unauthenticated", false],
    ["403 AccessDenied", refusal(403, "AccessDenied"), "forbidden", false],
    ["403 InvalidAccessKeyId", refusal(403, "InvalidAccessKeyId"), "unauthenticated", false],
    ["403 SignatureDoesNotMatch", refusal(403, "SignatureDoesNotMatch"), "unauthenticated", false],
    ["403 InvalidObjectState", refusal(403, "InvalidObjectState"), "archived", false],
    ["404 NoSuchKey", refusal(404, "NoSuchKey"), "not-found", false],
    ["404 NoSuchBucket", refusal(404, "NoSuchBucket"), "not-found", false],
    ["405 MethodNotAllowed", refusal(405, "MethodNotAllowed"), "unsupported", false],
    ["409 of another kind", refusal(409, "InvalidBucketState"), "busy", false],
    ["412 PreconditionFailed", refusal(412, "PreconditionFailed"), "precondition-failed", false],
    ["301 PermanentRedirect", refusal(301, "PermanentRedirect"), "misconfigured", false],
    ["307 to elsewhere", { status: 307, headers: { location: "http://evil.example/" } }, "misconfigured", false],
    ["501 NotImplemented", refusal(501, "NotImplemented"), "unsupported", false],
    ["418", { status: 418 }, "protocol", false],
    ["204 where bytes were asked for", { status: 204 }, "protocol", false],
  ])("%s", async (_name, answer, code, again) => {
    const { bucket, transport } = scripted(() => answer);
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code, uri: "s3://b/k", retryable: again });
    expect(transport.requests).toHaveLength(again ? 10 : 1);
  });

  test.each(["unreachable", "timeout", "truncated"] as const)("%s below is tried again", async (code) => {
    const { bucket, transport } = scripted((_request, n) => {
      if (n < 4) throw network(code);
      return object("x", '"a"');
    });
    const sink = new TextSink();
    await bucket.read("k", sink);
    expect(sink.text).toBe("x");
    expect(transport.requests).toHaveLength(4);
  });

  test("a caller's mistake below is neither tried again nor renamed", async () => {
    const mistake = new TypeError("invalid header");
    const { bucket, transport } = scripted(() => {
      throw mistake;
    });
    await expect(bucket.stat("k")).rejects.toBe(mistake);
    expect(transport.requests).toHaveLength(1);
  });
});

describe("waiting", () => {
  test("grows with full jitter up to its bound, ten times as much when throttled, and is told", async () => {
    const failing = scripted(() => refusal(500, "InternalError"));
    await failing.bucket.stat("k").catch(() => undefined);
    expect(failing.clock.sleptMs).toEqual([50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000]);
    const throttled = scripted(() => refusal(503, "SlowDown"));
    await throttled.bucket.stat("k").catch(() => undefined);
    expect(throttled.clock.sleptMs.slice(0, 5)).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(throttled.events.filter(({ type }) => type === "retry")).toHaveLength(9);
    expect(throttled.events.find(({ type }) => type === "retry")).toMatchObject({
      attempt: 1,
      delayMs: 500,
      uri: "s3://b/k",
    });
  });

  test.each([
    ["seconds", { "retry-after": "7" }, 7000],
    ["a date", { "retry-after": new Date(Date.UTC(2026, 10, 22, 12, 0, 9)).toUTCString() }, 9000],
    ["milliseconds of AWS", { "x-amz-retry-after": "1234" }, 1234],
    ["more than is bearable", { "retry-after": "86400" }, 20_000],
    ["nonsense", { "retry-after": "soon" }, 500],
  ])("is not shorter than the server asks, in %s", async (_name, headers, expected) => {
    const { bucket, clock } = scripted((_request, n) =>
      n === 1 ? refusal(503, "SlowDown", headers) : object("x", '"a"'),
    );
    await bucket.stat("k");
    expect(clock.sleptMs).toEqual([expected]);
  });

  test("ends with the budget, and the error says how often it was tried", async () => {
    const { bucket, clock } = scripted(() => refusal(503, "SlowDown"));
    const retry = { attempts: 1000, budgetMs: 5000, baseDelayMs: 100, maxDelayMs: 20_000 };
    await expect(bucket.stat("k", { retry })).rejects.toThrow(/after 4 tries/);
    expect(clock.sleptMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(5000);
  });

  test("a single attempt is a single attempt", async () => {
    const { bucket, transport } = scripted(() => refusal(503, "SlowDown"));
    const retry = { attempts: 1, budgetMs: 0, baseDelayMs: 0, maxDelayMs: 0 };
    await expect(bucket.stat("k", { retry })).rejects.toMatchObject({ code: "throttled" });
    expect(transport.requests).toHaveLength(1);
  });

  test("is ended by an abort, with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const { bucket } = scripted(() => {
      controller.abort(reason);
      return refusal(503, "SlowDown");
    });
    await expect(bucket.stat("k", { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe("what a refusal teaches is put right once", () => {
  const once =
    (code: string, headers: Record<string, string> = {}) =>
    (_request: unknown, n: number) =>
      n === 1 ? refusal(400, code, headers) : object("x", '"a"');

  test("an expired token is renewed, for all who wait, without a delay", async () => {
    let asked = 0;
    const credentials = async () => ({ accessKeyId: `key${++asked}`, secretAccessKey: "s", sessionToken: "t" });
    const { bucket, transport, clock } = scripted(once("ExpiredToken"), { credentials });
    await bucket.read("k", new TextSink());
    expect(transport.requests.map(({ headers }) => /key\d/.exec(headers["authorization"] ?? "")?.[0])).toEqual([
      "key1",
      "key2",
    ]);
    expect(clock.sleptMs).toEqual([]);
  });

  test("an expired token that cannot be renewed is unauthenticated", async () => {
    const { bucket, transport } = scripted(() => refusal(400, "ExpiredToken"));
    await expect(bucket.stat("k")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(transport.requests).toHaveLength(1);
  });

  test("a clock that is wrong is corrected for good, from the server's date", async () => {
    const date = new Date(Date.UTC(2026, 10, 22, 15)).toUTCString();
    const { bucket, transport } = scripted((_request, n) =>
      n === 1 ? refusal(403, "RequestTimeTooSkewed", { date }) : object("x", '"a"'),
    );
    await bucket.read("k", new TextSink());
    await bucket.read("k", new TextSink());
    expect(transport.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
      "20261122T120000Z",
      "20261122T150000Z",
      "20261122T150000Z",
    ]);
  });

  test("AWS's bucket in another region is asked there, and signed for there", async () => {
    for (const [status, code] of [
      [301, "PermanentRedirect"],
      [400, "AuthorizationHeaderMalformed"],
    ] as const) {
      const { bucket, transport } = scripted(
        (_request, n) => (n === 1 ? refusal(status, code, { "x-amz-bucket-region": "eu-west-3" }) : object("x", '"a"')),
        { endpoint: undefined },
      );
      await bucket.read("k", new TextSink());
      expect(transport.requests.map(({ origin }) => origin)).toEqual([
        "https://b.s3.us-east-1.amazonaws.com",
        "https://b.s3.eu-west-3.amazonaws.com",
      ]);
      expect(transport.requests[1]?.headers["authorization"]).toContain("/eu-west-3/s3/");
    }
  });

  test.each(["evil.com/#", "eu-west-1.evil.com", "EU", ""])("a region %j is not followed anywhere", async (region) => {
    const { bucket, transport } = scripted(() => refusal(301, "PermanentRedirect", { "x-amz-bucket-region": region }), {
      endpoint: undefined,
    });
    await expect(bucket.stat("k")).rejects.toMatchObject({ code: "misconfigured" });
    expect(new Set(transport.requests.map(({ origin }) => origin))).toEqual(
      new Set(["https://b.s3.us-east-1.amazonaws.com"]),
    );
  });

  test("an own endpoint's redirect leads nowhere else: it is asked once more, signed for the region that it names", async () => {
    const { bucket, transport } = scripted(() =>
      refusal(301, "PermanentRedirect", { "x-amz-bucket-region": "eu-west-3" }),
    );
    await expect(bucket.stat("k")).rejects.toMatchObject({ hint: expect.stringContaining("eu-west-3") });
    expect(transport.requests).toHaveLength(2);
    expect(new Set(transport.requests.map(({ origin }) => origin)).size).toBe(1);
    expect(transport.requests[1]?.headers["authorization"]).toContain("/eu-west-3/s3/");
  });
});

test("an error answer without an end does not fill the memory, and its status holds", async () => {
  const { bucket } = scripted(() => ({ status: 403, body: new Uint8Array(5 * 1024 * 1024) }));
  await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "forbidden" });
});

test("what the server repeats of a secret is not in the error", async () => {
  // In two parts, so that nobody takes it for a real one.
  const key = `AKIA${"CANARY0000000001"}`;
  const body =
    `<Error><Code>SignatureDoesNotMatch</Code><Message>${key} X-Amz-Signature=canary0004</Message>` +
    `<StringToSign>canary</StringToSign><AWSAccessKeyId>${key}</AWSAccessKeyId></Error>`;
  const { bucket } = scripted(() => ({ status: 403, body }));
  const error = await bucket.read("k", new TextSink()).catch((caught: unknown) => caught);
  expect(JSON.stringify(error)).not.toMatch(/canary/i);
  expect(String((error as Error).stack)).not.toMatch(/canary/i);
});

test("watchers are told of every request, with bytes and without secrets", async () => {
  const { bucket, events } = scripted(() => object("12345", '"a"'));
  await bucket.read("a b", new TextSink());
  await bucket.write("w", Buffer.from("123"));
  expect(events).toMatchObject([
    { type: "request", method: "GET", bucket: "b", key: "a%20b", status: 200, receivedBytes: 5, sentBytes: 0 },
    { type: "request", method: "PUT", bucket: "b", key: "w", status: 200, receivedBytes: 5, sentBytes: 3 },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/secret|AKID/);
});

test("watchers are told which try a request was, whom it asked, and why no whole answer came", async () => {
  const { bucket, events, clock } = scripted((request, n) => {
    if (n === 1) return refusal(503, "SlowDown");
    return n === 2 ? { ...object(ten, '"a"'), cut: { afterBytes: 4, error: broken() } } : serve(request, ten, '"a"');
  });
  const startedMs = clock.now();
  await bucket.read("k", new TextSink());
  await bucket.read("k", new TextSink(), { range: { start: 0, end: 2 } });
  const origin = "http://127.0.0.1:9";
  expect(events.filter(({ type }) => type === "request")).toMatchObject([
    { attempt: 1, origin, status: 503, failure: undefined, startedMs },
    { attempt: 2, origin, status: 200, failure: "truncated" },
    { attempt: 3, origin, status: 206, failure: undefined },
    { attempt: 1, origin, status: 206, failure: undefined },
  ]);
});
