import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Fault, parseFaults, type S3Server, startS3Server, type VirtualClock, virtualClock } from "./index.ts";

let clock: VirtualClock;
let s3: S3Server;
beforeEach(async () => {
  clock = virtualClock();
  s3 = await startS3Server({ buckets: ["b", "c"], anonymous: true, clock, seed: 7 });
});
afterEach(async () => {
  expect(s3.internalErrors).toEqual([]);
  await s3.close();
});

async function statuses(count: number, path = "/b/k", init: RequestInit = {}): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n++) {
    const response = await fetch(`${s3.endpoint}${path}`, init);
    await response.arrayBuffer();
    all.push(response.status);
  }
  return all;
}

const status = async (path: string, init?: RequestInit) => (await statuses(1, path, init))[0];

describe("a scope", () => {
  test("is a bucket, a key, a part of the query, a header", async () => {
    s3.inject(
      "GET s3://c/data/** 500 always",
      "GET 501 query list-type=2 query prefix=x/** always",
      "GET 502 header range=bytes=0-* always",
      { bucket: /^c$/, key: "{a,b}/?.txt", times: Number.POSITIVE_INFINITY, effect: { status: 504 } },
    );
    expect(await status("/c/data/deep/er")).toBe(500);
    expect(await status("/b/data/deep/er")).toBe(404);
    expect(await status("/b?list-type=2&prefix=x%2Fy")).toBe(501);
    expect(await status("/b?list-type=2&prefix=y")).toBe(200);
    expect(await status("/b?list-type=2")).toBe(200);
    expect(await status("/b/k", { headers: { Range: "bytes=0-9" } })).toBe(502);
    expect(await status("/b/k", { headers: { Range: "bytes=1-9" } })).toBe(404);
    expect(await status("/c/a/1.txt", { method: "PUT", body: "x" })).toBe(504);
    expect(await status("/c/a/12.txt", { method: "PUT", body: "x" })).toBe(200);
    expect(await status("/c/a/b/1.txt", { method: "PUT", body: "x" })).toBe(200);
  });

  test("ends at a time, or when somebody says so", async () => {
    s3.inject("GET 500 for 20s");
    expect(s3.pendingFaults).toHaveLength(1);
    expect(await statuses(2)).toEqual([500, 500]);
    clock.advance(19_999);
    expect(await status("/b/k")).toBe(500);
    clock.advance(1);
    expect(await status("/b/k")).toBe(404);
    const seen: string[] = [];
    s3.inject({
      method: "GET",
      until: ({ operation, bucket, key, query, header }) =>
        seen.push(`${operation} ${bucket}/${key} ${query("x-id")} ${header("Range")}`) > 2,
      effect: { status: 500 },
    });
    expect(await statuses(4, "/b/k?x-id=1", { headers: { range: "bytes=0-1" } })).toEqual([500, 500, 404, 404]);
    expect(seen).toEqual(Array(3).fill("GetObject b/k 1 bytes=0-1"));
  });

  test("is waited for: what could not be spoiled is not counted", async () => {
    s3.inject("cut-after 0", "reset-upload-after 0", "ignore-range", "listing loop", "stale");
    await status("/b/k", { method: "HEAD" });
    expect(s3.pendingFaults).toHaveLength(5);
  });
});

describe("chance", () => {
  const half: Fault = { method: "GET", probability: 0.5, effect: { status: 500 } };

  test("comes as often as it says, and the same with the same seed", async () => {
    s3.inject("GET 500 25%");
    const first = await statuses(200);
    const spoiled = first.filter((one) => one === 500).length;
    expect(spoiled).toBeGreaterThan(25);
    expect(spoiled).toBeLessThan(80);
    s3.reset();
    s3.inject("GET 500 25%");
    expect(await statuses(200)).toEqual(first);
    const other = await startS3Server({ buckets: ["b"], anonymous: true, seed: 8 });
    other.inject("GET 500 25%");
    const [one, two] = [s3, other];
    s3 = two;
    expect(await statuses(200)).not.toEqual(first);
    s3 = one;
    await other.close();
  });

  test("of one fault does not disturb another's", async () => {
    s3.inject({ ...half, key: "k" });
    const alone = await statuses(50);
    s3.reset();
    s3.inject({ ...half, key: "k" }, { ...half, key: "other" });
    const together: number[] = [];
    for (let n = 0; n < 50; n++) {
      await statuses(n % 3, "/b/other");
      together.push(...(await statuses(1)));
    }
    expect(together).toEqual(alone);
  });

  test("of two faults is two chances", async () => {
    s3.inject({ ...half, key: "k" }, { ...half, key: "other" });
    expect(await statuses(50)).not.toEqual(await statuses(50, "/b/other"));
  });

  test("owes nothing, unless it says how often", async () => {
    s3.inject(half, { ...half, method: "PUT", times: 2 });
    expect(s3.pendingFaults).toEqual([{ ...half, method: "PUT", times: 2 }]);
    await statuses(40, "/b/k", { method: "PUT", body: "x" });
    expect(s3.pendingFaults).toEqual([]);
  });

  test("draws delays, too", async () => {
    s3.inject("GET latency lognormal 50ms sigma 0.5 always");
    await statuses(101);
    const sorted = [...clock.slept].sort((a, b) => a - b);
    expect(sorted[50]).toBeGreaterThan(40);
    expect(sorted[50]).toBeLessThan(62);
    expect(sorted[100]).toBeGreaterThan(100);
    const first = [...clock.slept];
    s3.reset();
    s3.inject("GET latency lognormal 50ms sigma 0.5 always");
    await statuses(101);
    expect(clock.slept.slice(101)).toEqual(first);
  });

  test.each<[string, number, number]>([
    ["20ms..60ms", 20, 60],
    ["normal 50ms deviation 1ms", 45, 55],
    ["exponential 50ms", 0, 500],
  ])("draws %s within its bounds", async (delay, min, max) => {
    s3.inject(`latency ${delay} always`);
    await statuses(50);
    expect(Math.min(...clock.slept)).toBeGreaterThanOrEqual(min);
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(max);
    expect(new Set(clock.slept).size).toBeGreaterThan(40);
  });
});

describe("a rate", () => {
  test("refuses what comes faster, and fills up again", async () => {
    s3.inject("rate 2/s burst 3 503 SlowDown retry-after 1s");
    expect(await statuses(5)).toEqual([404, 404, 404, 503, 503]);
    clock.advance(500);
    expect(await statuses(2)).toEqual([404, 503]);
    clock.advance(60_000);
    expect(await statuses(4)).toEqual([404, 404, 404, 503]);
    const refused = await fetch(`${s3.endpoint}/b/k`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.text()).toContain("<Code>SlowDown</Code><Message>Please reduce your request rate.</Message>");
  });

  test("is of a prefix, reads and writes apart", async () => {
    s3.inject("rate 1/s");
    expect(await statuses(2, "/b/x/1")).toEqual([404, 503]);
    expect(await statuses(1, "/b/x/y/2")).toEqual([503]);
    expect(await statuses(2, "/b/y/1")).toEqual([404, 503]);
    expect(await statuses(2, "/c/x/1")).toEqual([404, 503]);
    expect(await statuses(2, "/b/x/1", { method: "PUT", body: "x" })).toEqual([200, 503]);
    expect(await statuses(1, "/b?list-type=2&prefix=x/")).toEqual([503]);
  });

  test.each<[string, number[]]>([
    ["rate 1/s depth 2", [404, 404, 404]],
    ["rate 1/s per bucket", [404, 503, 503]],
    ["rate 1/s per key", [404, 404, 404]],
    ["rate 1/s of writes", [404, 404, 404]],
    ["rate 1/s 429", [404, 429, 429]],
  ])("is counted as it says: %s", async (line, expected) => {
    s3.inject(line);
    const answers = [await status("/b/x/1/a"), await status("/b/x/2/b"), await status("/b/x/3/c")];
    expect(answers).toEqual(expected);
  });

  test("never pends, and keeps other faults for requests that get through", async () => {
    s3.inject("GET 500", "rate 1/s per bucket", "latency 10ms");
    expect(await statuses(1, "/b/k", { method: "HEAD" })).toEqual([404]);
    expect(s3.pendingFaults).toEqual(parseFaults("GET 500", "x"));
    expect(await statuses(1)).toEqual([503]);
    expect(s3.pendingFaults).toHaveLength(1);
    clock.advance(1000);
    expect(await statuses(1)).toEqual([500]);
    expect(s3.pendingFaults).toEqual([]);
  });

  test("stands until somebody lifts it, as when S3 has made another partition", async () => {
    s3.inject("rate 1/s for 20s");
    expect(await statuses(2)).toEqual([404, 503]);
    clock.advance(20_000);
    expect(await statuses(3)).toEqual([404, 404, 404]);
  });
});

describe("a line", () => {
  test("pends like any fault", async () => {
    s3.inject("GET k 500 x2", "PUT 500 always");
    expect(s3.pendingFaults).toEqual([
      { method: "GET", key: "k", times: 2, effect: { status: 500 } },
      { method: "PUT", times: Number.POSITIVE_INFINITY, effect: { status: 500 } },
    ]);
    expect(await statuses(3)).toEqual([500, 500, 404]);
    expect(await statuses(2, "/b/k", { method: "PUT", body: "x" })).toEqual([500, 500]);
    expect(s3.pendingFaults).toEqual([]);
  });

  test("that is misspelt is refused, and those beside it with it", () => {
    expect(() => s3.inject("GET k 500", "GET k cutafter 5")).toThrow(
      new TypeError(
        'fault 2 of inject() "GET k cutafter 5", column 7: "cutafter" is no effect: did you mean cut-after?',
      ),
    );
    expect(() => s3.inject("HEAD k cut-after 5")).toThrow("the fault of inject() does nothing");
    expect(s3.pendingFaults).toEqual([]);
  });
});

test.each([
  [{ seed: 1.5 }, "seed of startS3Server() is a whole number, not 1.5"],
  [{ clock: { now: () => 0 } }, "clock of startS3Server() is a clock: { now(), sleep(ms, signal) }"],
])("startS3Server(%j) rejects with a TypeError", async (options, message) => {
  await expect(startS3Server(options as object)).rejects.toThrow(new RegExp(message.replace(/[(){}]/g, "\\$&")));
});
