import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostileKeys, startS3Server } from "./index.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-fixtures-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a fixture is what a PUT would have stored", async () => {
  const fixtures = {
    "b/full": {
      body: "hello",
      contentType: "text/plain",
      contentEncoding: "identity",
      metadata: { owner: "me" },
      tags: { "a key": "ä/+" },
      storageClass: "STANDARD_IA",
      lastModified: new Date("2026-01-02T03:04:05Z"),
    },
    "b/plain": new Uint8Array([1, 2, 3]),
  };
  await using s3 = await startS3Server({ fixtures, anonymous: true, now: () => Date.UTC(2026, 5, 1) });
  const head = await fetch(`${s3.endpoint}/b/full`, { method: "HEAD", headers: { "x-amz-checksum-mode": "ENABLED" } });
  expect(Object.fromEntries(head.headers)).toMatchObject({
    etag: '"5d41402abc4b2a76b9719d911017c592"',
    "content-type": "text/plain",
    "content-encoding": "identity",
    "x-amz-meta-owner": "me",
    "x-amz-tagging-count": "1",
    "x-amz-storage-class": "STANDARD_IA",
    "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT",
    "x-amz-checksum-crc64nvme": "M3eFcAZSQlc=",
  });
  await fetch(`${s3.endpoint}/b/put`, { method: "PUT", body: new Uint8Array([1, 2, 3]) });
  const { key: _, bytes, text, json, ...put } = s3.objects("b").get("put") ?? expect.fail();
  expect(s3.objects("b").get("plain")).toMatchObject(put);
  expect(s3.objects("b").get("full")).toMatchObject({ tags: { "a key": "ä/+" } });
  expect(s3.requests).toHaveLength(2);
});

test("keys are literal, buckets are made once", async () => {
  const keys = hostileKeys.filter((key) => key !== "" && !/\p{Surrogate}/u.test(key));
  const fixtures = Object.fromEntries(keys.map((key) => [`b/${key}`, key]));
  await using s3 = await startS3Server({ buckets: ["b", "empty"], fixtures: { ...fixtures, "s3://c/x": "" } });
  expect([...s3.objects("b").keys()].sort()).toEqual(keys.sort());
  for (const [key, object] of s3.objects("b")) expect(await object.text()).toBe(key);
  expect([s3.objects("empty").size, s3.objects("c").get("x")?.sizeBytes]).toEqual([0, 0]);
});

test.each<[string, unknown, string]>([
  ["no key", { "b/": "x" }, 'fixtures of startS3Server(): "b/" has no key after the bucket'],
  ["a bucket alone", { b: "x" }, "has no key after the bucket"],
  ["a bucket that cannot be", { "A_b/k": "x" }, '"A_b" cannot be the name of a bucket'],
  ["half a character", { "b/\ud800": "x" }, "half a character"],
  ["a key that is too long", { [`b/${"k".repeat(1025)}`]: "x" }, "Your key is too long (KeyTooLongError)"],
  ["a misspelt field", { "b/k": { body: "", contentTyp: "a/b" } }, "did you mean contentType?"],
  ["a number for a body", { "b/k": 5 }, "is text, bytes or { body: … }, not 5"],
  ["an object without a body", { "b/k": { data: "x" } }, "has no body: an object is { body: … }, not { data }"],
  ["a body that is none", { "b/k": { body: 5 } }, "is text or bytes, not 5"],
  ["metadata that no header can carry", { "b/k": { body: "", metadata: { a: "ä" } } }, "printable ASCII"],
  ["a name in upper case", { "b/k": { body: "", metadata: { A: "a" } } }, "tokens in lower case"],
  ["too much metadata", { "b/k": { body: "", metadata: { a: "x".repeat(2048) } } }, "MetadataTooLarge"],
  ["a class that S3 has not", { "b/k": { body: "", storageClass: "COLD" } }, "InvalidStorageClass"],
  ["a tag that S3 refuses", { "b/k": { body: "", tags: { a: "<" } } }, "InvalidTag"],
  ["a tag that is none", { "b/k": { body: "", tags: { a: undefined } } }, 'tag "a" of'],
  ["an object twice", { "b/k": "1", "s3://b/k": "2" }, "is there twice, with s3:// and without"],
  ["a map", new Map([["b/k", "x"]]), "are objects by address"],
  ["a date that is none", { "b/k": { body: "", lastModified: new Date("x") } }, "a valid Date"],
])("fixtures with %s are refused", async (_, fixtures, message) => {
  const started = startS3Server({ fixtures: fixtures as never });
  await expect(started).rejects.toThrow(TypeError);
  await expect(started).rejects.toThrow(message);
});

describe("a folder", () => {
  beforeEach(async () => {
    await mkdir(join(folder, "bucket", "sub"), { recursive: true });
    await writeFile(join(folder, "bucket", "a b+%20.txt"), "one");
    await writeFile(join(folder, "bucket", "sub", ".hidden"), "two");
  });

  test("holds one folder for each bucket", async () => {
    await using s3 = await startS3Server({ fixtures: folder });
    expect([...s3.objects("bucket").keys()]).toEqual(["a b+%20.txt", "sub/.hidden"]);
    expect(await s3.objects("bucket").get("sub/.hidden")?.text()).toBe("two");
  });

  test("goes below a prefix", async () => {
    await using s3 = await startS3Server();
    await s3.load("s3://other/in", join(folder, "bucket"));
    await s3.load("other/", join(folder, "bucket", "sub"));
    expect([...s3.objects("other").keys()]).toEqual([".hidden", "in/a b+%20.txt", "in/sub/.hidden"]);
  });

  test("may hold a file of many pieces", async () => {
    const bytes = Buffer.alloc(5_000_001, "abcdefg");
    await writeFile(join(folder, "bucket", "large"), bytes);
    await using s3 = await startS3Server({ fixtures: folder });
    expect(bytes.equals((await s3.objects("bucket").get("large")?.bytes()) ?? new Uint8Array())).toBe(true);
  });

  test("with a link in it is refused, wherever that leads", async () => {
    await symlink(join(folder, "bucket", "sub"), join(folder, "bucket", "link"));
    await expect(startS3Server({ fixtures: folder })).rejects.toThrow(/link is no file: links and devices/);
  });

  test("with a file in place of a bucket is refused", async () => {
    await expect(startS3Server({ fixtures: join(folder, "bucket") })).rejects.toThrow(
      /holds one folder for each bucket, but/,
    );
  });

  test("that is not there is not an empty one", async () => {
    await using s3 = await startS3Server();
    await expect(s3.load("b", join(folder, "none"))).rejects.toMatchObject({ code: "not-found" });
    await expect(s3.load("s3://b/in")).rejects.toThrow("give the folder that they come from, too");
    await expect(s3.load("b", "")).rejects.toThrow('the folder of load() is a path, e.g. "./fixtures"');
  });
});

test("tens of thousands of tiny objects are loaded well within a test's time", async () => {
  // Measured: 100,000 in 3 s of one core.
  const fixtures = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`b/${(n * 7919) % 20_000}`, "x"]));
  await using s3 = await startS3Server({ fixtures });
  expect(s3.objects("b").size).toBe(20_000);
});

describe("a stored object", () => {
  test("is read as bytes, text and JSON, past the log", async () => {
    await using s3 = await startS3Server({ fixtures: { "b/k": '{"a":1}' } });
    const object = s3.objects("b").get("k");
    expect(await object?.json()).toEqual({ a: 1 });
    const bytes = (await object?.bytes()) ?? expect.fail();
    bytes.fill(0);
    expect(await object?.text()).toBe('{"a":1}');
    expect(s3.requests).toEqual([]);
  });

  test("that has been replaced says so instead of mixing two versions", async () => {
    await using s3 = await startS3Server({ fixtures: { "b/k": "old" } });
    const object = s3.objects("b").get("k");
    await s3.load({ "b/k": "new" });
    await expect(object?.text()).rejects.toThrow("b/k has been replaced or removed since");
  });

  test("of a bucket that is not there is a mistake of the test", async () => {
    await using s3 = await startS3Server({ buckets: ["data"] });
    expect(() => s3.objects("date")).toThrow(new RangeError('there is no bucket "date": there are data'));
  });
});

describe("reset", () => {
  test("goes back to the fixtures, with an empty log and no faults", async () => {
    await using s3 = await startS3Server({ fixtures: { "b/k": "old", "b/gone": "x" }, anonymous: true });
    s3.inject({ method: "GET", effect: { status: 500 } });
    for (const [method, path] of [
      ["PUT", "b/k"],
      ["PUT", "b/new"],
      ["DELETE", "b/gone"],
      ["PUT", "fresh"],
      ["POST", "b/upload?uploads"],
    ]) {
      const { status } = await fetch(`${s3.endpoint}/${path}`, { method: method ?? "" });
      expect(status).toBeLessThan(300);
    }
    s3.reset();
    expect([...s3.objects("b").keys()]).toEqual(["gone", "k"]);
    expect(await s3.objects("b").get("k")?.text()).toBe("old");
    expect(() => s3.objects("fresh")).toThrow(RangeError);
    expect([s3.requests, s3.pendingFaults]).toEqual([[], []]);
    expect(await (await fetch(`${s3.endpoint}/b/k`)).text()).toBe("old");
    expect(await (await fetch(`${s3.endpoint}/b?uploads`)).text()).not.toContain("<Upload>");
  });

  test("takes versions, marks and policies back, too", async () => {
    await using s3 = await startS3Server({ buckets: ["b"], anonymous: true });
    const send = async (method: string, path: string, body?: string) => {
      const response = await fetch(`${s3.endpoint}/${path}`, { method, ...(body === undefined ? {} : { body }) });
      const text = await response.text();
      expect({ status: response.status, text }).toMatchObject({ status: expect.toSatisfy((status) => status < 300) });
      return text;
    };
    const enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    await send("PUT", "b?versioning", enabled);
    await send("PUT", "b/k", "first");
    await send("PUT", "b/k", "second");
    await send("DELETE", "b/hidden");
    s3.snapshot();
    const before = await send("GET", "b?versions");
    expect(before.match(/<Version>/g)).toHaveLength(2);
    for (let n = 0; n < 2; n++) {
      await send("PUT", "b/k", "third");
      await send("DELETE", "b/k");
      await send("PUT", "b?versioning", enabled.replace("Enabled", "Suspended"));
      await send("PUT", "b?tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
      s3.reset();
      expect(await send("GET", "b?versions")).toBe(before);
      expect(await send("GET", "b?versioning")).toContain("Enabled");
      expect((await fetch(`${s3.endpoint}/b?tagging`)).status).toBe(404);
      expect(await send("GET", "b/k")).toBe("second");
    }
    await send("PUT", "b/k", "after");
    expect(await send("GET", "b/k")).toBe("after");
  });

  test("goes back to the last snapshot, again and again", async () => {
    await using s3 = await startS3Server({ fixtures: { "b/k": "start" } });
    await s3.load({ "b/k": "kept" });
    s3.snapshot();
    for (let n = 0; n < 2; n++) {
      await s3.load({ "b/k": "changed", "b/more": "" });
      s3.reset();
      expect(s3.objects("b").size).toBe(1);
      expect(await s3.objects("b").get("k")?.text()).toBe("kept");
    }
  });

  test("shuts out a write that is still on its way", async () => {
    await using s3 = await startS3Server({ buckets: ["b"], anonymous: true });
    const { body, send } = heldBody();
    const late = fetch(`${s3.endpoint}/b/late`, { method: "PUT", body, duplex: "half", headers: held } as RequestInit);
    await s3.waitFor("PutObject");
    s3.reset();
    send();
    expect((await late).status).toBe(200);
    expect(s3.objects("b").size).toBe(0);
  });

  test("opens no bucket to strangers that comes after it", async () => {
    await using s3 = await startS3Server();
    s3.reset();
    await s3.load({ "later/k": "secret" });
    expect((await fetch(`${s3.endpoint}/later/k`)).status).toBe(403);
  });

  test("is refused for a server with a folder", async () => {
    await using s3 = await startS3Server({ dir: folder });
    expect(() => s3.reset()).toThrow(/reset\(\) is for a server in memory/);
    expect(() => s3.snapshot()).toThrow(TypeError);
  });
});

/** `fetch` sends streams chunked, which S3 refuses unless they say their length its own way. */
const held = {
  "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "x-amz-decoded-content-length": "2",
  "x-amz-trailer": "x-amz-checksum-crc32",
  "content-encoding": "aws-chunked",
};

function heldBody() {
  let go: ReadableStreamDefaultController<Uint8Array>;
  const text = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      go = controller;
      controller.enqueue(text.encode("2\r\nok\r\n"));
    },
  });
  const send = () => {
    go.enqueue(text.encode("0\r\nx-amz-checksum-crc32:edzdRw==\r\n\r\n"));
    go.close();
  };
  return { body, send };
}
