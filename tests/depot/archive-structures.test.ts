/** Archives whose structure is made to harm: lying sizes, overlaps, bombs, damage. Refused with their cause; nothing is left. */
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Box, openBox } from "../hostile-box.ts";
import { rawTar, rawZip } from "../raw-archives.ts";

let box: Box;
let unpacked: Box["unpacked"];
beforeEach(async () => {
  box = await openBox();
  ({ unpacked } = box);
});
afterEach(() => box.close());

const megabytes = Buffer.alloc(4_000_000);
const structures: readonly (readonly [what: string, zip: () => Buffer, expected: string])[] = [
  [
    "claims 4 GiB of 120 bytes",
    () => rawZip([{ name: "a", body: "e", method: 8, sizeBytes: 0xfffffffe }]),
    "malformed",
  ],
  ["has another name in an entry's own header", () => rawZip([{ name: "a", body: "e", localName: "b" }]), "malformed"],
  ["has another size in an entry's own header", () => rawZip([{ name: "a", body: "e", localSize: 7 }]), "malformed"],
  ["has a folder that holds bytes", () => rawZip([{ name: "a/", body: "e" }]), "malformed"],
  ["has a wrong checksum", () => rawZip([{ name: "a", body: "e", crc: 1 }]), "integrity"],
  ["claims less than comes out", () => rawZip([{ name: "a", body: "abcdef", method: 8, sizeBytes: 3 }]), "malformed"],
  ["claims more than comes out", () => rawZip([{ name: "a", body: "abc", method: 8, sizeBytes: 6 }]), "malformed"],
  ["stores fewer bytes than it claims", () => rawZip([{ name: "a", body: "abc", sizeBytes: 6 }]), "malformed"],
  [
    "says other sizes behind an entry",
    () => rawZip([{ name: "a", body: "e", flags: 8, after: Buffer.alloc(16, 1) }]),
    "malformed",
  ],
  ["is encrypted", () => rawZip([{ name: "a", body: "e", flags: 1 }]), "unsupported"],
  ["compresses by AES's method 99", () => rawZip([{ name: "a", body: "e", method: 99 }]), "unsupported"],
  ["compresses by Deflate64", () => rawZip([{ name: "a", body: "e", method: 9 }]), "unsupported"],
  ["compresses by PPMd", () => rawZip([{ name: "a", body: "e", method: 98 }]), "unsupported"],
  ["compresses by LZMA, and is cut", () => rawZip([{ name: "a", body: "e", method: 14 }]), "truncated"],
  ["is LZMA with a dictionary of gigabytes", () => lzmaZip((bytes) => bytes.fill(0xff, 5, 9)), "limit-exceeded"],
  ["is LZMA of no properties", () => lzmaZip((bytes) => bytes.fill(0xff, 4, 5)), "malformed"],
  ["is LZMA that is damaged", () => lzmaZip((bytes) => bytes.fill(0xaa, 20, 24)), "malformed integrity truncated"],
  ["is LZMA that claims less", () => lzmaZip(undefined, 299), "malformed"],
  ["is LZMA that claims more", () => lzmaZip(undefined, 301), "malformed"],
  [
    "has another zip's end in its comment",
    () => rawZip([{ name: "a" }], { comment: `PK\x05\x06${"\0".repeat(18)}` }),
    "malformed",
  ],
  ["is followed by something", () => Buffer.concat([rawZip([{ name: "a" }]), Buffer.from("more")]), "malformed"],
  [
    "has entries that share their bytes",
    () =>
      rawZip([
        { name: "a", body: "e" },
        { name: "b", body: "e", at: 0 },
      ]),
    "malformed",
  ],
  [
    "has entries that overlap",
    () =>
      rawZip([
        { name: "a", body: rawZip([{ name: "b", body: "e" }]) },
        { name: "b", body: "e", at: 31 },
      ]),
    "malformed",
  ],
  ["claims more entries than there are", () => rawZip([{ name: "a" }], { count: 2 }), "malformed"],
  ["claims fewer", () => rawZip([{ name: "a" }, { name: "b" }], { count: 1 }), "malformed"],
  ["claims an index that does not fit", () => rawZip([{ name: "a" }], { start: 1_000_000 }), "malformed"],
  ["is no zip", () => Buffer.from("hello"), "malformed"],
  ["is empty", () => Buffer.alloc(0), "malformed"],
  ["is cut", () => rawZip([{ name: "a", body: "e".repeat(200) }]).subarray(0, 150), "truncated"],
  ["expands a thousandfold and more", () => rawZip([{ name: "a", body: megabytes, method: 8 }]), "limit-exceeded"],
  ["deflates less than it says", () => rawZip([{ name: "a", body: "e", method: 8, packedBytes: 2 }]), "truncated"],
  ["has zip64 numbers that are negative", () => zip64([0xffffffffffffffffn, 0xffffffffffffffffn]), "malformed"],
  ["has zip64 numbers that are huge", () => zip64([2n ** 40n, 2n ** 45n]), "malformed"],
];

/** One entry, whose index is said to lie and to hold so much. */
function zip64([count, size]: readonly [bigint, bigint]): Buffer {
  const plain = rawZip([{ name: "a" }]);
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(count, 24);
  record.writeBigUInt64LE(count, 32);
  record.writeBigUInt64LE(size, 40);
  record.writeBigUInt64LE(31n, 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(plain.length - 22), 64);
  record.writeUInt32LE(1, 72);
  const end = Buffer.from(plain.subarray(-22));
  end.fill(0xff, 8, 20);
  return Buffer.concat([plain.subarray(0, -22), record, end]);
}

/** One entry of 300 letters as Python's zipfile writes it by LZMA: nine bytes of a header, the data, a mark at its end. */
const pythonsLzma = Buffer.from("CQQFAF0AAIAAACYWhbxF8PoXNbnTICA8ebymGriNQ/4////tnAAA", "base64");

function lzmaZip(change: (bytes: Buffer) => unknown = () => undefined, sizeBytes = 300): Buffer {
  const body = Buffer.from(pythonsLzma);
  change(body);
  const crc = crc32("LZMA in a zip, ".repeat(20));
  return rawZip([{ name: "a", body, method: 14, flags: 2, sizeBytes, crc }]);
}

describe("a zip that", () => {
  test.each(structures)("%s", async (_, zip, expected) => {
    expect(expected.split(" ")).toContain(await unpacked("s.zip", zip()));
  });

  test("is compressed by LZMA is read", async () => {
    expect(await unpacked("l.zip", lzmaZip())).toBe("=a");
  });

  test("is padded with zeros, as bsdtar does in a pipe, is read", async () => {
    expect(await unpacked("p.zip", Buffer.concat([rawZip([{ name: "a" }]), Buffer.alloc(9_000)]))).toBe("=a");
  });

  test("has a comment, or something before it, is read", async () => {
    expect(await unpacked("c.zip", rawZip([{ name: "a" }], { comment: "PK\x05\x06 so it ends" }))).toBe("=a");
    expect(await unpacked("c.zip", Buffer.concat([Buffer.from("#!/bin/sh\n"), rawZip([{ name: "a" }])]))).toBe("=a");
  });
});

describe("a tar that", () => {
  const whole = rawTar([{ name: "a", body: "e".repeat(700) }]);
  test.each<[string, () => Uint8Array, string, string]>([
    ["ends without its end mark", () => whole.subarray(0, -1024), "t.tar", "truncated"],
    ["ends within a file", () => whole.subarray(0, 900), "t.tar", "truncated"],
    ["ends within a header", () => whole.subarray(0, 300), "t.tar", "truncated"],
    ["is empty", () => Buffer.alloc(0), "t.tar", "truncated"],
    ["is no tar", () => Buffer.alloc(1024, 0x61), "t.tar", "malformed"],
    [
      "has a damaged header behind the first",
      () => flipped(Buffer.concat([whole.subarray(0, -1024), whole]), whole.length - 1024 + 5),
      "t.tar",
      "integrity",
    ],
    [
      "has the index of pixz behind its end",
      () => Buffer.concat([whole, Buffer.alloc(3_000), Buffer.from("a64c322ed614aedb2e2f", "hex")]),
      "t.tar",
      "=a",
    ],
    [
      "has what begins as that index behind its end",
      () => Buffer.concat([whole, Buffer.from("a64c322ed614ae", "hex")]),
      "t.tar",
      "malformed",
    ],
    ["has something behind its end", () => Buffer.concat([whole, whole]), "t.tar", "malformed"],
    ["has a size of no number", () => rawTar([{ name: "a", size: "99999999999\0" }]), "t.tar", "malformed"],
    ["has a negative size", () => rawTar([{ name: "a", size: "\xff".repeat(12) }]), "t.tar", "malformed"],
    ["has a size of petabytes", () => rawTar([{ name: "a", size: `\x80${"\xff".repeat(11)}` }]), "t.tar", "malformed"],
    ["claims terabytes", () => rawTar([{ name: "a", size: "77777777777\0" }]), "t.tar", "truncated"],
    ["has a record of gigabytes", () => rawTar([{ name: "p", type: "x", size: 2 ** 31 }]), "t.tar", "limit-exceeded"],
    ["has records that are none", () => rawTar([{ name: "p", type: "x", body: "99 path=x\n" }]), "t.tar", "malformed"],
    [
      "says twice how large it is",
      () =>
        rawTar([
          { name: "p", type: "x", body: "12 size=700\n" },
          { name: "a", size: 3, body: "e".repeat(700) },
        ]),
      "t.tar",
      "=a",
    ],
    [
      "is a sparse file by pax",
      () => rawTar([{ name: "p", type: "x", body: "22 GNU.sparse.major=1\n" }, { name: "a" }]),
      "t.tar",
      "unsupported",
    ],
    ["has padding in whole records", () => Buffer.concat([whole, Buffer.alloc(9_000)]), "t.tar", "=a"],
    ["is compressed and cut", () => gzipSync(whole).subarray(0, 60), "t.tar.gz", "truncated"],
    ["is compressed and damaged", () => flipped(gzipSync(whole), -6), "t.tar.gz", "integrity"],
    ["is not compressed as it says", () => whole, "t.tar.xz", "malformed"],
    [
      "is compressed a thousandfold and more",
      () => gzipSync(rawTar([{ name: "a", body: Buffer.alloc(20_000_000) }]), { level: 9 }),
      "t.tar.gz",
      "limit-exceeded",
    ],
  ])("%s", async (_, tar, name, expected) => {
    expect(await unpacked(name, tar())).toBe(expected);
  });
});

function flipped(source: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(source);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
}

test("what is expanded further than maxRatio is refused, and read by those who raise it, whatever compresses it", async () => {
  await box.data.writeBytes("memory:///b", megabytes, { compress: "bzip2" });
  const body = await box.data.readBytes("memory:///b.bz2");
  const deflated = rawZip([{ name: "a", body: megabytes, method: 8 }]);
  const bzipped = rawZip([{ name: "a", body, method: 12, sizeBytes: megabytes.length, crc: crc32(megabytes) }]);
  for (const zip of [deflated, bzipped]) {
    expect(await unpacked("r.zip", zip)).toBe("limit-exceeded");
    expect(await unpacked("r.zip", zip, { maxRatio: Infinity })).toBe("=a");
    const read = async (maxRatio?: number) => {
      await using archive = box.data.archive("memory:///r.zip", { maxRatio });
      return (await archive.readBytes("a")).length;
    };
    await expect(read()).rejects.toMatchObject({ code: "limit-exceeded", hint: expect.stringContaining("maxRatio") });
    expect(await read(Infinity)).toBe(megabytes.length);
  }
});

test("a deflated body with something behind it in its own bytes is malformed", async () => {
  const packed = Buffer.concat([deflateRawSync("abc"), Buffer.from("more")]);
  const zip = rawZip([{ name: "a", body: packed, sizeBytes: 3, packedBytes: packed.length }]);
  // stored by the generator, deflated by the headers
  for (const at of [8, zip.indexOf("PK\x01\x02", 0, "latin1") + 10]) zip.writeUInt16LE(8, at);
  expect(await unpacked("d.zip", zip)).toBe("malformed");
});

test("an archive of another kind than its name says is an error that says which", async () => {
  const tar = rawTar([{ name: "a", body: "e".repeat(700) }]);
  const kinds: readonly (readonly [string, Uint8Array, string])[] = [
    ["m.tar", gzipSync(tar), "tar.gz"],
    ["m.tar", Buffer.from("BZh91AY&SY"), "tar.bz2"],
    ["m.tar", rawZip([{ name: "a", body: "e".repeat(700) }]), "zip"],
    ["m.zip", gzipSync(tar), "tar.gz"],
    ["m.zip", tar, "tar"],
  ];
  for (const [name, bytes, format] of kinds) {
    await box.data.writeBytes(`memory:///${name}`, bytes);
    await expect(box.data.unpack(`memory:///${name}`, `${box.folder}/out`)).rejects.toMatchObject({
      code: "malformed",
      hint: expect.stringContaining(`{ format: "${format}" }`),
    });
  }
});

test.each([
  [["a", "a/b"], 'a file "a", and "a/b" below it'],
  [["a/b", "a"], 'a folder "a", and a file of the same name'],
  [["a", "a"], 'two entries "a"'],
  [["d/a", "./d/a"], 'two entries "d/a"'],
])("%j are names in each other's way, and the error says how", async (names, expected) => {
  const both = names.map((name) => ({ name, body: "e" }));
  for (const [name, bytes] of [["m.tar", rawTar(both)] as const, ["m.zip", rawZip(both)] as const]) {
    await box.data.writeBytes(`memory:///${name}`, bytes);
    await expect(box.data.unpack(`memory:///${name}`, `${box.folder}/out`)).rejects.toMatchObject({
      code: "malformed",
      message: expect.stringContaining(expected),
    });
  }
});
