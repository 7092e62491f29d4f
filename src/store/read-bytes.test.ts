import { expect, test } from "vitest";
import { readBytes } from "./read-bytes.ts";
import { scripted } from "./s3/scripted.fixture.ts";

test.each([2 ** 31, 10 ** 15, Number.MAX_SAFE_INTEGER])(
  "%s announced bytes are more than one array holds: limit-exceeded, at once, with a way out",
  async (sizeBytes) => {
    const { bucket, transport } = scripted(() => ({
      status: 200,
      headers: { etag: '"a"', "content-length": String(sizeBytes) },
      body: "text",
    }));
    await expect(readBytes(bucket, "k")).rejects.toMatchObject({
      code: "limit-exceeded",
      uri: "s3://b/k",
      hint: expect.stringContaining("localCopy"),
    });
    expect(transport.requests).toHaveLength(1);
  },
);

test("bytes come with the version that they are of", async () => {
  const { bucket } = scripted(() => ({ status: 200, headers: { etag: '"a"', "content-length": "4" }, body: "text" }));
  const { bytes, result } = await readBytes(bucket, "k");
  expect(Buffer.from(bytes).toString()).toBe("text");
  expect(result.info.etag).toBe('"a"');
});
