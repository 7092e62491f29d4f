/** Listings of versions as a user of `entrepot()` meets them, over a socket. */
import { DeleteObjectCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import type { DeleteMarkerEntry, Depot, VersionEntry } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

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

const enable = () =>
  sdk.send(new PutBucketVersioningCommand({ Bucket: "b", VersioningConfiguration: { Status: "Enabled" } }));
const write = async (...keys: readonly string[]) => {
  for (const key of keys) await data.writeText({ bucket: "b", key }, key);
};
const shown = (entry: VersionEntry | DeleteMarkerEntry) =>
  `${entry.path}${entry.isLatest ? "*" : ""}${entry.kind === "delete-marker" ? " deleted" : ` ${entry.sizeBytes}`}`;

describe("versions", () => {
  test("come in key order, of one key the newest first, delete markers among them", async () => {
    await write("d/a");
    await enable();
    await write("d/a", "d/b", "d/a", "d/e/f", "x");
    await sdk.send(new DeleteObjectCommand({ Bucket: "b", Key: "d/b" }));
    const versions = await data.list("s3://b/d/", { versions: true }).toArray();
    expect(versions.map(shown)).toEqual(["a* 3", "a 3", "a 3", "b* deleted", "b 3", "e/f* 5"]);
    expect(versions[2]?.versionId).toBe("null");
    expect((await data.list("s3://b/d/", { versions: true, depth: 1 }).toArray()).length).toBe(5);
    expect((await data.list("s3://b/d/", { versions: true, match: /^e/ }).toArray()).map(shown)).toEqual(["e/f* 5"]);
    expect((await data.list("s3://b/d", { versions: true, prefix: true }).toArray()).length).toBe(6);
    expect((await data.list("s3://b/d/").toArray()).map(({ path }) => path)).toEqual(["a", "e/f"]);
  });

  test("have addresses that are read, and removed for good; a removed marker brings the object back", async () => {
    await enable();
    await write("k");
    await data.writeText("s3://b/k", "second");
    await data.remove("s3://b/k");
    const [marker, second, first] = await data.list("s3://b/k", { versions: true, prefix: true }).toArray();
    expect([marker?.kind, second?.kind]).toEqual(["delete-marker", "version"]);
    expect(await data.readText(first?.uri ?? "")).toBe("k");
    expect(await data.readText(second?.uri ?? "")).toBe("second");
    await data.remove(marker?.uri ?? "");
    expect(await data.readText("s3://b/k", { cache: "bypass" })).toBe("second");
    await data.remove(data.list("s3://b/k", { versions: true, prefix: true }));
    expect(await data.list("s3://b/", { versions: true }).toArray()).toEqual([]);
  });

  test("are listed to the last of them, pages through the middle of a key", async () => {
    await enable();
    const keys = Array.from({ length: 260 }, (_, index) => `many/${String(index).padStart(3, "0")}`);
    for (let round = 0; round < 5; round++)
      await bench.s3.load(Object.fromEntries(keys.map((key) => [`b/${key}`, ""])));
    const versions = await data.list("s3://b/many/", { versions: true }).toArray();
    expect(versions.length).toBe(1_300);
    expect(new Set(versions.map(({ uri }) => uri)).size).toBe(1_300);
    expect(versions.filter(({ isLatest }) => isLatest).length).toBe(260);
    expect(versions.map(({ path }) => path)).toEqual(keys.flatMap((key) => Array(5).fill(key.slice(5))));
  });

  test("of a bucket that keeps none are its objects; elsewhere there are none to list", async () => {
    await write("k");
    expect((await data.list("s3://b/", { versions: true }).toArray()).map(shown)).toEqual(["k* 1"]);
    await expect(data.list("memory:///x/", { versions: true }).toArray()).rejects.toMatchObject({
      code: "unsupported",
    });
    expect(() => data.list("s3://b/", { versions: true, kind: "any" } as never)).toThrow(TypeError);
    const offline = data.with({ network: "offline" });
    await expect(offline.list("s3://b/", { versions: true }).toArray()).rejects.toMatchObject({ code: "unreachable" });
  });
});
