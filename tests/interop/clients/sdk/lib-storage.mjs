// @aws-sdk/lib-storage: uploads in parts from buffers and streams, with every checksum and with none, and broken off.
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { Upload } from "@aws-sdk/lib-storage";
import { check, each, holds, same, sameBytes } from "../verdict.mjs";
import { absent, bytesOf, client, freshBucket, s3, send } from "./client.mjs";

const Bucket = await freshBucket();
const MIB = 1 << 20;
const large = randomBytes(12 * MIB + 1);

/** A source of uneven pieces, as sockets and files give them. */
const stream = (/** @type {Uint8Array} */ bytes) =>
  Readable.from(
    (function* () {
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 99_991 || 1)
        yield bytes.subarray(at, at + size);
    })(),
  );

/** @param {object} params @param {object} options */
const upload = (params, options = {}) =>
  new Upload({ client: s3, partSize: 5 * MIB, queueSize: 3, params: { Bucket, ...params }, ...options });

await check("transfer.file", () =>
  each([0, 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, large.length], async (size) => {
    const Body = large.subarray(0, size);
    await upload({ Key: "buffer", Body, Metadata: { n: "1" }, ContentType: "text/x-test" }).done();
    sameBytes(await bytesOf(Bucket, "buffer"), Body);
    const head = await send("HeadObject", { Bucket, Key: "buffer" });
    same([head.Metadata, head.ContentType, head.ETag?.includes("-")], [{ n: "1" }, "text/x-test", size > 5 * MIB]);
  }),
);

await check("transfer.unseekable", () =>
  each([100, large.length], async (size) => {
    const seen = [];
    const one = upload({ Key: "stream", Body: stream(large.subarray(0, size)) });
    one.on("httpUploadProgress", ({ loaded }) => seen.push(loaded));
    const { ETag } = await one.done();
    holds(size < 5 * MIB || ETag?.endsWith('-3"'), `ETag ${ETag}`);
    holds(seen.length > 0, "no progress was told");
    sameBytes(await bytesOf(Bucket, "stream"), large.subarray(0, size));
  }),
);

await check("transfer.checksums", async () => {
  await each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"], async (ChecksumAlgorithm) => {
    await upload({ Key: "summed", Body: stream(large), ChecksumAlgorithm }).done();
    const head = await send("HeadObject", { Bucket, Key: "summed", ChecksumMode: "ENABLED" });
    const told = head[`Checksum${ChecksumAlgorithm}`];
    holds(told !== undefined, `no ${ChecksumAlgorithm} is told`);
    if (ChecksumAlgorithm === "SHA256") {
      const parts = [0, 1, 2].map((n) =>
        createHash("sha256")
          .update(large.subarray(n * 5 * MIB, (n + 1) * 5 * MIB))
          .digest(),
      );
      same(told, `${createHash("sha256").update(Buffer.concat(parts)).digest("base64")}-3`, "the composite");
    }
  });
  const plain = client({ requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" });
  await new Upload({ client: plain, partSize: 5 * MIB, params: { Bucket, Key: "bare", Body: stream(large) } }).done();
  sameBytes(await bytesOf(Bucket, "bare"), large);
});

await check("transfer.broken-off", async () => {
  const one = upload({ Key: "dropped", Body: stream(large) });
  one.on("httpUploadProgress", () => one.abort());
  const ended = await one.done().then(
    () => "uploaded",
    (error) => error.name,
  );
  same(ended, "AbortError");
  await absent(Bucket, "dropped");
  const left = await send("ListMultipartUploads", { Bucket, Prefix: "dropped" });
  for (const { UploadId } of left.Uploads ?? []) {
    await send("AbortMultipartUpload", { Bucket, Key: "dropped", UploadId }).catch((error) => {
      // The library itself may have cleared up in the meantime.
      if (error.name !== "NoSuchUpload") throw error;
    });
  }
  same((await send("ListMultipartUploads", { Bucket })).Uploads ?? [], [], "unfinished uploads after clearing up");
});
