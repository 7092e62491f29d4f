import { describe, expect, test } from "vitest";
import { refusal, scripted, TextSink } from "./scripted.fixture.ts";

const page = {
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8", "content-length": "6" },
  body: "<html>",
};

test("a sign-in page is no object, no listing and no success of a change", async () => {
  const { bucket } = scripted(() => page);
  const refused = { code: "protocol", message: expect.stringContaining("web page") };
  await expect(bucket.read("k", new TextSink())).rejects.toMatchObject(refused);
  await expect(bucket.write("k", Buffer.from("x"))).rejects.toMatchObject(refused);
  await expect(bucket.delete("k")).rejects.toMatchObject(refused);
  await expect(bucket.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused);
});

test.each([
  ["an answer without a body", { status: 204, headers: { "content-type": "text/html; charset=utf-8" } }],
  ["an empty one", { status: 200, headers: { "content-type": "text/html", "content-length": "0" } }],
])("%s is none, whatever it calls itself", async (_name, answer) => {
  await scripted(() => answer).bucket.delete("k");
});

test("a page that somebody stored is an object, and an S3 server's refusal stays one", async () => {
  const stored = { ...page, headers: { ...page.headers, etag: '"a"' } };
  const sink = new TextSink();
  await scripted(() => stored).bucket.read("k", sink);
  expect(sink.text).toBe("<html>");
  const refused = scripted(() => ({ ...refusal(403, "AccessDenied"), headers: { "content-type": "text/html" } }));
  await expect(refused.bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "forbidden" });
});

describe("a stranger's page is no verdict", () => {
  const { "content-length": length, ...described } = page.headers;

  test.each([404, 403, 401, 410, 412, 416])("with %d it says nothing of the object", async (status) => {
    const { bucket } = scripted(() => ({ ...page, status }));
    const refused = { code: "protocol", message: expect.stringContaining("web page") };
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject(refused);
    await expect(bucket.write("k", Buffer.from("x"), { ifNoneMatch: "*" })).rejects.toMatchObject(refused);
    await expect(bucket.delete("k")).rejects.toMatchObject(refused);
    await expect(bucket.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused);
  });

  test("to a HEAD it has no body: a GET tells, in a bucket that has answered before, too", async () => {
    let behindProxy = false;
    const { bucket } = scripted(({ method }) => {
      if (!behindProxy) return { status: 200, headers: { etag: '"a"', "content-length": "0" } };
      return method === "HEAD"
        ? { status: 404, headers: { ...described, "content-length": length } }
        : { ...page, status: 404 };
    });
    await bucket.write("k", Buffer.from("x"));
    behindProxy = true;
    await expect(bucket.stat("k")).rejects.toMatchObject({ code: "protocol" });
  });

  test("but trouble that passes is tried again", async () => {
    let tries = 0;
    const { bucket } = scripted(() => (++tries < 3 ? { ...page, status: tries === 1 ? 502 : 429 } : { status: 204 }));
    await bucket.delete("k");
    expect(tries).toBe(3);
  });
});
