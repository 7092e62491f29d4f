import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type S3Server, startS3Server } from "./index.ts";
import { raw } from "./raw-client.fixture.ts";

let s3: S3Server;
let etag: string;
beforeEach(async () => {
  s3 = await startS3Server({ buckets: ["b"], anonymous: true });
  const put = await fetch(`${s3.endpoint}/b/k`, { method: "PUT", body: "0123456789" });
  etag = put.headers.get("etag") ?? "";
  s3.clearRequests();
});
afterEach(async () => {
  expect(s3.internalErrors).toEqual([]);
  expect(s3.pendingFaults).toEqual([]);
  await s3.close();
});

const get = (headers: Record<string, string> = {}) => fetch(`${s3.endpoint}/b/k`, { headers });
const put = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${s3.endpoint}/b/k`, { method: "PUT", body, headers });

describe("the object", () => {
  test("is gone when the request comes", async () => {
    s3.inject("GET k delete-before");
    expect((await get()).status).toBe(404);
    expect((await get()).status).toBe(404);
  });

  test("is what it was before its last change, once there was one", async () => {
    s3.inject("GET k stale", "HEAD k stale");
    expect(await (await get()).text()).toBe("0123456789");
    await put("another");
    const stale = await get({ range: "bytes=8-" });
    expect([stale.status, stale.headers.get("etag"), await stale.text()]).toEqual([206, etag, "89"]);
    expect((await fetch(`${s3.endpoint}/b/k`, { method: "HEAD" })).headers.get("content-length")).toBe("10");
    expect(await (await get()).text()).toBe("another");
  });

  test("is not there yet, or still, for a stale read", async () => {
    s3.inject("GET new stale", "GET k stale");
    await fetch(`${s3.endpoint}/b/new`, { method: "PUT", body: "x" });
    expect((await fetch(`${s3.endpoint}/b/new`)).status).toBe(404);
    expect((await fetch(`${s3.endpoint}/b/new`)).status).toBe(200);
    await fetch(`${s3.endpoint}/b/k`, { method: "DELETE" });
    expect(await (await get()).text()).toBe("0123456789");
    expect((await get()).status).toBe(404);
  });
});

describe("what was asked for", () => {
  test("may be other bytes under the right range", async () => {
    s3.inject("GET k shift-range 3");
    expect(await (await get()).text()).toBe("0123456789");
    const shifted = await get({ range: "bytes=8-9" });
    expect([shifted.status, shifted.headers.get("content-range")]).toEqual([206, "bytes 8-9/10"]);
    expect(await shifted.text()).toBe("23");
  });

  test("may lack its Content-Range", async () => {
    s3.inject("GET k content-range missing");
    const bare = await get({ range: "bytes=2-3" });
    expect([bare.status, bare.headers.get("content-range"), await bare.text()]).toEqual([206, null, "23"]);
  });

  test.each([
    ["ignore-conditions", { "if-match": '"other"' }, 200],
    ["ignore-conditions if-match", { "if-match": '"other"' }, 200],
    ["ignore-conditions if-none-match", { "if-match": '"other"' }, 412],
    ["ignore-conditions", { "if-modified-since": "Thu, 01 Jan 2099 00:00:00 GMT" }, 200],
  ])("is judged without conditions: %s %j is a %d", async (effect, headers: Record<string, string>, status) => {
    s3.inject(`GET k ${effect}`);
    expect((await get(headers)).status).toBe(status);
    expect((await get({ "if-match": '"other"' })).status).toBe(412);
  });

  test("is written though it is there", async () => {
    s3.inject("PUT k ignore-conditions if-none-match");
    expect((await put("second", { "if-none-match": "*" })).status).toBe(200);
    expect((await put("third", { "if-none-match": "*" })).status).toBe(412);
    expect(await (await get()).text()).toBe("second");
  });
});

describe("what an answer says of the object", () => {
  test("is another entity tag, or none", async () => {
    s3.inject("GET k etag wrong", "GET k etag missing", 'GET k etag "W/\\"abc\\""');
    const wrong = (await get()).headers.get("etag");
    expect(wrong).toMatch(/^"[0-9a-f]{32}"$/);
    expect(wrong).not.toBe(etag);
    expect((await get()).headers.get("etag")).toBeNull();
    expect((await get()).headers.get("etag")).toBe('W/"abc"');
  });

  test("is another checksum, or none", async () => {
    const asked = async () => (await get({ "x-amz-checksum-mode": "ENABLED" })).headers.get("x-amz-checksum-crc64nvme");
    const right = await asked();
    s3.inject("GET k checksum wrong", "GET k checksum missing", "GET k checksum AAAAAAAAAAA=");
    const wrong = await asked();
    expect([wrong?.length, wrong === right]).toEqual([12, false]);
    expect(await asked()).toBeNull();
    expect(await asked()).toBe("AAAAAAAAAAA=");
  });

  test("is a checksum that nobody asked for", async () => {
    s3.inject("GET k checksum wrong");
    expect((await get()).headers.get("x-amz-checksum-crc32")).toBe("AAAAAQ==");
  });

  test("is that it is compressed", async () => {
    s3.inject("GET k gzip");
    const { received } = await raw(s3.endpoint, "GET /b/k HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    expect(received).toContain("Content-Encoding: gzip");
    const [, chunk = ""] = /\r\n\r\n[0-9a-f]+\r\n(.*)\r\n0\r\n\r\n$/s.exec(received) ?? [];
    expect(gunzipSync(Buffer.from(chunk, "latin1")).toString()).toBe("0123456789");
  });
});

describe("a refusal", () => {
  test("may come after the operation", async () => {
    s3.inject("PUT k 500 carried-out");
    expect((await put("done")).status).toBe(500);
    expect(await (await get()).text()).toBe("done");
  });

  test("is of a token that has expired", async () => {
    s3.inject("GET k expired-token");
    const response = await get({ "x-amz-security-token": "tok" });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(
      "<Code>ExpiredToken</Code><Message>The provided token has expired.</Message><Token-0>tok</Token-0>",
    );
  });

  test("sends elsewhere", async () => {
    s3.inject("GET k redirect", "GET k redirect 301", "GET k redirect 301 to http://other.test:1 region eu-west-1");
    const again = await fetch(`${s3.endpoint}/b/k?x=%20`, { redirect: "manual" });
    expect([again.status, again.headers.get("location")]).toEqual([307, `${s3.endpoint}/b/k?x=%20`]);
    expect(await again.text()).toContain("<Code>TemporaryRedirect</Code>");
    const mute = await fetch(`${s3.endpoint}/b/k`, { redirect: "manual" });
    expect([mute.status, mute.headers.get("location")]).toEqual([301, null]);
    const other = await fetch(`${s3.endpoint}/b/k`, { redirect: "manual" });
    expect([other.status, other.headers.get("location"), other.headers.get("x-amz-bucket-region")]).toEqual([
      ...[301, "http://other.test:1/b/k", "eu-west-1"],
    ]);
    expect(await other.text()).toMatch(/<Code>PermanentRedirect<.*<Endpoint>other.test:1<\/Endpoint><Bucket>b</);
  });

  test("is a proxy's", async () => {
    s3.inject("GET k proxy-error 502");
    const response = await get();
    expect([response.status, response.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(response.headers.get("x-amz-request-id")).toBeNull();
    expect(await response.text()).toContain("<h1>502 Bad Gateway</h1>");
  });

  test("is of a clock that goes wrong, and says how late it is there", async () => {
    const strict = await startS3Server({ buckets: ["b"], now: () => Date.UTC(2026, 0, 1) });
    strict.inject("clock-skew 20m");
    const amzDate = "20260101T000000Z";
    const scope = "test/20260101/us-east-1/s3/aws4_request";
    const refused = await fetch(`${strict.endpoint}/b/k`, {
      headers: {
        "x-amz-date": amzDate,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
    });
    expect([refused.status, refused.headers.get("date")]).toEqual([403, "Thu, 01 Jan 2026 00:20:00 GMT"]);
    expect(await refused.text()).toMatch(/<Code>RequestTimeTooSkewed<.*<ServerTime>2026-01-01T00:20:00Z</);
    expect(strict.pendingFaults).toEqual([]);
    await strict.close();
  });
});

describe("a listing", () => {
  beforeEach(async () => {
    for (const key of ["a", "c&d", "e f", "z"]) {
      await fetch(`${s3.endpoint}/b/p/${encodeURIComponent(key)}`, { method: "PUT", body: key });
    }
  });

  interface Page {
    readonly keys: readonly string[];
    readonly truncated: boolean;
    readonly token: string | undefined;
    readonly count: number;
  }

  async function page(query = "", token?: string): Promise<Page> {
    const after = token === undefined ? "" : `&continuation-token=${encodeURIComponent(token)}`;
    const response = await fetch(`${s3.endpoint}/b?list-type=2&prefix=p/&max-keys=2${query}${after}`);
    const xml = await response.text();
    expect(xml).toMatch(/^<\?xml.*<\/ListBucketResult>$/s);
    return {
      keys: [...xml.matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1] ?? ""),
      truncated: xml.includes("<IsTruncated>true<"),
      token: /<NextContinuationToken>(.*?)</.exec(xml)?.[1],
      count: Number(/<KeyCount>(\d+)</.exec(xml)?.[1]),
    };
  }

  test("leads to the same page again, with the same token from then on", async () => {
    s3.inject("ListObjectsV2 listing loop x3");
    const first = await page();
    const second = await page("", first.token);
    const third = await page("", second.token);
    expect([first.keys, second.keys, third.keys]).toEqual(Array(3).fill(["p/a", "p/c&amp;d"]));
    expect(second.token).toBe(first.token);
    expect(third.token).toBe(first.token);
  });

  test("announces more without a way to go on", async () => {
    s3.inject("ListObjectsV2 listing no-token");
    expect(await page()).toMatchObject({ truncated: true, token: undefined });
  });

  test("loses a key between pages", async () => {
    s3.inject("ListObjectsV2 listing missing-key");
    const first = await page();
    expect(first).toMatchObject({ keys: ["p/a"], truncated: true, count: 1 });
    expect((await page("", first.token)).keys).toEqual(["p/e f", "p/z"]);
  });

  test.each(["", "&encoding-type=url"])("has a key on two pages%s", async (query) => {
    s3.inject("ListObjectsV2 listing duplicate-key");
    const first = await page(query);
    const second = await page(query, first.token);
    expect([first.keys.length, second.keys.length]).toEqual([2, 2]);
    expect(second.keys[0]).toBe(first.keys[1]);
  });

  test("has the wrong order, or nothing, or too much", async () => {
    s3.inject(
      "ListObjectsV2 listing wrong-order query prefix=p/",
      "ListObjectsV2 listing empty-page",
      "ListObjectsV2 listing stray-key",
    );
    expect((await page()).keys).toEqual(["p/c&amp;d", "p/a"]);
    const empty = await page();
    expect(empty).toMatchObject({ keys: [], truncated: true, count: 0 });
    expect((await page("", empty.token)).keys).toEqual(["!stray-p", "p/a", "p/c&amp;d"]);
    expect(await page()).toMatchObject({ keys: ["p/a", "p/c&amp;d"], count: 2 });
  });

  test("may be empty for pages on end, each with another token", async () => {
    s3.inject("ListObjectsV2 listing empty-page x3");
    const tokens: (string | undefined)[] = [];
    for (let n = 0; n < 3; n++) tokens.push((await page("", tokens.at(-1))).token);
    expect(new Set(tokens).size).toBe(3);
    expect((await page("", tokens.at(-1))).keys).toEqual(["p/a", "p/c&amp;d"]);
  });

  test("of the first version is spoiled, too", async () => {
    s3.inject("ListObjects listing wrong-order", "ListObjects listing loop query marker=p/a");
    const xml = await (await fetch(`${s3.endpoint}/b?prefix=p/&max-keys=2`)).text();
    expect([...xml.matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1])).toEqual(["p/c&amp;d", "p/a"]);
    const next = await (await fetch(`${s3.endpoint}/b?prefix=p/&max-keys=2&marker=p/a`)).text();
    expect(next).toContain("<NextMarker>p/a</NextMarker>");
  });
});
