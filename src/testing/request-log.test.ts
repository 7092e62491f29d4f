import { AssertionError } from "node:assert";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type S3Matchers, type S3Server, s3Matchers, startS3Server } from "./index.ts";

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the default must be vitest's own
  interface Matchers<T = any> extends S3Matchers<T> {}
}
expect.extend(s3Matchers);

let s3: S3Server;
beforeEach(async () => {
  s3 = await startS3Server({ fixtures: { "b/a/1": "one", "b/a/2": "two", "b/c": "three" }, anonymous: true });
});
afterEach(() => s3.close());

const send = async (method: string, path: string, headers: Record<string, string> = {}) =>
  await (await fetch(`${s3.endpoint}/${path}`, { method, headers })).arrayBuffer();

describe("a selector", () => {
  beforeEach(async () => {
    await send("GET", "b/a/1", { range: "bytes=0-1" });
    await send("GET", "b/a/2");
    await send("HEAD", "b/c");
    await send("GET", "b/none");
    await send("GET", "b?list-type=2");
  });

  test.each<[string, Parameters<S3Server["count"]>[0], number]>([
    ["nothing", undefined, 5],
    ["a method", "GET", 4],
    ["an operation", "GetObject", 3],
    ["a glob over the key", { key: "a/*" }, 2],
    ["a glob over all", { key: "**" }, 5],
    ["a literal key", { key: "c" }, 1],
    ["an expression that is searched in the key", { key: /[12]$/ }, 2],
    ["one that remembers where it was", { key: /./gy }, 4],
    ["requests about the bucket", { key: "" }, 1],
    ["a status", { status: 404 }, 1],
    ["an error code", { errorCode: "NoSuchKey", method: "GET" }, 1],
    ["a condition", { where: ({ range }) => range !== undefined }, 1],
    ["all at once", { operation: "GetObject", bucket: "b", key: "a/*", status: 206 }, 1],
    ["another bucket", { bucket: "other" }, 0],
  ])("may be %s", (_, selector, count) => {
    expect(s3.count(selector)).toBe(count);
    expect(s3.received(selector)).toHaveLength(count);
  });

  test.each<[unknown, string]>([
    ["GetObjct", 'did you mean "GetObject"?'],
    ["get", 'did you mean "GET"?'],
    [{ operation: "Get" }, "is neither a method nor an operation"],
    [{ operation: "GET" }, "GET is no operation"],
    [{ method: "GetObject" }, "GetObject is no method"],
    [{ oper: "GetObject" }, '"oper"'],
    [{ bucket: "b*" }, 'bucket is the name of one, not "b*"'],
    [{ where: true }, "where is a function"],
    [{ key: 5 }, "key is a glob or a regular expression"],
    [{ status: "200" }, 'status is a number, not "200"'],
    [{ errorCode: 503 }, "errorCode is a string"],
    [null, "the selector"],
  ])("%j that is misspelt is a TypeError, not a 0", (selector, message) => {
    expect(() => s3.count(selector as never)).toThrow(TypeError);
    expect(() => s3.count(selector as never)).toThrow(message);
  });
});

describe("expectRequests", () => {
  test("says nothing when exactly these came, by operation or by method", async () => {
    s3.expectRequests({});
    await send("GET", "b/a/1");
    await send("GET", "b/a/2");
    await send("HEAD", "b/c");
    s3.expectRequests({ GetObject: 2, HeadObject: 1, PutObject: 0 });
    s3.expectRequests({ GET: 2, HEAD: 1 });
  });

  test("fails with both counts and every request on a line", async () => {
    await send("GET", "b/a/1", { range: "bytes=0-1" });
    await send("GET", "b/x%0Ay");
    await send("PUT", "b/p");
    const failure = caught(() => s3.expectRequests({ GetObject: 1, HeadObject: 1 }));
    expect(failure).toBeInstanceOf(AssertionError);
    expect(failure).toMatchObject({
      actual: { GetObject: 2, PutObject: 1 },
      expected: { GetObject: 1, HeadObject: 1 },
      message: [
        "expected 1 GetObject, 1 HeadObject, but 2 GetObject, 1 PutObject came:",
        "  GetObject b/a/1 206 bytes=0-1",
        '  GetObject "b/x\\ny" 404 NoSuchKey',
        "  PutObject b/p 200",
      ].join("\n"),
    });
  });

  test("counts a request that was refused before its operation was known by its method", async () => {
    await send("GET", "b/k", { authorization: "nonsense" });
    expect(() => s3.expectRequests({})).toThrow("expected no request, but 1 GET came:\n  GET b/k 400");
  });

  test("its failure points to the line that claimed it", () => {
    const [, first] = caught(() => s3.expectRequests({ GET: 1 })).stack?.split("\n    at ") ?? [];
    expect(first).toContain("request-log.test.ts");
  });

  test("names the first hundred", async () => {
    for (let n = 0; n < 102; n++) await send("GET", "b/c");
    const lines = caught(() => s3.expectRequests({})).message.split("\n");
    expect([lines.length, lines.at(-1)]).toEqual([102, "  … and 2 more"]);
  });

  test.each<[unknown, string]>([
    [{ GetObjects: 1 }, 'did you mean "GetObject"?'],
    [{ GET: 1, GetObject: 1 }, "all by method (GET, PUT) or all by operation (GetObject, PutObject)"],
    [{ GET: -1 }, "a whole number from 0 up"],
    [undefined, "expected counts such as"],
  ])("%j is refused", (counts, message) => {
    expect(() => s3.expectRequests(counts as never)).toThrow(TypeError);
    expect(() => s3.expectRequests(counts as never)).toThrow(message);
  });
});

describe("during", () => {
  test("gives the requests of that time alone", async () => {
    await send("GET", "b/a/1");
    const reads = await s3.during(async () => {
      await send("GET", "b/a/2");
      s3.clearRequests();
      await send("GET", "b/c");
    });
    await send("HEAD", "b/c");
    reads.expectRequests({ GetObject: 2 });
    expect(reads.received().map(({ key }) => key)).toEqual(["a/2", "c"]);
  });

  test("fails as what it ran", async () => {
    const reason = new Error("mine");
    await expect(s3.during(() => Promise.reject(reason))).rejects.toBe(reason);
  });
});

describe("waitFor", () => {
  test("takes a request that is already there, else waits for the next", async () => {
    const first = s3.waitFor({ operation: "GetObject" });
    await send("HEAD", "b/c");
    await send("GET", "b/c");
    expect(await first).toMatchObject({ operation: "GetObject", key: "c" });
    expect(await s3.waitFor("HEAD")).toMatchObject({ operation: "HeadObject" });
    const second = s3.waitFor("GetObject", { times: 2 });
    await send("GET", "b/a/1");
    expect(await second).toMatchObject({ key: "a/1" });
  });

  test("sees a request that is never answered", async () => {
    s3.inject({ effect: { silent: true } });
    const lost = send("GET", "b/c").catch((error: unknown) => error);
    expect(await s3.waitFor("GetObject")).toMatchObject({ key: "c", status: 0 });
    await s3.close();
    expect(await lost).toBeInstanceOf(Error);
  });

  test("with a status waits for the answer", async () => {
    const answered = s3.waitFor({ status: 404 });
    await send("GET", "b/c");
    await send("GET", "b/none");
    expect(await answered).toMatchObject({ key: "none", errorCode: "NoSuchKey" });
  });

  test("ends by its signal", async () => {
    const [early, late] = [AbortSignal.abort("early"), new AbortController()];
    await expect(s3.waitFor("GET", { signal: early })).rejects.toBe("early");
    const waiting = s3.waitFor("GET", { signal: late.signal });
    late.abort("late");
    await expect(waiting).rejects.toBe("late");
  });

  test("ends with the server, and says for what it waited", async () => {
    await send("GET", "b/c");
    const waiting = s3.waitFor({ operation: "GetObject", key: "a/*" }, { times: 2 });
    const failing = expect(waiting).rejects.toThrow(
      "the server was closed while a test waited for 2 of operation GetObject, key a/*:\n  GetObject b/c 200",
    );
    await s3.close();
    await failing;
    await expect(s3.waitFor("PUT")).rejects.toThrow("the server was closed while a test waited for PUT");
  });

  test("is refused for what could never come", async () => {
    await expect(s3.waitFor("GetObjct")).rejects.toThrow(TypeError);
    await expect(s3.waitFor("GET", { times: 0 })).rejects.toThrow("times of waitFor()");
    const timeout = s3.waitFor("GET", { timeout: 50 } as never);
    await expect(timeout).rejects.toThrow('has no option "timeout": give a signal: AbortSignal.timeout(5_000)');
  });
});

describe("as a matcher", () => {
  test("toHaveReceived is expectRequests", async () => {
    await send("GET", "b/c");
    expect(s3).toHaveReceived({ GetObject: 1 });
    expect(s3).not.toHaveReceived({ GetObject: 2 });
    expect(await s3.during(() => undefined)).toHaveReceived({});
    const failure = caught(() => expect(s3).toHaveReceived({ GetObject: 2 }));
    expect(failure).toMatchObject({
      message: "expected 2 GetObject, but 1 GetObject came:\n  GetObject b/c 200",
      actual: { GetObject: 1 },
      expected: { GetObject: 2 },
    });
    expect(() => expect(s3).not.toHaveReceived({ GET: 1 })).toThrow("expected other requests than these:\n  GetObject");
  });

  test("toHaveReceivedRequest finds one", async () => {
    await send("GET", "b/a/1");
    expect(s3).toHaveReceivedRequest({ key: "a/*", status: 200 });
    expect(s3).not.toHaveReceivedRequest("HEAD");
    expect(() => expect(s3).toHaveReceivedRequest({ method: "PUT" })).toThrow(
      "expected a request with method PUT; there came 1:\n  GetObject b/a/1 200",
    );
    expect(() => expect(s3).not.toHaveReceivedRequest("GET")).toThrow("expected no request with GET");
  });

  test("is for logs alone", () => {
    expect(() => expect([]).toHaveReceived({})).toThrow("toHaveReceived is for a server of startS3Server()");
  });
});

function caught(run: () => void): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return expect.fail("it did not throw");
}
