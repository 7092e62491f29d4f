import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../checksum/index.ts";
import { EntrepotError, type ErrorCode } from "../../error/index.ts";
import { type ObjectInfo, type ObjectStore, openMemoryStore } from "../../store/index.ts";
import { compareContents } from "./contents.ts";
import type { Found, Side } from "./found.ts";
import type { Compare } from "./types.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const md5 = (text: string | Uint8Array) => createHash("md5").update(text).digest("hex");
const crc = (text: string) => Buffer.from(checksumOf("CRC32", bytes(text))).toString("base64");

type Object = { readonly side: Side; readonly found: Found; readonly asked: string[] };
const found = (text: string, over: Partial<Found>): Found => ({
  uri: "x:k",
  path: "k",
  sizeBytes: bytes(text).byteLength,
  modifiedMs: 5_000,
  etag: '"opaque"',
  ...over,
});

async function here(text: string, over: Partial<Found> = {}): Promise<Object> {
  const store = openMemoryStore();
  await store.write("f/k", bytes(text));
  const asked: string[] = [];
  const { read } = store;
  store.read = (key, sink, options) => {
    asked.push(`read ${key}`);
    return read.call(store, key, sink, options);
  };
  return { side: { kind: "at-hand", keepsTimes: false, store, key: "f/" }, found: found(text, over), asked };
}

/** Only its HEAD answers, or fails with a code. */
function there(text: string, over: Partial<Found>, head: Partial<ObjectInfo> | ErrorCode): Object {
  const asked: string[] = [];
  const known = found(text, over);
  const store = {
    async stat(key: string, options: { readonly checksums?: boolean }): Promise<ObjectInfo> {
      asked.push(`stat ${key} ${options.checksums}`);
      if (typeof head === "string") throw new EntrepotError(head, head);
      return { ...known, key, versionId: undefined, ...head };
    },
  } as unknown as ObjectStore;
  return { side: { kind: "server", keepsTimes: false, store, key: "p/" }, found: known, asked };
}

async function told(source: Object, target: Object, compare: Compare = "auto"): Promise<string> {
  const { same, means, reason } = await compareContents(source, target, { compare });
  return `${same ? "" : "not "}same: ${reason} (${means})`;
}

const opaque = { etag: '"opaque"' };
const plain = (text: string) => ({ etag: `"${md5(text)}"` });

describe("a file against a server", () => {
  test("is held against an ETag that is its MD5, without a request", async () => {
    for (const compare of ["auto", "checksum"] as const) {
      const target = there("abc", plain("abc"), "forbidden");
      expect(await told(await here("abc"), target, compare)).toBe("same: same MD5 (checksum)");
      expect(target.asked).toEqual([]);
    }
  });
  test("is another where the ETag is another MD5; only the exact way asks whether it is one", async () => {
    const auto = there("abc", plain("abd"), {});
    expect(await told(await here("abc"), auto)).toBe("not same: MD5 differs (checksum)");
    expect(auto.asked).toEqual([]);
    const exact = there("abc", plain("abd"), {});
    expect(await told(await here("abc"), exact, "checksum")).toBe("not same: MD5 differs (checksum)");
    expect(exact.asked).toEqual(["stat p/k true"]);
  });
  test("under KMS, where the ETag is no MD5, is held against the checksum that the server keeps", async () => {
    const kms = { encryption: "aws:kms", checksums: { CRC32: crc("abc") } };
    expect(await told(await here("abc"), there("abc", plain("other"), kms), "checksum")).toBe(
      "same: same CRC32 (checksum)",
    );
    expect(await told(await here("abd"), there("abc", plain("other"), kms), "checksum")).toBe(
      "not same: CRC32 differs (checksum)",
    );
  });
  test("uploaded in parts is found by the sizes that parts usually have", async () => {
    const [first, second] = [Buffer.alloc(5 * 1024 ** 2, 1), Buffer.alloc(1024, 2)];
    const etag = `"${md5(Buffer.concat([first, second].map((part) => Buffer.from(md5(part), "hex"))))}-2"`;
    const text = Buffer.concat([first, second]).toString("latin1");
    const target = there(text, { etag }, "forbidden");
    expect(await told(await here(text), target)).toBe("same: same MD5 (checksum)");
    expect(target.asked).toEqual([]);
    const other = await here(text.replace("\u0002", "\u0003"), { modifiedMs: 6_000 });
    expect(await told(other, target)).toBe("not same: newer at the source (time)");
    expect(target.asked).toEqual(["stat p/k true"]);
  });
  test("with an ETag that says nothing is held against the server's checksum", async () => {
    const head = { checksums: { CRC32: crc("abc") } };
    expect(await told(await here("abc"), there("abc", opaque, head))).toBe("same: same CRC32 (checksum)");
    expect(await told(there("abc", opaque, head), await here("abd"))).toBe("not same: CRC32 differs (checksum)");
  });
  test.each(["forbidden", "unsupported", "unreachable", "not-found"] as const)(
    "of which the server says nothing (%s) is judged by time, and copied where times do not count",
    async (code) => {
      const newer = await here("abc", { modifiedMs: 6_000 });
      expect(await told(newer, there("abc", opaque, code))).toBe("not same: newer at the source (time)");
      expect(await told(await here("abc"), there("abc", opaque, code), "checksum")).toBe(
        "not same: nothing to compare the contents by (checksum)",
      );
    },
  );
  test("fails where the server does", async () => {
    await expect(told(await here("abc"), there("abc", opaque, "timeout"))).rejects.toMatchObject({ code: "timeout" });
  });
  test("that is no longer what was listed is changed", async () => {
    const source = await here("abc", { sizeBytes: 9 });
    await expect(told(source, there("abcabcabc", plain("x"), {}))).rejects.toMatchObject({ code: "changed" });
  });
});

describe("two servers", () => {
  const parts = { etag: `"${md5("x")}-2"` };
  test("are held against each other by a checksum that both keep", async () => {
    const one = there("abc", parts, { ...parts, checksums: { CRC32: crc("abc"), SHA1: "x" } });
    const same = there("abc", plain("abc"), { ...plain("abc"), checksums: { CRC32: crc("abc") } });
    const other = there("abd", plain("abd"), { ...plain("abd"), checksums: { CRC32: crc("abd") } });
    expect(await told(one, same)).toBe("same: same CRC32 (checksum)");
    expect(await told(one, other)).toBe("not same: CRC32 differs (checksum)");
    expect(one.asked).toEqual(["stat p/k true", "stat p/k true"]);
  });
  test.each([
    ["uploads in parts without a checksum", parts, {}],
    ["what may not be read", plain("a"), "forbidden"],
    ["what KMS encrypts without a checksum", plain("a"), { encryption: "aws:kms" }],
  ] as const)("cost one request where there is nothing to compare by: %s", async (_what, listed, head) => {
    const [one, other] = [there("abc", listed, head), there("abc", { etag: `"${md5("x")}-3"` }, {})];
    expect(await told(one, other)).toBe("same: same size, not newer (time)");
    expect([one.asked.length, other.asked.length]).toEqual([1, 0]);
  });
  test("without one differ where both ETags are digests of all bytes", async () => {
    const [one, other] = [there("abc", plain("a"), plain("a")), there("abc", plain("b"), plain("b"))];
    expect(await told(one, other)).toBe("not same: ETag differs (etag)");
    expect(await told(one, there("abc", plain("b"), { ...plain("b"), encryption: "AES256" }))).toBe(
      "not same: ETag differs (etag)",
    );
  });
  test.each(["aws:kms", "aws:kms:dsse", "customer"])(
    "are judged by time where one is encrypted by %s, and copied where times do not count",
    async (encryption) => {
      const one = there("abc", plain("a"), { ...plain("a"), encryption });
      const other = there("abc", plain("b"), plain("b"));
      expect(await told(one, other)).toBe("same: same size, not newer (time)");
      expect(await told(one, other, "checksum")).toBe("not same: nothing to compare the contents by (checksum)");
    },
  );
});

test("two files are read", async () => {
  expect(await told(await here("abc"), await here("abc"))).toBe("same: same MD5 (checksum)");
  expect(await told(await here("abc"), await here("abd"), "checksum")).toBe("not same: MD5 differs (checksum)");
});
