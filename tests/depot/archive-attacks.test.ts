/** Archives made to harm: every one is refused with its cause, or lands inside; nothing is left, and nothing outside is touched. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { type Depot, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostile } from "../hostile-inputs.ts";
import { type RawTarEntry, type RawZipEntry, rawTar, rawZip } from "../raw-archives.ts";

let folder: string;
let data: Depot;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-attack-"));
  await mkdir(join(folder, "box"));
  await writeFile(join(folder, "secret"), "mine");
  data = entrepot({ env: {}, envFile: false, cache: false }) as Depot;
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true, force: true });
});

async function all(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}

/** The code that an archive is refused with, or what came out of it. What is outside stays in any case. */
async function unpacked(name: string, bytes: Uint8Array, options = {}): Promise<string> {
  await data.writeBytes(`memory:///${name}`, bytes);
  const target = join(folder, "box", "out");
  let said: string;
  try {
    await data.unpack(`memory:///${name}`, target, options);
    said = `=${(await all(target)).join(" ")}`;
    await rm(target, { recursive: true });
  } catch (error) {
    said = String((error as { code?: string }).code ?? (error as Error).stack);
    expect((error as { hint?: string }).hint).toEqual(expect.any(String));
  }
  expect(await all(folder)).toEqual(["box", "secret"]);
  expect(await readFile(join(folder, "secret"), "utf8")).toBe("mine");
  return said;
}

const x = "x".repeat(255);
const names: readonly (readonly [name: string, expected: string])[] = [
  ["a/../../e", "unsafe-key"],
  ["../e", "unsafe-key"],
  ["..", "unsafe-key"],
  ["dir/..", "unsafe-key"],
  ["a/../b", "unsafe-key"],
  ["/etc/passwd", "unsafe-key"],
  ["//e", "unsafe-key"],
  ["C:\\e", "unsafe-key"],
  ["C:e", "unsafe-key"],
  ["dir\\..\\..\\e", "unsafe-key"],
  ["\\\\srv\\e", "unsafe-key"],
  ["", "unrepresentable-name"],
  [".", "unsafe-key"],
  ["a//b", "unrepresentable-name"],
  ["a/./b", "unrepresentable-name"],
  [`${x}x`, "unrepresentable-name"],
  ["../out-evil/e", "unsafe-key"],
  [".entrepot-0123456789abcdef0123456789abcdef.tmp", "unsafe-key"],
  ["./a", "=a"],
  ["././b/c", "=b b/c"],
  ["__proto__", "=__proto__"],
  ["~", "=~"],
  ["-rf", "=-rf"],
  ["CON", "=CON"],
  ["\uff0e\uff0e/x", "=\uff0e\uff0e \uff0e\uff0e/x"],
];

describe("names", () => {
  test.each(names)("%j", async (name, expected) => {
    expect(await unpacked("e.zip", rawZip([{ name, body: "e", flags: 0x800 }]))).toBe(expected);
    // a header of a tar ends a name at its first NUL and its hundredth byte
    if (Buffer.byteLength(name) <= 100) expect(await unpacked("e.tar", rawTar([{ name, body: "e" }]))).toBe(expected);
    const pax = `path=${name}\n`;
    const record = `${Buffer.byteLength(pax) + 4} ${pax}`.padEnd(4);
    if (Buffer.byteLength(pax) > 90 || Buffer.byteLength(pax) < 7) return;
    const tar = rawTar([
      { name: "p", type: "x", body: record.replace(/^\d+/, String(Buffer.byteLength(pax) + 3)) },
      { name: "harmless", body: "e" },
    ]);
    expect(await unpacked("e.tar", tar)).toBe(expected);
  });

  test("that are not text, or hold a NUL", async () => {
    expect(await unpacked("e.zip", rawZip([{ name: Buffer.from([0x61, 0xff]), flags: 0x800 }]))).toBe(
      "unrepresentable-name",
    );
    expect(await unpacked("e.zip", rawZip([{ name: "a\0b" }]))).toBe("unsafe-key");
    expect(await unpacked("e.tar", rawTar([{ name: Buffer.from([0x61, 0xff]) }]))).toBe("unrepresentable-name");
    // without the flag it is the old letters of PCs
    expect(await unpacked("e.zip", rawZip([{ name: Buffer.from([0x61, 0x81]) }]))).toBe("=aü");
  });

  test("of every hostile key: inside, or refused", async () => {
    for (const key of hostile.keys) {
      const said = [
        await unpacked("k.zip", rawZip([{ name: key, body: "e", flags: 0x800 }])),
        await unpacked("k.tar", rawTar([{ name: key, body: "e" }])),
      ];
      for (const each of said) expect(each).toMatch(/^(=|unsafe-key|unrepresentable-name)/);
    }
  });
});

type Both = { readonly tar: readonly RawTarEntry[]; readonly zip?: readonly RawZipEntry[] };
const entries: readonly (readonly [what: string, archive: Both, expected: string])[] = [
  [
    "a symbolic link out",
    { tar: [{ name: "l", type: "2", link: "../.." }], zip: [{ name: "l", body: "../..", mode: 0o120777 }] },
    "unsafe-key",
  ],
  ["a symbolic link to another drive", { tar: [{ name: "l", type: "2", link: "C:../../x" }] }, "unsafe-key"],
  [
    "a chain of links",
    {
      tar: [
        { name: "a", type: "2", link: "." },
        { name: "a/b", type: "2", link: ".." },
        { name: "a/b/e", body: "e" },
      ],
      zip: [
        { name: "a", body: ".", mode: 0o120777 },
        { name: "a/b", body: "..", mode: 0o120777 },
        { name: "a/b/e", body: "e" },
      ],
    },
    "unsafe-key",
  ],
  [
    "a hard link, then a file",
    {
      tar: [
        { name: "h", type: "1", link: "/etc/passwd" },
        { name: "h", body: "e" },
      ],
    },
    "unsafe-key",
  ],
  ["a hard link out", { tar: [{ name: "h", type: "1", link: "../secret" }] }, "unsafe-key"],
  ["a pipe", { tar: [{ name: "f", type: "6" }], zip: [{ name: "f", mode: 0o010644 }] }, "unsafe-key"],
  ["a device", { tar: [{ name: "c", type: "3" }], zip: [{ name: "c", mode: 0o020644 }] }, "unsafe-key"],
  [
    "a link in disguise",
    {
      tar: [
        { name: "\u00df/x", body: "e" },
        { name: "ss", type: "2", link: ".." },
      ],
    },
    "unsafe-key",
  ],
  [
    "a name twice",
    {
      tar: [
        { name: "d", body: "1" },
        { name: "d", body: "2" },
      ],
      zip: [
        { name: "d", body: "1" },
        { name: "d", body: "2" },
      ],
    },
    "malformed",
  ],
  [
    "a file and a folder of one name",
    {
      tar: [
        { name: "d", body: "1" },
        { name: "d/e", body: "2" },
      ],
      zip: [
        { name: "d", body: "1" },
        { name: "d/e", body: "2" },
      ],
    },
    "malformed",
  ],
  [
    "a folder and a file of one name",
    {
      tar: [
        { name: "d/e", body: "1" },
        { name: "d", body: "2" },
      ],
      zip: [
        { name: "d/e", body: "1" },
        { name: "d", body: "2" },
      ],
    },
    "malformed",
  ],
  ["a sparse file", { tar: [{ name: "s", type: "S", body: "x" }] }, "unsupported"],
  ["an entry of no known type", { tar: [{ name: "s", type: "M" }] }, "unsupported"],
  [
    "names that differ in case, on a disk that knows the difference",
    {
      tar: [
        { name: "D", body: "1" },
        { name: "d", body: "2" },
      ],
      zip: [
        { name: "D", body: "1" },
        { name: "d", body: "2" },
      ],
    },
    "=D d",
  ],
];

describe("entries", () => {
  test.each(entries)("%s", async (_, { tar, zip }, expected) => {
    expect(await unpacked("e.tar", rawTar(tar))).toBe(expected);
    if (zip !== undefined) expect(await unpacked("e.zip", rawZip(zip))).toBe(expected);
  });

  test("may be links that are left out on request, and said", async () => {
    await data.writeBytes(
      "memory:///l.tar",
      rawTar([
        { name: "l", type: "2", link: ".." },
        { name: "a", body: "1" },
      ]),
    );
    const report = await data.unpack("memory:///l.tar", join(folder, "out"), { links: "skip" });
    expect(report).toMatchObject({ copied: { objects: 1 }, skipped: { objects: 1 } });
    expect(await readdir(join(folder, "out"))).toEqual(["a"]);
  });

  test("lose the bits that make others' rights theirs", async () => {
    const target = join(folder, "out");
    for (const name of ["s.tar", "s.zip"]) {
      const bytes = name === "s.tar" ? rawTar([{ name: "s", mode: 0o4777 }]) : rawZip([{ name: "s", mode: 0o104777 }]);
      await data.writeBytes(`memory:///${name}`, bytes);
      await data.unpack(`memory:///${name}`, target, { existing: "replace" });
      expect((await stat(join(target, "s"))).mode & 0o7777).toBe(0o755);
    }
  });

  test("are shown by a list all the same", async () => {
    await data.writeBytes(
      "memory:///e.tar",
      rawTar([
        { name: "../x", body: "e" },
        { name: "l", type: "2", link: "/" },
        { name: "p", type: "6" },
      ]),
    );
    await data.writeBytes("memory:///e.zip", rawZip([{ name: "../x", body: "e" }]));
    const list = async (name: string) =>
      (await data.archive(`memory:///${name}`).list().toArray()).map(({ path, kind }) => `${kind} ${path}`);
    expect(await list("e.tar")).toEqual(["file ../x", "link l", "other p"]);
    expect(await list("e.zip")).toEqual(["file ../x"]);
    await expect(data.archive("memory:///e.zip").readBytes("../x")).rejects.toMatchObject({ code: "unsafe-key" });
  });

  test("do not follow what was planted in the target before", async () => {
    const target = join(folder, "out");
    await mkdir(target);
    await symlink(folder, join(target, "a"));
    await data.writeBytes("memory:///p.tar", rawTar([{ name: "a/secret", body: "theirs" }]));
    await expect(data.unpack("memory:///p.tar", target, { existing: "merge" })).rejects.toMatchObject({
      code: "unsafe-key",
    });
    await data.unpack("memory:///p.tar", target, { existing: "replace" });
    expect(await readFile(join(folder, "secret"), "utf8")).toBe("mine");
    expect(await readFile(join(target, "a", "secret"), "utf8")).toBe("theirs");
  });
});

const megabytes = Buffer.alloc(4_000_000);
const structures: readonly (readonly [what: string, zip: () => Buffer, expected: string])[] = [
  [
    "claims 4 GiB of 120 bytes",
    () => rawZip([{ name: "a", body: "e", method: 8, sizeBytes: 0xfffffffe }]),
    "malformed",
  ],
  ["has another name in an entry's own header", () => rawZip([{ name: "a", body: "e", localName: "b" }]), "malformed"],
  ["has another size in an entry's own header", () => rawZip([{ name: "a", body: "e", localSize: 7 }]), "malformed"],
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
  ["compresses by LZMA", () => rawZip([{ name: "a", body: "e", method: 14 }]), "unsupported"],
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

describe("a zip that", () => {
  test.each(structures)("%s", async (_, zip, expected) => {
    expect(await unpacked("s.zip", zip())).toBe(expected);
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

test("a deflated body with something behind it in its own bytes is malformed", async () => {
  const packed = Buffer.concat([deflateRawSync("abc"), Buffer.from("more")]);
  const zip = rawZip([{ name: "a", body: packed, sizeBytes: 3, packedBytes: packed.length }]);
  // stored by the generator, deflated by the headers
  for (const at of [8, zip.indexOf("PK\x01\x02", 0, "latin1") + 10]) zip.writeUInt16LE(8, at);
  expect(await unpacked("d.zip", zip)).toBe("malformed");
});
