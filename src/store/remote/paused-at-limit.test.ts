import { hash } from "node:crypto";
import { expect, test } from "vitest";
import type { Transport } from "../../net/index.ts";
import { openS3Service } from "../s3/index.ts";
import { FakeClock, refusal } from "../s3/scripted.fixture.ts";
import { filledWith, mebibyte, OrderedSink, same, serveBytes } from "./parallel.fixture.ts";

const size = 16 * mebibyte;
const bytes = filledWith(11, size);
const partBytes = 5 * mebibyte;
const ofParts = [0, 1, 2, 3].map((n) => hash("md5", bytes.subarray(n * partBytes, (n + 1) * partBytes), "buffer"));
const etag = `"${hash("md5", Buffer.concat(ofParts))}-4"`;

test("a chunk that ends where the others begin, and the certain bytes too, leaves no empty range to ask for", async () => {
  const ranges: string[] = [];
  let tellLayout: () => void = () => undefined;
  const layoutTold = new Promise<void>((resolve) => {
    tellLayout = resolve;
  });
  const transport: Transport = {
    async send(request, sink) {
      if (request.method === "HEAD") {
        // Held back until the read has nothing left that it may pass.
        await layoutTold;
        sink.head(206, { "content-length": String(partBytes), "x-amz-mp-parts-count": "4", etag });
        return;
      }
      const { range } = request.headers;
      if (range !== undefined) {
        ranges.push(range);
        // Late, so that the first answer takes over the part behind its own, which ends with the certain bytes.
        await layoutTold;
        request.signal?.throwIfAborted();
      }
      const [start, end] = (/(\d+)-(\d+)/.exec(range ?? "") ?? []).slice(1).map(Number);
      const isEmpty = start !== undefined && end !== undefined && end < start;
      const {
        status,
        headers = {},
        body = "",
      } = isEmpty ? refusal(416, "InvalidRange") : serveBytes(request, bytes, etag);
      sink.head(status, headers);
      if (range !== undefined) return void (await sink.data(Buffer.from(body)));
      try {
        for (let at = 0; at < size; at += mebibyte) await sink.data(bytes.subarray(at, at + mebibyte));
      } finally {
        setImmediate(tellLayout);
      }
    },
    async close() {},
  };
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const endpoint = "http://127.0.0.1:9";
  const service = openS3Service({ endpoint, credentials, transport, clock: new FakeClock() });
  const sink = new OrderedSink(false);
  expect(await service.bucket("b").read("k", sink)).toMatchObject({ verified: "checksum" });
  expect(same(sink.bytes, bytes)).toBe(true);
  expect(ranges.length).toBeGreaterThan(5);
  expect(ranges).not.toContain(`bytes=${4 * mebibyte}-${4 * mebibyte - 1}`);
});
