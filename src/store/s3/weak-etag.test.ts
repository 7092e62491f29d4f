/** Two versions may share a weak ETag: only the server can say that nothing changed. */
import { expect, test } from "vitest";
import { object, scripted, TextSink } from "./scripted.fixture.ts";

const time = { "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" };
const answers = [
  ['W/"same"', { etag: 'W/"same"' }],
  ["of a server that gives none", time],
] as const;

test.each(answers)("an answer of 200 under the same weak ETag, %s, is another version", async (_, headers) => {
  const { bucket } = scripted((_, n) => {
    const { headers: plain, ...answer } = object(n === 1 ? "AAAA" : "BBBB", "");
    return { ...answer, headers: { "content-length": plain?.["content-length"] ?? "", ...headers } };
  });
  const first = new TextSink();
  await bucket.read("k", first);
  const second = new TextSink();
  await bucket.read("k", second, { ifNoneMatch: first.info?.etag });
  expect([second.info?.etag, second.text]).toEqual([first.info?.etag, "BBBB"]);
});

test("of an answer under the same strong ETag it does not matter whether the server knows conditions", async () => {
  const { bucket } = scripted(() => object("AAAA", '"same"'));
  expect(await bucket.read("k", new TextSink(), { ifNoneMatch: '"same"' })).toBe("not-modified");
});

test("the server's word counts for a weak one", async () => {
  const { bucket, transport } = scripted(() => ({ status: 304, headers: {} }));
  expect(await bucket.read("k", new TextSink(), { ifNoneMatch: 'W/"same"' })).toBe("not-modified");
  expect(transport.requests[0]?.headers).toMatchObject({ "if-none-match": 'W/"same"' });
});
