import { expect } from "vitest";
import { elementsOf, type Probe, put, refused } from "./asked.ts";

export const r2: Readonly<Record<string, Probe>> = {
  "r2-region-auto": async (raw) => {
    expect((await raw.signed("GET", "/b", { region: "auto" })).status).toBe(200);
    refused(
      await raw.signed("GET", "/b", { region: "eu-west-1" }),
      400,
      "InvalidRegionName",
      /'eu-west-1' is not valid/,
    );
  },
  "r2-no-signed-chunks": async (raw) => {
    const payloadHash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    const sent = { payloadHash, headers: { "x-amz-decoded-content-length": "1" }, body: "x" };
    refused(await raw.signed("PUT", "/b/a", sent), 501, "NotImplemented", `${payloadHash} not implemented`);
  },
  "r2-refused-headers": async (raw) => {
    const message = "Header 'x-amz-tagging' with value 'a=1' not implemented";
    refused(await put(raw, "a", { "x-amz-tagging": "a=1" }), 501, "NotImplemented", message);
    refused(await put(raw, "a", { "x-amz-server-side-encryption": "AES256" }), 501, "NotImplemented", /'AES256'/);
  },
  "r2-no-tagging": async (raw) => {
    await put(raw, "a");
    refused(await raw.send("GET", "/b/a?tagging"), 501, "NotImplemented", "GetObjectTagging not implemented");
  },
  "r2-no-bucket-settings": async (raw) => {
    refused(await raw.signed("GET", "/b?policy", {}), 501, "NotImplemented", "GetBucketPolicy not implemented");
    const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    refused(
      await raw.signed("PUT", "/b?versioning", { body }),
      501,
      "NotImplemented",
      "PutBucketVersioning not implemented",
    );
  },
  "r2-head-without-range": async (raw) => {
    await put(raw, "a", {}, "twelve bytes");
    const head = await raw.send("HEAD", "/b/a", { headers: { range: "bytes=0-3" } });
    expect([head.status, head.headers["content-length"]]).toEqual([200, "12"]);
  },
  "r2-equal-parts": async (raw) => {
    expect((await raw.upload("even", [1, 1, 0])).status).toBe(200);
    const message = "All non-trailing parts must have the same length.";
    refused(await raw.upload("uneven", [0, 1, 0]), 400, "InvalidPart", message);
    refused(await raw.upload("longer", [0, 1]), 400, "InvalidPart", message);
  },
  "r2-parts-in-any-order": async (raw) => {
    expect((await raw.upload("a", [0, 0], { order: [2, 1] })).status).toBe(200);
    expect((await raw.send("GET", "/b/a", { headers: { range: "bytes=0-0" } })).text).toBe("A");
  },
  "r2-full-object-crc64": async (raw) => {
    const whole = (algorithm: string) =>
      raw.send("POST", "/b/a?uploads", {
        headers: { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": "FULL_OBJECT" },
      });
    refused(await whole("CRC32"), 501, "NotImplemented");
    expect((await whole("CRC64NVME")).status).toBe(200);
  },
  "r2-short-errors": async (raw) => {
    const missing = await raw.send("GET", "/b/none");
    expect(elementsOf(missing)).toEqual(["Code", "Message"]);
    expect(missing.headers["server"]).toBe("cloudflare");
  },
};
