/** What the probes of several personalities ask and assert. */
import { expect } from "vitest";
import type { RawAnswer, RawClient } from "../raw.ts";

export type Probe = (raw: RawClient) => Promise<void>;

/** Of the body `x`. */
export const crc32 = "jNwWgw==";
export const trailed = `1\r\nx\r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`;
export const trailerHeaders = {
  "content-encoding": "aws-chunked",
  "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "x-amz-decoded-content-length": "1",
  "x-amz-trailer": "x-amz-checksum-crc32",
};
export const twoKeys = "<Delete><Object><Key>a</Key></Object><Object><Key>c</Key></Object></Delete>";

export const put = (raw: RawClient, key: string, headers: Readonly<Record<string, string>> = {}, body = "x") =>
  raw.send("PUT", `/b/${key}`, { body, headers });
export const deleteTwo = (raw: RawClient, headers: Readonly<Record<string, string>>) =>
  raw.send("POST", "/b?delete", { body: twoKeys, headers });

export function refused(answer: RawAnswer, status: number, code: string, message?: string | RegExp): void {
  expect(answer).toMatchObject({ status, code });
  if (message !== undefined) expect(answer.message).toMatch(message);
}

export async function oneOnly(raw: RawClient, header: string, value: string): Promise<RawAnswer> {
  await put(raw, "one", {}, "first");
  return put(raw, "one", { [header]: value }, "second");
}

export const elementsOf = ({ text }: RawAnswer) => [...text.matchAll(/<(\w+)>[^<]*<\/\1>/g)].map(([, name]) => name);

export async function signatureV2(raw: RawClient): Promise<void> {
  const sent = { headers: { "content-type": "text/plain", "x-amz-meta-a": "1" }, body: "x" };
  expect((await raw.signedV2("PUT", "/b/v2 key".replace(" ", "%20"), sent)).status).toBe(200);
  expect((await raw.signedV2("GET", "/b?location", {})).status).toBe(200);
  const expires = Math.floor(Date.now() / 1000) + 60;
  expect((await raw.presignedV2("GET", "/b/v2%20key", expires)).text).toBe("x");
  refused(await raw.presignedV2("GET", "/b/v2%20key", expires - 120), 403, "AccessDenied");
  refused(await raw.signedV2("GET", "/b/v2%20key", {}, "other"), 403, "SignatureDoesNotMatch");
}

export async function unconditionalDeletions(raw: RawClient): Promise<void> {
  await put(raw, "a");
  expect((await raw.send("DELETE", "/b/a", { headers: { "if-match": '"0"' } })).status).toBe(204);
  expect((await raw.send("HEAD", "/b/a")).status).toBe(404);
}

export async function checksumsIgnored(raw: RawClient): Promise<void> {
  const wrong = await put(raw, "a", { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-sdk-checksum-algorithm": "CRC32" });
  const read = await raw.send("GET", "/b/a", { headers: { "x-amz-checksum-mode": "ENABLED" } });
  expect([wrong.status, read.status]).toEqual([200, 200]);
  const names = [wrong, read].flatMap(({ headers }) => Object.keys(headers));
  expect(names.filter((name) => name.startsWith("x-amz-checksum"))).toEqual([]);
  expect((await raw.send("GET", "/b?list-type=2")).text).not.toContain("Checksum");
}
