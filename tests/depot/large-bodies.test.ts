/** Large bodies and streams from end to end: whole there, whole here, or nothing at all. */
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import type { Progress } from "entrepot";
import type { Fault } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

const largeBytes = 20 * 1024 * 1024 + 5;
const large = Buffer.alloc(largeBytes);
for (let at = 0; at + 4 <= largeBytes; at += 4) large.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
const sumOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const whole = sumOf(large);

async function* pieces(bytes: Uint8Array = large): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 300_001) yield bytes.subarray(at, at + 300_001);
}

let bench: Awaited<ReturnType<typeof openS3>>;
let sdk: S3Client;
let path: string;
beforeAll(async () => {
  bench = await openS3(true);
  sdk = new S3Client({ ...clientOf(bench.s3.options), forcePathStyle: true });
  path = join(bench.folder, "large.bin");
  await writeFile(path, large);
});
afterAll(async () => {
  sdk.destroy();
  await bench.close();
});
beforeEach(() => bench.s3.clearRequests());

function clientOf({ endpoint, region, credentials }: typeof bench.s3.options) {
  const { accessKeyId, secretAccessKey } = credentials;
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

/** Uploads that were begun and are neither objects nor gone. */
async function left(): Promise<number> {
  return (await sdk.send(new ListMultipartUploadsCommand({ Bucket: "b" }))).Uploads?.length ?? 0;
}

const operations = () => bench.s3.requests.map(({ operation }) => operation);

describe("twenty megabytes arrive whole in parts, and are a copy here", () => {
  test.each([
    ["writeStream", (name: string) => bench.data.writeStream(name, pieces())],
    ["writeFrom", (name: string) => bench.data.writeFrom(name, path)],
    ["writeBytes", (name: string) => bench.data.writeBytes(name, large)],
  ])("by %s", async (verb, write) => {
    expect((await write(verb)).sizeBytes).toBe(largeBytes);
    expect(operations().filter((operation) => operation === "UploadPart")).toHaveLength(3);
    expect(sumOf(await bench.data.readBytes(verb, { cache: "bypass" }))).toBe(whole);
    const offline = bench.data.with({ network: "offline" });
    expect(sumOf(await offline.readBytes(verb))).toBe(whole);
    expect(await left()).toBe(0);
  });

  test("by copy, from this disk and through this process", async () => {
    await bench.data.copy(path, "copied");
    expect(operations()).toContain("UploadPart");
    expect(sumOf(await bench.data.readBytes("copied", { cache: "bypass" }))).toBe(whole);
    const other = await openS3(false);
    await other.data.writeFrom("s3://b/from", path);
    await bench.data.writeStream("through", other.data.readStream("s3://b/from"));
    expect(sumOf(await bench.data.readBytes("through", { cache: "bypass" }))).toBe(whole);
    bench.s3.clearRequests();
    const { copied } = await bench.data.copy(path, "packed/", { compress: "gzip" });
    expect(copied.objects).toBe(1);
    expect(sumOf(gunzipSync(await bench.data.readBytes("packed/large.bin.gz")))).toBe(whole);
    await other.close();
  });
});

test("of several large bodies that create the same object, one wins and is whole", async () => {
  const writers = [1, 2, 3, 4].map((writer) => Buffer.alloc(largeBytes, writer));
  const written = await Promise.allSettled(
    writers.map((bytes) => bench.data.writeStream("contested", pieces(bytes), { ifNoneMatch: "*" })),
  );
  const winners = writers.filter((_, index) => written[index]?.status === "fulfilled");
  expect(winners).toHaveLength(1);
  for (const result of written) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "already-exists" });
  }
  const there = await bench.data.readBytes("contested", { cache: "bypass" });
  expect(sumOf(there)).toBe(sumOf(winners[0] ?? Buffer.alloc(0)));
  expect(await left()).toBe(0);
});

test("a stream that throws in mid-upload leaves neither an object nor an upload, there or here", async () => {
  const reason = new Error("the source is broken");
  async function* broken() {
    yield* pieces();
    throw reason;
  }
  await expect(bench.data.writeStream("broken", broken())).rejects.toBe(reason);
  expect(operations()).toContain("UploadPart");
  expect(await bench.data.exists("broken")).toBe(false);
  expect(await left()).toBe(0);
});

test("a file that grows while it is sent is changed, and leaves nothing", async () => {
  const growing = join(bench.folder, "growing.bin");
  await writeFile(growing, large);
  let grownAtBytes = largeBytes;
  const onProgress = ({ doneBytes }: Progress) => {
    if (grownAtBytes < largeBytes) return;
    grownAtBytes = doneBytes;
    appendFileSync(growing, "more");
  };
  await expect(bench.data.writeFrom("grown", growing, { onProgress })).rejects.toMatchObject({ code: "changed" });
  expect(grownAtBytes).toBeLessThan(largeBytes);
  expect(await bench.data.exists("grown")).toBe(false);
  expect(await left()).toBe(0);
});

describe("a server that stumbles", () => {
  const parts = [0, 1, 2];
  const faults: readonly (readonly [name: string, fault: Fault])[] = [
    ...parts.map(
      (after) =>
        [
          `a reset in the middle of part ${after + 1}`,
          { operation: "UploadPart", after, effect: { resetUploadAfterBytes: 1_000_000 } },
        ] as const,
    ),
    ...["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"].flatMap((operation) => [
      [`a 500 to ${operation}`, { operation, effect: { status: 500 } }] as const,
      [`a 503 to ${operation}`, { operation, effect: { status: 503 } }] as const,
      [`a lost answer of ${operation}`, { operation, effect: { loseAnswer: true } }] as const,
    ]),
    ["an error in a 200", { operation: "CompleteMultipartUpload", effect: { errorInBody: "InternalError" } }],
  ];
  test.each(faults)("is asked again: %s", async (name, fault) => {
    const before = await left();
    bench.s3.inject(fault);
    await bench.data.writeStream("stumbled", pieces(), { ifNoneMatch: "*" });
    expect(bench.s3.pendingFaults).toEqual([]);
    expect(sumOf(await bench.data.readBytes("stumbled", { cache: "bypass" }))).toBe(whole);
    await bench.data.remove("stumbled");
    // the id of such an upload is known to nobody; it has no parts
    expect((await left()) - before).toBe(name === "a lost answer of CreateMultipartUpload" ? 1 : 0);
  });

  test("when the upload is taken away is asked again, too", async () => {
    const before = await left();
    bench.s3.inject(
      { operation: "UploadPart", after: 1, effect: { status: 403 } },
      { operation: "AbortMultipartUpload", effect: { status: 503 } },
      { operation: "AbortMultipartUpload", effect: { loseAnswer: true } },
    );
    await expect(bench.data.writeStream("refused", pieces())).rejects.toMatchObject({ code: "forbidden" });
    expect(bench.s3.pendingFaults).toEqual([]);
    expect(await left()).toBe(before);
  });
});
