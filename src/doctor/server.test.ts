import { describe, expect, it } from "vitest";
import { serverFindings } from "./server.ts";
import type { Seen } from "./witness.ts";

const nowMs = Date.UTC(2030, 0, 1, 12);
const answer = (headers: Record<string, string>, over: Partial<Seen> = {}): Seen => ({
  method: "GET",
  origin: "https://h",
  path: "/b/k",
  status: 200,
  region: "eu-west-1",
  atMs: nowMs,
  headers: { "x-amz-request-id": "R", ...headers },
  ...over,
});
function found(seen: readonly Seen[], name: string) {
  return serverFindings(seen, "eu-west-1").find((finding) => finding.name === name);
}
const dateIn = (minutes: number) => ({ date: new Date(nowMs + minutes * 60_000).toUTCString() });

describe("what a server's answers tell", () => {
  it.each([
    [0, "ok", /within 1 s/],
    [5, "note", /^5 min behind/],
    [-20, "note", /^20 min ahead of/],
  ])("of the clock, %d minutes off", (minutes, status, value) => {
    expect(found([answer(dateIn(minutes))], "clock")).toMatchObject({ status, value: expect.stringMatching(value) });
  });

  it("of the region: what it names, else what was learned from it, else nothing", () => {
    expect(found([answer({ "x-amz-bucket-region": "eu-west-1" })], "bucket.region")).toMatchObject({ status: "ok" });
    expect(found([answer({}, { status: 400 }), answer({}, { region: "us-east-2" })], "bucket.region")).toMatchObject({
      status: "note",
      hint: expect.stringContaining("--region us-east-2"),
    });
    expect(found([answer({})], "bucket.region")).toBeUndefined();
    expect(found([answer({ "x-amz-bucket-region": "a b\u001b" })], "bucket.region")).toBeUndefined();
  });

  it("of checksums, where an object was answered", () => {
    expect(found([answer({ etag: "a", "x-amz-checksum-crc64nvme": "x" })], "checksum")?.value).toBe("CRC64NVME");
    expect(found([answer({ etag: "a" })], "checksum")?.value).toBe("none in these answers");
    expect(found([answer({})], "checksum")).toBeUndefined();
  });

  it("is nothing where there was none", () => expect(serverFindings([], "eu-west-1")).toEqual([]));
});
