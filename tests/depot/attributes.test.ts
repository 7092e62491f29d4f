/** What is said of objects besides their bytes, over a socket: description, encryption, tags, owners, who pays. */
import { GetObjectCommand, GetObjectTaggingCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type Depot, type EntrepotOptions, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const customerKey = new Uint8Array(32).fill(7);
const otherKey = new Uint8Array(32).fill(8);

let bench: Awaited<ReturnType<typeof openS3>>;
let data: Depot;
let sdk: S3Client;
beforeEach(async () => {
  bench = await openS3(true);
  data = bench.data;
  const { endpoint, credentials } = bench.s3;
  const { accessKeyId, secretAccessKey } = credentials;
  sdk = new S3Client({
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
    region: "us-east-1",
    forcePathStyle: true,
  });
});
afterEach(async () => {
  sdk.destroy();
  await bench.close();
});

describe("what is said of an object", () => {
  const said = {
    contentType: "text/x-notes",
    cacheControl: "max-age=60",
    contentDisposition: 'attachment; filename="a b.txt"',
    contentLanguage: "de",
    storageClass: "STANDARD_IA",
    metadata: { Who: "häß ☃" },
  };

  test("is kept with it, and told by stat and by clients that we did not write", async () => {
    await data.writeText("s3://b/a.txt", "text", { ...said, tags: { team: "a b+c", "k=1": "ü" } });
    const described = { ...said, metadata: { who: "häß ☃" } };
    expect(await data.stat("s3://b/a.txt")).toMatchObject(described);
    expect(await data.stat("s3://b/a.txt", { cache: "bypass" })).toMatchObject(described);
    const theirs = await sdk.send(new GetObjectCommand({ Bucket: "b", Key: "a.txt" }));
    expect(theirs).toMatchObject({
      ContentType: "text/x-notes",
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a b.txt"',
      ContentLanguage: "de",
      StorageClass: "STANDARD_IA",
      TagCount: 2,
    });
    const { TagSet } = await sdk.send(new GetObjectTaggingCommand({ Bucket: "b", Key: "a.txt" }));
    expect(TagSet).toEqual([
      { Key: "k=1", Value: "ü" },
      { Key: "team", Value: "a b+c" },
    ]);
  });

  test("goes with it through a copy by this process", async () => {
    await data.writeText("memory:///a.txt", "text", said);
    await data.copy("memory:///a.txt", "s3://b/copied.txt");
    expect(await data.stat("s3://b/copied.txt")).toMatchObject({ cacheControl: "max-age=60", contentLanguage: "de" });
  });

  test("is refused where no header can hold it, before anything is sent", async () => {
    const sent = bench.s3.requests.length;
    await expect(data.writeText("s3://b/x", "x", { cacheControl: "a\nb" })).rejects.toThrow(TypeError);
    const tags = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, "v"]));
    await expect(data.writeText("s3://b/x", "x", { tags })).rejects.toThrow(RangeError);
    expect(bench.s3.requests.length).toBe(sent);
  });

  test("may be a class that must be restored before it is read", async () => {
    await data.writeText("s3://b/cold", "x", { storageClass: "DEEP_ARCHIVE" });
    const error = await data.readText("s3://b/cold", { cache: "refresh" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "archived", hint: expect.stringContaining("restore") });
  });
});

describe("encryption", () => {
  const withSse = (sse: EntrepotOptions["sse"]) => data.with({ sse });

  test.each([
    ["AES256", "AES256"],
    ["aws:kms", "aws:kms"],
    ["aws:kms:dsse", "aws:kms:dsse"],
    [{ kmsKeyId: "alias/mine", context: { a: "b" }, bucketKey: true }, "aws:kms"],
  ] as const)("%j is asked for by every write", async (sse, encryption) => {
    await withSse(sse).writeText("s3://b/e.txt", "text");
    expect(await data.stat("s3://b/e.txt")).toMatchObject({ encryption });
    expect(await data.readText("s3://b/e.txt")).toBe("text");
    const { SSEKMSKeyId, BucketKeyEnabled } = await sdk.send(new GetObjectCommand({ Bucket: "b", Key: "e.txt" }));
    if (typeof sse === "object")
      expect({ SSEKMSKeyId, BucketKeyEnabled }).toEqual({ SSEKMSKeyId: "alias/mine", BucketKeyEnabled: true });
  });

  test("a customer's key goes with every request, and without it there is nothing to read", async () => {
    const mine = withSse({ customerKey });
    await mine.writeText("s3://b/c.txt", "secret text");
    expect(await mine.readText("s3://b/c.txt", { cache: "refresh" })).toBe("secret text");
    expect(await mine.stat("s3://b/c.txt")).toMatchObject({ encryption: "customer", sizeBytes: 11 });
    expect(await mine.readRange("s3://b/c.txt", { start: 0, end: 6 }, { cache: "bypass" })).toHaveLength(6);
    const without = await data.readText("s3://b/c.txt").catch((thrown: unknown) => thrown);
    expect(without).toMatchObject({ code: "misconfigured", hint: expect.stringContaining("customerKey") });
    await expect(data.stat("s3://b/c.txt")).rejects.toEqual(code("misconfigured"));
    await expect(withSse({ customerKey: otherKey }).readText("s3://b/c.txt")).rejects.toEqual(code("forbidden"));
  });

  test("the local copy of what one key opens is not another's", async () => {
    const mine = withSse({ customerKey });
    await mine.writeText("s3://b/c.txt", "secret text");
    await mine.readText("s3://b/c.txt");
    const offline = (sse: EntrepotOptions["sse"]) => data.with({ sse, network: "offline" });
    expect(await offline({ customerKey: Buffer.from(customerKey).toString("base64") }).readText("s3://b/c.txt")).toBe(
      "secret text",
    );
    await expect(offline({ customerKey: otherKey }).readText("s3://b/c.txt")).rejects.toEqual(code("not-cached"));
    await expect(data.with({ network: "offline" }).readText("s3://b/c.txt")).rejects.toEqual(code("not-cached"));
  });

  test("a customer's key opens what clients that we did not write have stored, and theirs opens ours", async () => {
    const key = { SSECustomerAlgorithm: "AES256", SSECustomerKey: Buffer.from(customerKey).toString("base64") };
    await sdk.send(new PutObjectCommand({ Bucket: "b", Key: "theirs", Body: "their text", ...key }));
    const mine = withSse({ customerKey });
    expect(await mine.readText("s3://b/theirs")).toBe("their text");
    await mine.writeText("s3://b/ours", "our text");
    const { Body } = await sdk.send(new GetObjectCommand({ Bucket: "b", Key: "ours", ...key }));
    expect(await Body?.transformToString()).toBe("our text");
  });

  test("a copy inside the server carries the keys of both sides", async () => {
    const mine = withSse({ customerKey });
    await mine.writeText("s3://b/c.txt", "secret text");
    await mine.copy("s3://b/c.txt", "s3://b/d.txt");
    expect(bench.s3.requests.at(-1)?.operation).toBe("CopyObject");
    expect(await mine.readText("s3://b/d.txt")).toBe("secret text");
  });

  test("a URL cannot carry it, and says so", async () => {
    await expect(withSse({ customerKey }).presign("s3://b/c.txt")).rejects.toEqual(code("unsupported"));
    await expect(withSse("AES256").presign("s3://b/c.txt", { method: "PUT" })).rejects.toEqual(code("unsupported"));
    expect(await withSse("AES256").presign("s3://b/c.txt")).toContain("X-Amz-Signature");
  });

  test.each([{ customerKey: new Uint8Array(31) }, { customerKey: "short" }, "aes256", {}, { kmsKeyId: "" }])(
    "%j is a RangeError when it is given, and not a surprise at the first write",
    (sse) => {
      expect(() => data.with({ sse: sse as EntrepotOptions["sse"] })).toThrow(RangeError);
      expect(() => entrepot({ sse: sse as EntrepotOptions["sse"], env: {}, envFile: false })).toThrow(RangeError);
    },
  );

  test("a customer's key never travels in clear text to another machine, nor shows in an error", async () => {
    const far = data.with({ endpoint: "http://example.invalid", allowInsecureEndpoint: true, sse: { customerKey } });
    const error = (await far.readText("s3://b/c.txt").catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: "misconfigured" });
    const shown = JSON.stringify([
      error,
      error.stack,
      error.message,
      await import("node:util").then((util) => util.inspect(error)),
    ]);
    expect(shown).not.toContain(Buffer.from(customerKey).toString("base64"));
  });
});

describe("whose bucket it is", () => {
  test("is checked by the server with every request, where the caller insists", async () => {
    const ours = data.with({ expectedBucketOwner: "123456789012" });
    await ours.writeText("s3://b/o.txt", "x");
    expect(await ours.readText("s3://b/o.txt", { cache: "refresh" })).toBe("x");
    const others = data.with({ expectedBucketOwner: "999999999999" });
    for (const call of [
      () => others.readText("s3://b/o.txt"),
      () => others.writeText("s3://b/o.txt", "y"),
      () => others.stat("s3://b/o.txt"),
      () => others.list("s3://b/").toArray(),
      () => others.remove("s3://b/o.txt"),
      () => others.copy("s3://b/o.txt", "s3://b/p.txt"),
    ]) {
      await expect(call()).rejects.toEqual(code("forbidden"));
    }
    expect(() => data.with({ expectedBucketOwner: "me" })).toThrow(RangeError);
  });
});

describe("how uploads are covered", () => {
  test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "a named %s is kept with the object",
    async (checksums) => {
      await data.with({ checksums }).writeText("s3://b/k.txt", "text");
      const theirs = await sdk.send(new GetObjectCommand({ Bucket: "b", Key: "k.txt", ChecksumMode: "ENABLED" }));
      expect(theirs).toHaveProperty(`Checksum${checksums}`);
    },
  );

  test("AWS's own variables and profile settings are understood", async () => {
    const { options } = bench.s3;
    const calm = entrepot({
      ...options,
      cache: false,
      envFile: false,
      env: { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" },
    });
    await calm.writeText("s3://b/k.txt", "text");
    await calm.readText("s3://b/k.txt");
    expect(bench.s3.requests.at(-1)?.headers).not.toHaveProperty("x-amz-checksum-mode");
    await calm.close();
    const wrong = entrepot({
      ...options,
      cache: false,
      envFile: false,
      env: { AWS_REQUEST_CHECKSUM_CALCULATION: "sometimes" },
    });
    await expect(wrong.readText("s3://b/k.txt")).rejects.toEqual(code("misconfigured"));
    await wrong.close();
  });
});
