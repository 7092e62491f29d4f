import { describe, expect, test } from "vitest";
import { type ChecksumAlgorithm, checksumOf } from "../../checksum/index.ts";
import { broken, object, scripted, serve, TextSink, ten } from "../s3/scripted.fixture.ts";

describe("checksums", () => {
  const value = (algorithm: ChecksumAlgorithm, text = ten) =>
    Buffer.from(checksumOf(algorithm, Buffer.from(text))).toString("base64");
  const algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
  const header = (algorithm: ChecksumAlgorithm, announced: string) => ({
    [`x-amz-checksum-${algorithm.toLowerCase()}`]: announced,
  });

  test.each([
    ...algorithms.map((each) => [each, header(each, value(each)), "checksum"] as const),
    ["an unknown one", { "x-amz-checksum-future": "AAAA" }, "length"],
    [
      "one of parts without their number",
      { ...header("CRC64NVME", value("CRC64NVME", "x")), "x-amz-checksum-type": "COMPOSITE" },
      "length",
    ],
  ] as const)("%s is held against the bytes, over a break as well", async (_name, headers, verified) => {
    const { bucket } = scripted((request, n) =>
      n === 1
        ? { ...object(ten, '"a"', headers), cut: { afterBytes: 4, error: broken() } }
        : serve(request, ten, '"a"'),
    );
    expect(await bucket.read("k", new TextSink())).toMatchObject({ verified });
  });

  test.each(algorithms)("%s notices a single other byte", async (algorithm) => {
    const { bucket } = scripted(() => object("0123456780", '"a"', header(algorithm, value(algorithm))));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "integrity" });
  });

  test("that do not match are integrity, after reading again where the sink allows it", async () => {
    const wrong = () => object("0123456780", '"a"', header("CRC32", value("CRC32")));
    await expect(scripted(wrong).bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "integrity" });
    const healing = scripted((_request, n) =>
      n === 1 ? wrong() : object(ten, '"a"', header("CRC32", value("CRC32"))),
    );
    const sink = new TextSink(true);
    await healing.bucket.read("k", sink);
    expect(sink.text).toBe(ten);
    const never = scripted(wrong);
    await expect(never.bucket.read("k", new TextSink(true))).rejects.toMatchObject({ code: "integrity" });
    expect(never.transport.requests).toHaveLength(4);
  });
});
