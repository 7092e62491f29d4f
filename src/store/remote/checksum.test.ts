import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { broken, object, scripted, serve, TextSink, ten } from "../s3/scripted.fixture.ts";

describe("checksums", () => {
  const crc = (text: string) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(text));
    return bytes.toString("base64");
  };
  const sha = (name: string, text: string) => createHash(name).update(text).digest("base64");

  test.each([
    ["crc32", { "x-amz-checksum-crc32": crc(ten) }, "checksum"],
    ["sha256", { "x-amz-checksum-sha256": sha("sha256", ten) }, "checksum"],
    ["sha1", { "x-amz-checksum-sha1": sha("sha1", ten) }, "checksum"],
    ["an unknown one", { "x-amz-checksum-future": "AAAA" }, "length"],
    ["one of parts", { "x-amz-checksum-crc32": `${crc("x")}-3` }, "length"],
    [
      "one of parts, said otherwise",
      { "x-amz-checksum-crc32": crc("x"), "x-amz-checksum-type": "COMPOSITE" },
      "length",
    ],
  ])("%s is held against the bytes, over a break as well", async (_name, headers, verified) => {
    const { bucket } = scripted((request, n) =>
      n === 1
        ? { ...object(ten, '"a"', headers), cut: { afterBytes: 4, error: broken() } }
        : serve(request, ten, '"a"'),
    );
    expect(await bucket.read("k", new TextSink())).toMatchObject({ verified });
  });

  test("that do not match are integrity, after reading again where the sink allows it", async () => {
    const wrong = () => object("0123456780", '"a"', { "x-amz-checksum-crc32": crc(ten) });
    await expect(scripted(wrong).bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "integrity" });
    const healing = scripted((_request, n) =>
      n === 1 ? wrong() : object(ten, '"a"', { "x-amz-checksum-crc32": crc(ten) }),
    );
    const sink = new TextSink(true);
    await healing.bucket.read("k", sink);
    expect(sink.text).toBe(ten);
    const never = scripted(wrong);
    await expect(never.bucket.read("k", new TextSink(true))).rejects.toMatchObject({ code: "integrity" });
    expect(never.transport.requests).toHaveLength(4);
  });
});
