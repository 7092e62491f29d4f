import { expect } from "vitest";
import { base64Md5 } from "../raw.ts";
import {
  checksumsIgnored,
  crc32,
  deleteTwo,
  elementsOf,
  oneOnly,
  type Probe,
  put,
  refused,
  trailed,
  trailerHeaders,
  twoKeys,
} from "./asked.ts";

export const gcs: Readonly<Record<string, Probe>> = {
  "gcs-rewritten-accept-encoding": async (raw) => {
    const headers = { "accept-encoding": "identity" };
    refused(await raw.signed("GET", "/b", { headers }), 403, "SignatureDoesNotMatch");
    expect((await raw.signed("GET", "/b", {})).status).toBe(200);
  },
  "gcs-no-trailers": async (raw) => {
    refused(await put(raw, "a", trailerHeaders, trailed), 403, "SignatureDoesNotMatch", "Access denied.");
  },
  "gcs-checksums-ignored": checksumsIgnored,
  "gcs-no-checksum-of-uploads": async (raw) => {
    const whole = { headers: { "x-amz-checksum-crc32": crc32 } };
    refused(await raw.upload("a", [0, 0], whole), 412, "PreconditionFailed");
    expect((await raw.upload("a", [0, 0])).status).toBe(200);
  },
  "gcs-unconditional-writes": async (raw) => {
    expect((await oneOnly(raw, "if-none-match", "*")).status).toBe(200);
    expect((await oneOnly(raw, "if-match", '"0"')).status).toBe(200);
    expect((await raw.send("GET", "/b/one")).text).toBe("second");
  },
  "gcs-generations": async (raw) => {
    for (const { headers } of [await put(raw, "a"), await raw.send("GET", "/b/a"), await raw.send("HEAD", "/b/a")]) {
      expect(headers["x-goog-generation"]).toMatch(/^\d{16}$/);
      expect(headers["x-goog-metageneration"]).toBe("1");
    }
  },
  "gcs-no-multi-object-delete": async (raw) => {
    const message = "A header or query you provided requested a function that is not implemented.";
    refused(await deleteTwo(raw, { "content-md5": base64Md5(twoKeys) }), 501, "NotImplemented", message);
  },
  "gcs-opaque-etags": async (raw) => {
    const { text } = await raw.upload("a", [0, 0]);
    expect(await raw.etagOf("/b/a")).toMatch(/^"C[\w-]+="$/);
    expect(text).toContain(`<ETag>${(await raw.etagOf("/b/a")).replaceAll('"', "&quot;")}</ETag>`);
  },
  "gcs-own-errors": async (raw) => {
    const missing = await raw.send("GET", "/b/none");
    expect(elementsOf(missing)).toEqual(["Code", "Message", "Details"]);
    expect(missing.headers["server"]).toBe("UploadServer");
  },
};
