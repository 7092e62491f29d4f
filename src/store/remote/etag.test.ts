import { describe, expect, test } from "vitest";
import { broken, object, scripted, TextSink } from "../s3/scripted.fixture.ts";

const modified = { "last-modified": "Tue, 02 Jan 2024 03:04:05 GMT" };
const withoutEtag = (headers: Record<string, string> = {}) => ({
  status: 200,
  headers: { "content-length": "4", ...modified, ...headers },
  body: "text",
});
const invented = 'W/"entrepot-4-Tue-02-Jan-2024-03-04-05-GMT"';

test.each([{}, { etag: "" }])(
  "where the server gives no ETag, the one that is made up says so: %j",
  async (headers) => {
    const { bucket } = scripted(() => withoutEtag(headers));
    expect(await bucket.stat("k")).toMatchObject({ etag: invented });
  },
);

describe.each(["", '""', invented])("under the ETag %j, which the server did not give", (etag) => {
  test("nothing is changed: the condition could not be checked, and nothing is sent", async () => {
    const { bucket, transport } = scripted(() => withoutEtag());
    await expect(bucket.write("k", Buffer.from("x"), { ifMatch: etag })).rejects.toMatchObject({ code: "unsupported" });
    await expect(bucket.delete("k", { ifMatch: etag })).rejects.toMatchObject({ code: "unsupported" });
    expect(transport.requests).toEqual([]);
  });

  test("a read asks for the bytes, and no comparison of ours says that they are the same", async () => {
    const { bucket, transport } = scripted(() => withoutEtag(etag === invented ? {} : { etag }));
    const sink = new TextSink();
    expect(await bucket.read("k", sink, { ifNoneMatch: etag })).not.toBe("not-modified");
    expect(sink.text).toBe("text");
    expect(transport.requests[0]?.headers).not.toHaveProperty("if-none-match");
    const nothing = { ifNoneMatch: etag, range: { start: 4, end: 4 } };
    expect(await bucket.read("k", new TextSink(), nothing)).not.toBe("not-modified");
  });
});

describe.each(["", '""', invented, 'W/"weak"'])("the ETag %j does not prove sameness", (etag) => {
  test("so a part of that version is unsupported, before anything is sent", async () => {
    const { bucket, transport } = scripted(() => withoutEtag());
    const part = bucket.read("k", new TextSink(), { ifMatch: etag, range: { start: 1, end: 2 } });
    await expect(part).rejects.toMatchObject({ code: "unsupported", hint: expect.stringContaining("whole") });
    expect(transport.requests).toEqual([]);
  });

  test("so a body that breaks is not continued", async () => {
    const { bucket, transport } = scripted((_request, n) => ({
      ...withoutEtag(etag === invented ? {} : { etag }),
      ...(n === 1 ? { cut: { afterBytes: 2, error: broken() } } : undefined),
    }));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "truncated" });
    expect(transport.requests).toHaveLength(1);
  });

  test("so a copy inside the server is left to the caller, who reads it in one request", async () => {
    const { bucket } = scripted(() => withoutEtag(etag === invented ? {} : { etag }));
    expect(await bucket.copyFrom({ store: bucket, key: "a" }, "b")).toBeUndefined();
  });
});

test("a weak ETag of the server's own is sent, and a 304 is the server's word", async () => {
  const weak = object("text", 'W/"w"');
  const said = scripted(() => ({ status: 304, headers: {} }));
  expect(await said.bucket.read("k", new TextSink(), { ifNoneMatch: 'W/"w"' })).toBe("not-modified");
  expect(said.transport.requests[0]?.headers["if-none-match"]).toBe('W/"w"');
  const sink = new TextSink();
  await scripted(() => weak).bucket.read("k", sink, { ifNoneMatch: 'W/"w"' });
  expect(sink.text).toBe("text");
});

test("a strong ETag is compared for servers that do not know If-None-Match", async () => {
  const { bucket } = scripted(() => object("text", '"s"'));
  expect(await bucket.read("k", new TextSink(), { ifNoneMatch: '"s"' })).toBe("not-modified");
});

test("a 304 that nobody asked for is a protocol error", async () => {
  const { bucket } = scripted(() => ({ status: 304, headers: {} }));
  await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "protocol" });
  await expect(bucket.read("k", new TextSink(), { ifNoneMatch: invented })).rejects.toMatchObject({ code: "protocol" });
});

test.each(["4, 16", "-4", "4x", "9007199254740993"])("the Content-Length %s is a protocol error", async (length) => {
  const { bucket } = scripted(() => ({
    status: 200,
    headers: { etag: '"a"', "content-length": length },
    body: "text",
  }));
  await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "protocol" });
});
