import { describe, expect, test } from "vitest";
import type { TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import { broken, scripted, serve, TextSink, ten } from "./scripted.fixture.ts";

describe("an answer that is no object", () => {
  const document = (headers: Readonly<Record<string, string>>): ScriptedAnswer => ({
    status: 200,
    headers: { "content-type": "application/xml", "content-length": "8", ...headers },
    body: "<Error/>",
  });

  test("is a document of XML with neither ETag nor date", async () => {
    const { bucket } = scripted(() => document({}));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "protocol", uri: "s3://b/k" });
    await expect(bucket.read("k", new TextSink(), { range: { start: 0, end: 4 } })).rejects.toMatchObject({
      code: "protocol",
    });
  });

  test.each([{ etag: '"a"' }, { "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" }])(
    "but with %j it is one",
    async (headers) => {
      const sink = new TextSink();
      await scripted(() => document(headers)).bucket.read("k", sink);
      expect(sink.text).toBe("<Error/>");
    },
  );
});

describe("a length that is more than the object has", () => {
  const overstated = (lies: number) => (request: TransportRequest, n: number) => {
    const whole = serve(request, ten, '"a"');
    if (request.headers["range"]?.startsWith("bytes=10-") === true) return { status: 416 };
    return n > lies
      ? whole
      : { ...whole, headers: { ...whole.headers, "content-length": "15" }, cut: { afterBytes: 10, error: broken() } };
  };

  test("is read again where the sink allows it", async () => {
    const sink = new TextSink(true);
    await scripted(overstated(1)).bucket.read("k", sink);
    expect(sink.text).toBe(ten);
  });

  test.each([true, false])("is truncated, and never the caller's range (restartable: %s)", async (restartable) => {
    const { bucket } = scripted(overstated(99));
    await expect(bucket.read("k", new TextSink(restartable))).rejects.toMatchObject({
      code: "truncated",
      uri: "s3://b/k",
    });
  });
});
