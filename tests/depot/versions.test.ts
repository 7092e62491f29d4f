/** Versions as a user of `entrepot()` meets them: over a socket, in a bucket that keeps them. */
import { DeleteObjectCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import type { Depot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });

describe.each([
  ["with a cache", true],
  ["without a cache", false],
])("an address of one version, %s", (_name, cached) => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  let sdk: S3Client;
  beforeEach(async () => {
    bench = await openS3(cached);
    data = bench.data;
    const { endpoint, credentials } = bench.s3;
    const { accessKeyId, secretAccessKey } = credentials;
    sdk = new S3Client({
      endpoint,
      credentials: { accessKeyId, secretAccessKey },
      region: "us-east-1",
      forcePathStyle: true,
    });
    await sdk.send(new PutBucketVersioningCommand({ Bucket: "b", VersioningConfiguration: { Status: "Enabled" } }));
  });
  afterEach(async () => {
    sdk.destroy();
    await bench.close();
  });

  /** Writes the texts one after the other; resolves with the address of each. */
  async function write(key: string, ...texts: readonly string[]): Promise<readonly string[]> {
    const addresses: string[] = [];
    for (const text of texts) {
      const { versionId } = await data.writeText(`s3://b/${key}`, text);
      addresses.push(`s3://b/${key}?versionId=${versionId ?? expect.fail()}`);
    }
    return addresses;
  }

  test("is read whatever is written or removed after it", async () => {
    const [first = "", second = ""] = await write("k.txt", "one", "two");
    expect([await data.readText(first), await data.readText(second)]).toEqual(["one", "two"]);
    expect(await data.readText("s3://b/k.txt")).toBe("two");
    const [piece] = await data.readRanges(first, [{ start: 1, end: 3 }]);
    expect(new TextDecoder().decode(piece)).toBe("ne");
    expect(first).toContain(String((await data.stat(first)).versionId));
    await data.remove("s3://b/k.txt");
    expect([await data.exists("s3://b/k.txt"), await data.exists(first)]).toEqual([false, true]);
    await expect(data.readText("s3://b/k.txt", { cache: "bypass" })).rejects.toEqual(code("not-found"));
    expect(await data.readText(second, { cache: "bypass" })).toBe("two");
    expect(await (await fetch(await data.presign(first))).text()).toBe("one");
  });

  test("that is gone, or is a delete marker, is no object", async () => {
    const [first = "", second = ""] = await write("k.txt", "one", "two");
    await sdk.send(new DeleteObjectCommand({ Bucket: "b", Key: "k.txt", VersionId: idOf(first) }));
    await expect(data.readText(first, { cache: "bypass" })).rejects.toEqual(code("not-found"));
    const { VersionId } = await sdk.send(new DeleteObjectCommand({ Bucket: "b", Key: "k.txt" }));
    await expect(data.readText(`s3://b/k.txt?versionId=${VersionId}`)).rejects.toMatchObject({ name: "EntrepotError" });
    expect(await data.readText(second, { cache: "bypass" })).toBe("two");
  });

  test("is copied as it was, back onto its own key, too", async () => {
    const [first = ""] = await write("k.txt", "one", "two");
    await data.copy(first, "s3://b/copy.txt");
    expect(await data.readText("s3://b/copy.txt")).toBe("one");
    await data.copy(first, "s3://b/k.txt");
    expect(await data.readText("s3://b/k.txt", { cache: "bypass" })).toBe("one");
    expect(bench.s3.requests.filter(({ operation }) => operation === "CopyObject")).toHaveLength(2);
  });

  test("is copied in parts from that version alone", async () => {
    const text = "0123456789abcdef".repeat(100_000);
    const [first = ""] = await write("large.bin", text, "small");
    bench.s3.inject({ operation: "CopyObject", effect: { status: 400, code: "EntityTooLarge" } });
    await data.copy(first, "s3://b/copy.bin");
    expect(await data.readText("s3://b/copy.bin")).toBe(text);
    const parts = bench.s3.requests.filter(({ operation }) => operation === "UploadPartCopy");
    expect(parts.at(-1)?.headers["x-amz-copy-source"]).toContain(`?versionId=${idOf(first)}`);
  });

  test("is removed alone, and what was before it is back", async () => {
    const [first = "", second = ""] = await write("k.txt", "one", "two");
    await data.remove(second);
    expect(await data.readText("s3://b/k.txt", { cache: "bypass" })).toBe("one");
    await data.remove(second);
    await expect(data.readText(second, { cache: "bypass" })).rejects.toEqual(code("not-found"));
    await data.remove(first);
    expect(await data.exists("s3://b/k.txt")).toBe(false);
  });
});

function idOf(address: string): string {
  return address.slice(address.indexOf("?versionId=") + "?versionId=".length);
}
