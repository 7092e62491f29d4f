import { expect } from "vitest";
import { base64Md5 } from "../raw.ts";
import { deleteTwo, oneOnly, type Probe, put, refused, twoKeys } from "./asked.ts";

export const aws: Readonly<Record<string, Probe>> = {
  "aws-default-checksum": async (raw) => {
    expect((await put(raw, "a")).headers).toMatchObject({ "x-amz-checksum-crc64nvme": expect.any(String) });
  },
  "aws-keys-are-names": async (raw) => {
    const keys = ["x/../y", "a//b", "/lead", "dir", "dir/below"];
    for (const key of keys) expect((await put(raw, key)).status).toBe(200);
    const { text } = await raw.send("GET", "/b?list-type=2");
    for (const key of keys) expect(text).toContain(`<Key>${key}</Key>`);
  },
  "aws-parts-of-any-size": async (raw) => {
    expect((await raw.upload("parts", [1, 0, 2])).status).toBe(200);
    refused(await raw.upload("parts", [0, 0], { order: [2, 1] }), 400, "InvalidPartOrder");
  },
  "aws-conditional-writes": async (raw) => {
    refused(await oneOnly(raw, "if-none-match", "*"), 412, "PreconditionFailed");
    expect((await put(raw, "one", { "if-match": await raw.etagOf("/b/one") })).status).toBe(200);
    refused(await raw.send("DELETE", "/b/one", { headers: { "if-match": '"0"' } }), 412, "PreconditionFailed");
  },
  "aws-protected-deletions": async (raw) => {
    refused(await deleteTwo(raw, {}), 400, "InvalidRequest");
    expect((await deleteTwo(raw, { "content-md5": base64Md5(twoKeys) })).status).toBe(200);
  },
};
