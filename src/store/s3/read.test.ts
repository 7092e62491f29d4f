import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import { broken, object, scripted, serve, TextSink, ten } from "./scripted.fixture.ts";

test("the first request carries no Range and asks for a checksum", async () => {
  const { bucket, transport } = scripted((request) => serve(request, ten, '"a"'));
  const sink = new TextSink();
  const result = await bucket.read("k", sink);
  expect(sink.text).toBe(ten);
  expect(result).toMatchObject({ verified: "length", range: { start: 0, end: 10 } });
  expect(transport.requests).toHaveLength(1);
  expect(transport.requests[0]?.headers).not.toHaveProperty("range");
  expect(transport.requests[0]?.headers["x-amz-checksum-mode"]).toBe("ENABLED");
});

test("a body that breaks at any byte is continued from there, with If-Match, and no byte comes twice", async () => {
  for (let cut = 0; cut < 10; cut++) {
    const { bucket, transport } = scripted((request, n) => {
      const whole = serve(request, ten, '"a"');
      return n === 1 ? { ...whole, cut: { afterBytes: cut, error: broken() } } : whole;
    });
    const sink = new TextSink();
    await bucket.read("k", sink);
    expect(sink.text).toBe(ten);
    expect(sink.starts).toBe(1);
    expect(transport.requests[1]?.headers).toMatchObject({ range: `bytes=${cut}-9`, "if-match": '"a"' });
  }
});

test("a connection that breaks after the last byte has brought everything", async () => {
  const { bucket, transport } = scripted((request) => ({
    ...serve(request, ten, '"a"'),
    cut: { afterBytes: 10, error: broken() },
  }));
  const sink = new TextSink();
  await bucket.read("k", sink);
  expect(sink.text).toBe(ten);
  expect(transport.requests).toHaveLength(1);
});

describe("an object that is replaced while it is read", () => {
  const replacedAfter = (n: number) => (request: TransportRequest, now: number) => {
    const whole = now <= n ? serve(request, ten, '"a"') : serve(request, "abcdefghijkl", '"b"');
    return now === 1 ? { ...whole, cut: { afterBytes: 4, error: broken() } } : whole;
  };
  test("is read again from the beginning where the sink allows it", async () => {
    const { bucket } = scripted(replacedAfter(1));
    const sink = new TextSink(true);
    const result = await bucket.read("k", sink);
    expect(sink.text).toBe("abcdefghijkl");
    expect(sink.starts).toBe(2);
    expect(result).toMatchObject({ info: { etag: '"b"', sizeBytes: 12 } });
  });
  test("is changed where it does not", async () => {
    const { bucket } = scripted(replacedAfter(1));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "changed", uri: "s3://b/k" });
  });
  test("is given up on when it changes again and again", async () => {
    // Each continuation is refused: its If-Match names the version before.
    const changing = scripted((request, n) => ({
      ...serve(request, ten, `"${n}"`),
      cut: { afterBytes: 4, error: broken() },
    }));
    await expect(changing.bucket.read("k", new TextSink(true))).rejects.toMatchObject({ code: "changed" });
  });
  test("is noticed though the server ignores If-Match", async () => {
    const { bucket } = scripted((request, n) => {
      const { "if-match": _, ...headers } = request.headers;
      const whole = serve({ ...request, headers }, n === 1 ? ten : "abcdefghij", n === 1 ? '"a"' : '"b"');
      return n === 1 ? { ...whole, cut: { afterBytes: 4, error: broken() } } : whole;
    });
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "changed" });
  });
});

describe("a continuation that is not what was asked for is not taken", () => {
  const second = (answer: ScriptedAnswer) =>
    scripted((request, n) =>
      n === 1 ? { ...serve(request, ten, '"a"'), cut: { afterBytes: 4, error: broken() } } : answer,
    );
  const part = (range: string | undefined, body: string, etag = '"a"'): ScriptedAnswer => ({
    status: 206,
    headers: {
      etag,
      "content-length": String(body.length),
      ...(range === undefined ? {} : { "content-range": range }),
    },
    body,
  });

  test.each([
    ["no Content-Range", part(undefined, "456789"), "protocol"],
    ["a start behind the byte", part("bytes 5-9/10", "56789"), "protocol"],
    ["a range that is longer than its body", part("bytes 4-9/10", "4567"), "protocol"],
    ["another size", part("bytes 4-9/11", "456789"), "changed"],
    ["another ETag", part("bytes 4-9/10", "456789", '"b"'), "changed"],
    ["no ETag", part("bytes 4-9/10", "456789", ""), "changed"],
    ["a size that is unknown", part("bytes 4-9/*", "456789"), "protocol"],
    ["the whole of another version", object("abcdefghij", '"b"'), "changed"],
  ])("%s", async (_name, answer, code) => {
    await expect(second(answer).bucket.read("k", new TextSink())).rejects.toMatchObject({ code });
  });

  test.each([
    ["the whole object, Range ignored", object(ten, '"a"')],
    ["more than was asked for", part("bytes 2-9/10", "23456789")],
  ])("%s: what is known is skipped", async (_name, answer) => {
    const sink = new TextSink();
    await second(answer).bucket.read("k", sink);
    expect(sink.text).toBe(ten);
    expect(sink.starts).toBe(1);
  });
});

describe("a range", () => {
  test.each([
    [{ start: 2, end: 5 }, "234"],
    [{ start: 0 }, ten],
    [{ start: 10 }, ""],
    [{ start: 3, end: 3 }, ""],
    [{ suffix: 0 }, ""],
  ])("%j gives %j", async (range, expected) => {
    const { bucket } = scripted((request) => serve(request, ten, '"a"'));
    const sink = new TextSink();
    await bucket.read("k", sink, { range });
    expect(sink.text).toBe(expected);
    expect(sink.info?.sizeBytes).toBe(10);
  });

  test("is cut out by us where the server ignores it", async () => {
    for (const [range, expected] of [
      [{ start: 2, end: 5 }, "234"],
      [{ suffix: 3 }, "789"],
    ] as const) {
      const { bucket } = scripted(() => object(ten, '"a"'));
      const sink = new TextSink();
      await bucket.read("k", sink, { range });
      expect(sink.text).toBe(expected);
    }
  });

  test("beyond the end is invalid-range, and asked about once", async () => {
    const { bucket, transport } = scripted((request) => serve(request, ten, '"a"'));
    await expect(bucket.read("k", new TextSink(), { range: { start: 11 } })).rejects.toMatchObject({
      code: "invalid-range",
    });
    expect(transport.requests.map(({ method }) => method)).toEqual(["GET", "HEAD"]);
  });

  test("that breaks is continued within itself", async () => {
    const { bucket, transport } = scripted((request, n) => {
      const whole = serve(request, ten, '"a"');
      return n === 1 ? { ...whole, cut: { afterBytes: 2, error: broken() } } : whole;
    });
    const sink = new TextSink();
    await bucket.read("k", sink, { range: { start: 2, end: 8 } });
    expect(sink.text).toBe("234567");
    expect(transport.requests[1]?.headers["range"]).toBe("bytes=4-7");
  });

  test("answered with another range is a protocol error", async () => {
    const headers = { "content-range": "bytes 3-5/10", "content-length": "3", etag: '"a"' };
    const { bucket } = scripted(() => ({ status: 206, headers, body: "345" }));
    await expect(bucket.read("k", new TextSink(), { range: { start: 2, end: 5 } })).rejects.toMatchObject({
      code: "protocol",
    });
  });
});

describe("a body without an announced length", () => {
  test("is taken when its end is marked", async () => {
    const headers = { "transfer-encoding": "chunked", etag: '"a"' };
    const { bucket } = scripted(() => ({ status: 200, headers, body: ten }));
    const sink = new TextSink();
    expect(await bucket.read("k", sink)).toMatchObject({ info: { sizeBytes: 10 } });
    expect(sink.text).toBe(ten);
  });
  test("is a protocol error when only its connection ends it, and the sink sees nothing", async () => {
    const { bucket } = scripted(() => ({ status: 200, headers: { etag: '"a"' }, body: ten }));
    const sink = new TextSink();
    await expect(bucket.read("k", sink)).rejects.toMatchObject({ code: "protocol" });
    expect(sink.starts).toBe(0);
  });
});

test("fewer bytes than announced are never a success", async () => {
  const { bucket } = scripted((_request, n) => ({ ...object(ten, n === 1 ? '"a"' : '"b"'), body: "0123" }));
  await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "changed" });
  const always = scripted((request) => {
    const whole = serve(request, ten, '"a"');
    return { ...whole, body: "" };
  });
  await expect(always.bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "truncated" });
});

test("not-modified: 304, or an ETag that a server should have compared", async () => {
  const etag = '"a"';
  for (const answer of [{ status: 304, headers: { etag } }, object(ten, etag)]) {
    const { bucket } = scripted(() => answer);
    const sink = new TextSink();
    expect(await bucket.read("k", sink, { ifNoneMatch: etag })).toBe("not-modified");
    expect(sink.starts).toBe(0);
  }
});

test("a wrong version is precondition-failed, though the server ignores If-Match", async () => {
  const { bucket } = scripted(() => object(ten, '"b"'));
  await expect(bucket.read("k", new TextSink(), { ifMatch: '"a"' })).rejects.toMatchObject({
    code: "precondition-failed",
  });
});

test("a download that makes progress is not given up on, however often it breaks", async () => {
  const size = 30 * 1024 * 1024;
  const whole = Buffer.alloc(size, "x").toString("latin1");
  const { bucket } = scripted((request) => ({
    ...serve(request, whole, '"a"'),
    cut: { afterBytes: 2 * 1024 * 1024, error: broken() },
  }));
  let bytes = 0;
  await bucket.read(
    "k",
    {
      start() {},
      write(chunk) {
        bytes += chunk.byteLength;
      },
    },
    {
      retry: { attempts: 2, budgetMs: 1000, baseDelayMs: 100, maxDelayMs: 100 },
    },
  );
  expect(bytes).toBe(size);
});

test("an error of the sink is not repeated, even if it looks like one that passes", async () => {
  const { bucket, transport } = scripted(() => object(ten, '"a"'));
  const busy = new EntrepotError("busy", "no room");
  const sink = new TextSink();
  sink.write = () => {
    throw busy;
  };
  await expect(bucket.read("k", sink)).rejects.toBe(busy);
  expect(transport.requests).toHaveLength(1);
});

test("an empty key is refused before it can name the bucket", async () => {
  const { bucket, transport } = scripted(() => object(ten, '"a"'));
  await expect(bucket.read("", new TextSink())).rejects.toMatchObject({ code: "invalid-address" });
  await expect(bucket.write("", new Uint8Array())).rejects.toMatchObject({ code: "invalid-address" });
  await expect(bucket.delete("")).rejects.toMatchObject({ code: "invalid-address" });
  expect(transport.requests).toHaveLength(0);
});
