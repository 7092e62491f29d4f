import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Fault, type S3Server, startS3Server } from "./index.ts";

let s3: S3Server;
beforeEach(async () => {
  s3 = await startS3Server({ buckets: ["b"], anonymous: true });
  await fetch(`${s3.endpoint}/b/k`, { method: "PUT", body: "0123456789" });
  s3.clearRequests();
});
afterEach(async () => {
  expect(s3.internalErrors).toEqual([]);
  await s3.close();
});

const get = (headers: Record<string, string> = {}) => fetch(`${s3.endpoint}/b/k`, { headers });
const effect = (one: Fault["effect"]): Fault => ({ method: "GET", effect: one });

/** Speaks HTTP by hand: what came, and how the connection ended. */
async function raw(text: string): Promise<{ readonly received: string; readonly end: "FIN" | "RST" }> {
  const socket = connect(Number(new URL(s3.endpoint).port), "127.0.0.1");
  let [received, end]: [string, "FIN" | "RST"] = ["", "FIN"];
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNRESET") end = "RST";
  });
  socket.write(text);
  await new Promise((resolve) => socket.once("close", resolve));
  return { received, end };
}

const plainGet = "GET /b/k HTTP/1.1\r\nhost: x\r\n\r\n";

describe("a body that breaks off", () => {
  test.each([0, 1, 5, 9])("in order, after %d bytes, with the whole length announced", async (bytes) => {
    s3.inject(effect({ cutAfterBytes: bytes }));
    const { received, end } = await raw(plainGet);
    expect(received).toMatch(new RegExp(`Content-Length: 10\r\n[^]*\r\n\r\n${"0123456789".slice(0, bytes)}$`));
    expect(end).toBe("FIN");
    expect(s3.requests).toMatchObject([{ status: 200, bytesOut: bytes }]);
  });

  test("by a reset", async () => {
    s3.inject(effect({ resetAfterBytes: 5 }));
    expect((await raw(plainGet)).end).toBe("RST");
    expect(s3.requests).toMatchObject([{ status: 200, bytesOut: 5 }]);
  });

  test("by silence, until the server closes", async () => {
    s3.inject(effect({ stallAfterBytes: 5 }));
    const response = await get();
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("01234");
    const rest = reader?.read();
    await s3.close();
    await expect(rest).rejects.toThrow();
  });

  test("and is whole again the next time", async () => {
    s3.inject(effect({ cutAfterBytes: 5 }));
    await expect(get().then((response) => response.text())).rejects.toThrow();
    expect(await (await get()).text()).toBe("0123456789");
  });
});

test("an upload is reset while it is on its way, and nothing is stored", async () => {
  s3.inject({ method: "PUT", effect: { resetUploadAfterBytes: 3 } });
  const { received, end } = await raw("PUT /b/up HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n01234");
  expect([received, end]).toEqual(["", "RST"]);
  expect((await fetch(`${s3.endpoint}/b/up`)).status).toBe(404);
});

test("an upload that was carried out may lose its answer", async () => {
  s3.inject({ method: "PUT", effect: { loseAnswer: true } });
  await expect(fetch(`${s3.endpoint}/b/up`, { method: "PUT", body: "done" })).rejects.toThrow();
  expect(await (await fetch(`${s3.endpoint}/b/up`)).text()).toBe("done");
});

test("no answer at all, until the server closes", async () => {
  s3.inject(effect({ silent: true }));
  const waiting = get();
  const refused = expect(waiting).rejects.toThrow();
  while (s3.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(s3.requests).toMatchObject([{ status: 0 }]);
  await s3.close();
  await refused;
});

test("an error instead, with its usual code, another one, a time to wait", async () => {
  s3.inject(
    effect({ status: 503, retryAfterSeconds: 7 }),
    effect({ status: 503, code: "ServiceUnavailable" }),
    effect({ status: 500 }),
    { key: /^k$/, effect: { status: 403, code: "AccessDenied" } },
  );
  const slow = await get();
  expect([slow.status, slow.headers.get("retry-after")]).toEqual([503, "7"]);
  expect(await slow.text()).toContain("<Code>SlowDown</Code>");
  expect(await (await get()).text()).toContain("<Code>ServiceUnavailable</Code>");
  expect(await (await get()).text()).toContain("<Code>InternalError</Code>");
  expect(await (await get()).text()).toContain("<Code>AccessDenied</Code>");
  expect(await (await get()).text()).toBe("0123456789");
  expect(s3.requests.map(({ errorCode }) => errorCode)).toEqual([
    "SlowDown",
    "ServiceUnavailable",
    "InternalError",
    "AccessDenied",
    undefined,
  ]);
});

test("the object is replaced between two ranges: If-Match finds out, a plain range does not", async () => {
  const first = await get({ range: "bytes=0-4" });
  s3.inject({ ...effect({ replaceWith: Buffer.from("abcdefghij") }), times: 1 });
  const etag = first.headers.get("etag") ?? "";
  expect((await get({ range: "bytes=5-9", "if-match": etag })).status).toBe(412);
  const careless = await get({ range: "bytes=5-9" });
  expect([await first.text(), await careless.text()]).toEqual(["01234", "fghij"]);
  expect(careless.headers.get("etag")).not.toBe(etag);
});

test("ranges that are not what was asked for", async () => {
  s3.inject(effect({ ignoreRange: true }), effect({ contentRange: "bytes 0-1/10" }));
  const whole = await get({ range: "bytes=2-3" });
  expect([whole.status, await whole.text()]).toEqual([200, "0123456789"]);
  const other = await get({ range: "bytes=2-3" });
  expect([other.status, other.headers.get("content-range"), await other.text()]).toEqual([206, "bytes 0-1/10", "23"]);
});

test("bytes that are not what was stored", async () => {
  s3.inject(effect({ corruptByteAt: 3 }), effect({ truncateBody: 4 }));
  expect(Buffer.from(await (await get()).arrayBuffer()).toString("latin1")).toBe("012\u00cc456789");
  const short = await get();
  expect([short.headers.get("content-length"), await short.text()]).toEqual(["4", "0123"]);
  expect(await (await get()).text()).toBe("0123456789");
});

test("a listing that is cut off, in a sound frame", async () => {
  s3.inject({ operation: "ListObjectsV2", effect: { truncateBody: 100 } });
  const response = await fetch(`${s3.endpoint}/b?list-type=2`);
  expect([response.status, (await response.text()).length]).toEqual([200, 100]);
});

test("a copy that fails under a 200", async () => {
  s3.inject({ operation: "CopyObject", effect: { errorInBody: "InternalError" } });
  const response = await fetch(`${s3.endpoint}/b/copy`, { method: "PUT", headers: { "x-amz-copy-source": "b/k" } });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("<Error><Code>InternalError</Code>");
  expect((await fetch(`${s3.endpoint}/b/copy`)).status).toBe(404);
});

describe("a fault", () => {
  const status = async () => (await get()).status;

  test("waits for its turn and comes as often as asked", async () => {
    s3.inject({ ...effect({ status: 500 }), after: 1, times: 2 });
    expect([await status(), await status(), await status(), await status()]).toEqual([200, 500, 500, 200]);
  });

  test("may come for good", async () => {
    s3.inject({ ...effect({ status: 500 }), times: Number.POSITIVE_INFINITY });
    expect([await status(), await status(), await status()]).toEqual([500, 500, 500]);
  });

  test("is pending until it has come as often as asked, or once if it comes for good", async () => {
    const twice: Fault = { ...effect({ status: 500 }), after: 1, times: 2 };
    const forGood: Fault = { method: "PUT", times: Number.POSITIVE_INFINITY, effect: { status: 500 } };
    s3.inject(twice, forGood);
    expect(s3.pendingFaults).toEqual([twice, forGood]);
    await fetch(`${s3.endpoint}/b/x`, { method: "PUT", body: "x" });
    for (let n = 0; n < 2; n++) await status();
    expect(s3.pendingFaults).toEqual([twice]);
    await status();
    expect(s3.pendingFaults).toEqual([]);
  });

  test("that is misspelt is refused, and those beside it with it", async () => {
    const misspelt = { metod: "GET", effect: { status: 500 } } as unknown as Fault;
    expect(() => s3.inject(effect({ status: 500 }), misspelt)).toThrow(
      new TypeError('fault 2 of inject() has no option "metod": did you mean method?'),
    );
    expect(s3.pendingFaults).toEqual([]);
    expect(await status()).toBe(200);
  });

  test("meets only what it is meant for", async () => {
    s3.inject(
      { method: "PUT", effect: { status: 500 } },
      { key: /^x/, effect: { status: 500 } },
      { operation: "HeadObject", effect: { status: 500 } },
    );
    expect(await status()).toBe(200);
    expect((await fetch(`${s3.endpoint}/b/xyz`)).status).toBe(500);
    expect((await fetch(`${s3.endpoint}/b/k`, { method: "HEAD" })).status).toBe(500);
  });

  test("never hides a request that was wrong", async () => {
    const strict = await startS3Server({ buckets: ["b"] });
    strict.inject({ effect: { status: 500 } });
    expect((await fetch(`${strict.endpoint}/b/k`)).status).toBe(403);
    expect(strict.requests).toMatchObject([
      { errorCode: "AccessDenied", accessKeyId: undefined, operation: "GetObject" },
    ]);
    await strict.close();
  });
});

test.each<[object, string]>([
  [{ bukets: ["b"] }, "did you mean buckets?"],
  [{ port: 99_999 }, "port of startS3Server()"],
  [{ buckets: ["A_b"] }, '"A_b" cannot be the name of a bucket'],
  [{ credentials: { accessKeyId: "", secretAccessKey: "s" } }, "accessKeyId"],
])("startS3Server(%j) rejects with a TypeError", async (options, message) => {
  await expect(startS3Server(options)).rejects.toThrow(TypeError);
  await expect(startS3Server(options)).rejects.toThrow(message);
});

test("the clock is the test's", async () => {
  let now = Date.UTC(2026, 0, 1);
  const timed = await startS3Server({ buckets: ["b"], anonymous: true, now: () => now });
  await fetch(`${timed.endpoint}/b/k`, { method: "PUT", body: "x" });
  now += 3_600_000;
  const response = await fetch(`${timed.endpoint}/b/k`);
  expect([response.headers.get("last-modified"), response.headers.get("date")]).toEqual([
    "Thu, 01 Jan 2026 00:00:00 GMT",
    "Thu, 01 Jan 2026 01:00:00 GMT",
  ]);
  await timed.close();
});

test("`await using` and options to spread", async () => {
  await using server = await startS3Server({
    region: "eu-west-1",
    credentials: { accessKeyId: "me", secretAccessKey: "s" },
  });
  expect(server.options).toEqual({
    endpoint: server.endpoint,
    region: "eu-west-1",
    addressing: "path",
    credentials: { accessKeyId: "me", secretAccessKey: "s" },
  });
});
