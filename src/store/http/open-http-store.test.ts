import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { TransportRequest } from "../../net/index.ts";
import { type ScriptedAnswer, scriptTransport } from "../../testing/index.ts";
import { FakeClock, object, TextSink } from "../s3/scripted.fixture.ts";
import { openHttpStore } from "./index.ts";

function web(
  answer: (request: TransportRequest, n: number) => ScriptedAnswer,
  { origin = "https://data.example.org", redirects }: { origin?: string; redirects?: "same-host" | "any" } = {},
) {
  const transport = scriptTransport(answer);
  return { store: openHttpStore({ origin, transport, clock: new FakeClock(), redirects }), transport };
}

test("a file of the web is read, with its path and query as they are and nothing signed", async () => {
  const { store, transport } = web(() => object("text", '"a"'));
  const sink = new TextSink();
  expect(await store.read("a/../b%20c//d?x=1&y=%2F", sink)).toMatchObject({ info: { etag: '"a"', sizeBytes: 4 } });
  expect(sink.text).toBe("text");
  expect(transport.requests[0]).toMatchObject({ method: "GET", path: "/a/../b%20c//d?x=1&y=%2F", headers: {} });
  await store.read("ü b#part", sink);
  expect(transport.requests[1]?.path).toBe("/%C3%BC%20b");
});

test("a download that breaks is continued, pinned to its ETag", async () => {
  const { store, transport } = web((_request, n) =>
    n === 1
      ? { ...object("0123456789", '"a"'), cut: { afterBytes: 4, error: new EntrepotError("truncated", "cut") } }
      : {
          status: 206,
          headers: { "content-range": "bytes 4-9/10", "content-length": "6", etag: '"a"' },
          body: "456789",
        },
  );
  const sink = new TextSink();
  await store.read("f", sink);
  expect(sink.text).toBe("0123456789");
  expect(transport.requests[1]?.headers).toEqual({ range: "bytes=4-9", "if-match": '"a"' });
});

test("without an ETag the time and size stand for one that proves nothing, and a break starts again instead of guessing", async () => {
  const plain = { "content-length": "4", "last-modified": "Tue, 02 Jan 2024 03:04:05 GMT" };
  const { store, transport } = web((_request, n) => ({
    status: 200,
    headers: plain,
    body: "text",
    ...(n === 1 ? { cut: { afterBytes: 2, error: new EntrepotError("truncated", "cut") } } : {}),
  }));
  const sink = new TextSink(true);
  const result = await store.read("f", sink);
  expect(sink.text).toBe("text");
  expect(sink.starts).toBe(2);
  expect(result).toMatchObject({ info: { etag: 'W/"entrepot-4-Tue-02-Jan-2024-03-04-05-GMT"' } });
  const etag = sink.info?.etag ?? "";
  // Within one second nothing shows a replacement of the same size.
  const again = new TextSink();
  expect(await store.read("f", again, { ifNoneMatch: etag })).toMatchObject({ info: { etag } });
  expect(again.text).toBe("text");
  expect(transport.requests.at(-1)?.headers).toEqual({});
});

describe("redirects", () => {
  const leadTo = (location: string) => (_request: TransportRequest, n: number) =>
    n === 1 ? { status: 302, headers: { location } } : object("x", '"a"');

  test.each([
    ["https://mirror.example.org/f?token=1", "https://mirror.example.org", "/f?token=1"],
    ["/other", "https://data.example.org", "/other"],
    ["../up", "https://data.example.org", "/up"],
  ])("to %s are followed where any host is allowed", async (location, origin, path) => {
    const { store, transport } = web(leadTo(location), { redirects: "any" });
    await store.read("dir/f", new TextSink());
    expect(transport.requests[1]).toMatchObject({ origin, path });
  });

  test.each([
    "http://data.example.org/f",
    "file:///etc/passwd",
    "https://127.0.0.1/x",
    "https://169.254.169.254/latest",
    "https://localhost/x",
    "http://[",
  ])("to %s are not, whatever is allowed", async (location) => {
    const { store, transport } = web(leadTo(location), { redirects: "any" });
    await expect(store.read("f", new TextSink())).rejects.toMatchObject({ code: "protocol" });
    expect(transport.requests).toHaveLength(1);
  });

  test.each(["/other", "../up", "https://data.example.org:443/x"])(
    "to %s on the same host are followed",
    async (location) => {
      const { store, transport } = web(leadTo(location));
      await store.read("dir/f", new TextSink());
      expect(transport.requests[1]).toMatchObject({ origin: "https://data.example.org" });
    },
  );

  test.each([
    "https://mirror.example.org/f",
    "https://data.example.org:8443/f",
    "https://data.example.org.evil.example/f",
    "//mirror.example.org/f",
  ])("to %s are to another host: refused by name, without the query", async (location) => {
    const { store, transport } = web(leadTo(`${location}?X-Amz-Signature=canary`));
    const error = await store.read("f?X-Amz-Signature=canary", new TextSink()).catch((reason: unknown) => reason);
    const { host, pathname } = new URL(location, "https://data.example.org");
    expect(error).toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining(`${host}${pathname}`),
      hint: expect.stringContaining('redirects: "any"'),
    });
    expect(JSON.stringify(error)).not.toContain("canary");
    expect(transport.requests).toHaveLength(1);
  });

  test("in a circle end", async () => {
    const { store, transport } = web(() => ({ status: 302, headers: { location: "/f" } }));
    await expect(store.read("f", new TextSink())).rejects.toMatchObject({ code: "protocol" });
    expect(transport.requests).toHaveLength(6);
  });
});

describe("stat", () => {
  test("asks by HEAD", async () => {
    const { store, transport } = web(() => object("", '"a"', { "content-length": "7" }));
    expect(await store.stat("f")).toMatchObject({ sizeBytes: 7, etag: '"a"' });
    expect(transport.requests.map(({ method }) => method)).toEqual(["HEAD"]);
  });

  test.each([403, 405, 501])("asks for one byte where HEAD is answered with %s", async (status) => {
    const { store, transport } = web((request) =>
      request.method === "HEAD"
        ? { status }
        : { status: 206, headers: { "content-range": "bytes 0-0/7", "content-length": "1", etag: '"a"' }, body: "x" },
    );
    expect(await store.stat("f")).toMatchObject({ sizeBytes: 7 });
    expect(transport.requests.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
  });

  test("of what is not there is not-found", async () => {
    await expect(web(() => ({ status: 404 })).store.stat("f")).rejects.toMatchObject({
      code: "not-found",
      uri: "https://data.example.org/f",
    });
  });
});

test("nothing is written, deleted, copied or listed", async () => {
  const { store, transport } = web(() => object("x", '"a"'));
  await expect(store.write("f", new Uint8Array())).rejects.toMatchObject({ code: "read-only" });
  await expect(store.delete("f")).rejects.toMatchObject({ code: "read-only" });
  await expect(store.copyFrom({ store, key: "f" }, "g")).rejects.toMatchObject({ code: "read-only" });
  await expect(store.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "unsupported" });
  expect(transport.requests).toEqual([]);
});

test.each(["https://user:pass@h", "ftp://h", "h"])("the origin %s is an invalid address", (origin) => {
  expect(() => web(() => object("x", '"a"'), { origin })).toThrow(expect.objectContaining({ code: "invalid-address" }));
});
