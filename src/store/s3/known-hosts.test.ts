import { describe, expect, test } from "vitest";
import { openTransport } from "../../net/index.ts";
import { startS3Server } from "../../testing/index.ts";
import { openS3Service } from "./index.ts";
import { refusal, scripted } from "./scripted.fixture.ts";

describe("conditions", () => {
  test("of writes are not sent to Google, which is known not to heed them", async () => {
    const { bucket, transport } = scripted(() => refusal(500, "InternalError"), {
      endpoint: "https://storage.googleapis.com",
    });
    await expect(bucket.write("k", new Uint8Array(1), { ifNoneMatch: "*" })).rejects.toMatchObject({
      code: "unsupported",
      hint: /Google Cloud Storage heeds conditions only by its own API/,
    });
    expect(transport.requests).toEqual([]);
  });
});

describe("parts of one length", () => {
  const uploads = { singleBytes: 0, partBytes: 5 * 1024 * 1024, maxParts: 10 };
  const stream = {
    sizeBytes: undefined,
    open: async function* () {
      yield new Uint8Array(16 * 1024 * 1024);
    },
  };

  test("are what R2 wants of a stream of unknown length, and what it gets where it is known", async () => {
    const transport = openTransport();
    const server = await startS3Server({ personality: "r2", buckets: ["b"] });
    try {
      const bucketWith = (equalParts?: boolean) =>
        openS3Service({ ...server.options, transport, uploads: { ...uploads, equalParts } }).bucket("b");
      const message = "All non-trailing parts must have the same length";
      await expect(bucketWith().write("k", stream)).rejects.toThrow(message);
      expect(await bucketWith(true).write("k", stream)).toMatchObject({ sizeBytes: 16 * 1024 * 1024 });
    } finally {
      await transport.close();
      await server.close();
    }
  });

  test("go to R2's own hosts without a word", async () => {
    const { bucket, events } = scripted(
      ({ method, path }) => {
        if (path.endsWith("?uploads=")) {
          return {
            status: 200,
            body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>",
          };
        }
        if (method === "PUT") return { status: 200, headers: { etag: '"p"' } };
        if (method === "DELETE") return { status: 204 };
        return { status: 200, body: "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>" };
      },
      { endpoint: "https://account.r2.cloudflarestorage.com", uploads },
    );
    await bucket.write("k", stream);
    const parts = events.flatMap((event) =>
      event.type === "request" && event.method === "PUT" ? [event.sentBytes] : [],
    );
    expect(parts.toSorted((a, b) => b - a)).toEqual([5_242_880, 5_242_880, 5_242_880, 1_048_576]);
  });
});
