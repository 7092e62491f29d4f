/** The text of a record. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type EntryRecord, formatRecord, parseRecord } from "./record.ts";

const entry = "ab".repeat(32);
const record: EntryRecord = {
  entry,
  uri: "s3://bucket/naïve \uD83D\uDE00.csv",
  info: {
    key: "naïve \uD83D\uDE00.csv",
    sizeBytes: 3,
    modifiedMs: 1_700_000_000_000,
    etag: '"x"',
    versionId: undefined,
    metadata: { "2": "b", "1": "a", __proto__x: "c" },
  },
  verified: "checksum",
  complete: true,
  expired: false,
  fetchedMs: 1,
  checkedMs: 2,
  dataName: `${entry}-0123456789abcdef.csv`,
  sha256: "0".repeat(64),
  blocks: "00000000",
  file: { inode: "1", sizeBytes: 3, modifiedNs: "1", changedNs: "2" },
  witness: { bootId: "b", host: "h" },
};

test("what is written is read back", () => {
  expect(parseRecord(formatRecord(record), entry)).toEqual({ ...record, info: { ...record.info } });
});

test("any change of any bit makes it no record", () => {
  const bytes = formatRecord(record);
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = bytes.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(parseRecord(changed, entry)).toBeUndefined();
  }
});

test("cut or extended it is no record, and neither is that of another entry", () => {
  const bytes = formatRecord(record);
  for (let length = 0; length < bytes.length; length += 1)
    expect(parseRecord(bytes.slice(0, length), entry)).toBeUndefined();
  expect(parseRecord(Buffer.concat([bytes, Buffer.from(" ")]), entry)).toBeUndefined();
  expect(parseRecord(bytes, "cd".repeat(32))).toBeUndefined();
});

test("arbitrary bytes are no record", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => parseRecord(bytes, entry) === undefined));
});

test.each([
  { dataName: "../../victim" },
  { dataName: `${"cd".repeat(32)}-0123456789abcdef` },
  { dataName: `${entry}.json` },
  { info: { ...record.info, etag: "" } },
  { info: { ...record.info, sizeBytes: "3" } },
  { info: null },
  { file: undefined },
  { expired: "no" },
  { checkedMs: null },
  { verified: "perhaps" },
])("with the right checksum and %j it is still no record", (change) => {
  expect(parseRecord(formatRecord({ ...record, ...change } as EntryRecord), entry)).toBeUndefined();
});
