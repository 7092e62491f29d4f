import { expect, test } from "vitest";
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
