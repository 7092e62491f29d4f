import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type S3Server, startS3Server, type VirtualClock, virtualClock } from "./index.ts";
import { raw } from "./raw-client.fixture.ts";

let clock: VirtualClock;
let s3: S3Server;
beforeEach(async () => {
  clock = virtualClock();
  s3 = await startS3Server({ buckets: ["b"], anonymous: true, clock });
  await fetch(`${s3.endpoint}/b/k`, { method: "PUT", body: "0123456789" });
  s3.clearRequests();
});
afterEach(async () => {
  expect(s3.internalErrors).toEqual([]);
  expect(s3.pendingFaults).toEqual([]);
  await s3.close();
});

const get = (headers: Record<string, string> = {}) => fetch(`${s3.endpoint}/b/k`, { headers });
const text = async () => (await get()).text();
const request = (method: string, key: string, ...lines: readonly string[]) =>
  `${[`${method} /b/${key} HTTP/1.1`, "host: x", ...lines].join("\r\n")}\r\n\r\n`;

describe("a delay", () => {
  test("stands before the answer, when the operation was carried out", async () => {
    const byHand = virtualClock({ byHand: true });
    await using slow = await startS3Server({ buckets: ["b"], anonymous: true, clock: byHand });
    slow.inject("PUT latency 1h");
    const writing = fetch(`${slow.endpoint}/b/k`, { method: "PUT", body: "x" });
    await byHand.whenSleeping();
    expect(await (await fetch(`${slow.endpoint}/b/k`)).text()).toBe("x");
    byHand.advance(3_599_999);
    expect(byHand.sleeping).toBe(1);
    byHand.advance(1);
    expect((await writing).status).toBe(200);
  });

  test("stands before refusals, too, and goes together with other faults", async () => {
    s3.inject("GET latency 50ms always", "GET 503 x1");
    expect((await get()).status).toBe(503);
    expect(await text()).toBe("0123456789");
    expect((await fetch(`${s3.endpoint}/b/none`)).status).toBe(404);
    expect(clock.slept).toEqual([50, 50, 50]);
  });

  test("ends when the client goes", async () => {
    const byHand = virtualClock({ byHand: true });
    await using slow = await startS3Server({ buckets: ["b"], anonymous: true, clock: byHand });
    slow.inject("GET latency 1h");
    const gone = new AbortController();
    const waiting = fetch(`${slow.endpoint}/b/k`, { signal: gone.signal });
    await byHand.whenSleeping();
    gone.abort();
    await expect(waiting).rejects.toThrow();
    while (byHand.sleeping > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("ends when the server closes, in real time, too", async () => {
    const real = await startS3Server({ buckets: ["b"], anonymous: true });
    real.inject("GET latency 1h");
    const waiting = expect(fetch(`${real.endpoint}/b/k`)).rejects.toThrow();
    await real.waitFor({ method: "GET" });
    await real.close();
    await waiting;
  });

  test("may stand between head and body", async () => {
    const byHand = virtualClock({ byHand: true });
    await using slow = await startS3Server({ buckets: ["b"], anonymous: true, clock: byHand });
    await fetch(`${slow.endpoint}/b/k`, { method: "PUT", body: "x" });
    slow.inject("GET body-delay 1h");
    const response = await fetch(`${slow.endpoint}/b/k`);
    expect(response.status).toBe(200);
    await byHand.whenSleeping();
    byHand.advance(3_600_000);
    expect(await response.text()).toBe("x");
  });
});

describe("a slow answer", () => {
  test("drips", async () => {
    s3.inject("GET drip 3 every 100ms");
    expect(await text()).toBe("0123456789");
    expect(clock.slept).toEqual([100, 100, 100, 100]);
    expect(s3.requests).toMatchObject([{ status: 200, bytesOut: 10 }]);
  });

  test("has a slow head", async () => {
    s3.inject("GET slow-headers 100 every 1s");
    expect(await text()).toBe("0123456789");
    expect(clock.slept.length).toBeGreaterThan(3);
    expect(new Set(clock.slept)).toEqual(new Set([1000]));
    expect(s3.requests).toMatchObject([{ status: 200, bytesOut: 10 }]);
  });

  test("comes at the speed of its connection, and so goes an upload", async () => {
    s3.inject("bandwidth 1kB/s always");
    const started = clock.now();
    await (await fetch(`${s3.endpoint}/b/large`, { method: "PUT", body: "x".repeat(10_000) })).text();
    expect(clock.now() - started).toBeCloseTo(10_000, 0);
    const read = clock.now();
    expect(await (await fetch(`${s3.endpoint}/b/large`)).text()).toHaveLength(10_000);
    expect(clock.now() - read).toBeCloseTo(10_000, 0);
  });
});

describe("a connection", () => {
  test("is reset when it comes, as often as asked", async () => {
    s3.inject("refuse-connection x2");
    expect(await raw(s3.endpoint, request("GET", "k"))).toMatchObject({ received: "", end: "RST" });
    expect(await raw(s3.endpoint, request("GET", "k"))).toMatchObject({ received: "", end: "RST" });
    expect((await raw(s3.endpoint, request("GET", "k", "connection: close"))).received).toContain("0123456789");
    expect(s3.requests).toHaveLength(1);
  });

  test("ends after the answer, with a word or without", async () => {
    s3.inject("GET close announced", "GET close unannounced");
    const announced = await raw(s3.endpoint, request("GET", "k"));
    expect(announced.received).toMatch(/Connection: close.*0123456789$/s);
    const unannounced = await raw(s3.endpoint, request("GET", "k"));
    expect(unannounced.received).toMatch(/0123456789$/);
    expect(unannounced.received).not.toContain("Connection: close");
    expect([announced.end, unannounced.end]).toEqual(["FIN", "FIN"]);
  });

  test("ends after a refusal as well", async () => {
    s3.inject("GET close unannounced");
    expect((await raw(s3.endpoint, request("GET", "none"))).received).toContain("<Code>NoSuchKey</Code>");
  });

  test("speaks no HTTP", async () => {
    s3.inject("PUT garbage");
    const { received } = await raw(s3.endpoint, `${request("PUT", "up", "content-length: 1")}x`);
    expect(received).toBe("220 entrepot ready\r\n500 this is no HTTP\r\n");
    expect((await fetch(`${s3.endpoint}/b/up`)).status).toBe(404);
  });

  test("is never told to go on, and its body is taken all the same", async () => {
    s3.inject("PUT no-continue");
    const socket = connect(Number(new URL(s3.endpoint).port), "127.0.0.1");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString();
    });
    socket.write(request("PUT", "up", "expect: 100-continue", "content-length: 5", "connection: close"));
    await s3.waitFor({ method: "PUT" });
    socket.write("hello");
    await new Promise((resolve) => socket.once("close", resolve));
    expect(received).toMatch(/^HTTP\/1.1 200 /);
    expect(await (await fetch(`${s3.endpoint}/b/up`)).text()).toBe("hello");
  });

  test("is refused before the body when the client asks first", async () => {
    s3.inject("PUT 417");
    const expecting = request("PUT", "up", "expect: 100-continue", "content-length: 5", "connection: close");
    expect((await raw(s3.endpoint, expecting)).received).toMatch(/^HTTP\/1.1 417 /);
  });
});

describe("a length", () => {
  test("of more than is sent ends with the connection", async () => {
    s3.inject("GET content-length +5");
    const { received, end } = await raw(s3.endpoint, request("GET", "k"));
    expect(received).toMatch(/Content-Length: 15\r\n.*\r\n\r\n0123456789$/s);
    expect(end).toBe("FIN");
  });

  test("of more than nothing ends with the connection, too", async () => {
    s3.inject("PUT content-length +5");
    const { received, end } = await raw(s3.endpoint, `${request("PUT", "up", "content-length: 1")}x`);
    expect(received).toMatch(/Content-Length: 5\r\n.*\r\n\r\n$/s);
    expect(end).toBe("FIN");
  });

  test("of less than is sent leaves bytes that belong to no answer", async () => {
    s3.inject("GET content-length -3");
    const { received } = await raw(s3.endpoint, request("GET", "k", "connection: close"));
    expect(received).toMatch(/Content-Length: 7\r\n.*\r\n\r\n0123456789$/s);
  });

  test("may not be announced", async () => {
    s3.inject("GET content-length missing", "HEAD content-length missing");
    const response = await get();
    expect(response.headers.get("content-length")).toBeNull();
    expect(await response.text()).toBe("0123456789");
    expect((await fetch(`${s3.endpoint}/b/k`, { method: "HEAD" })).headers.get("content-length")).toBeNull();
  });
});

test("a head may be larger than clients bear", async () => {
  s3.inject("GET header-flood 100KiB");
  const { received } = await raw(s3.endpoint, request("GET", "k", "connection: close"));
  expect(received.length).toBeGreaterThan(102_400);
  expect(received).toMatch(/0123456789$/);
});
