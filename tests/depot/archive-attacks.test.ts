/** Entries made to harm: every one is refused with its cause, or lands inside; nothing is left, and nothing outside is touched. */
import { mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Box, openBox } from "../hostile-box.ts";
import { hostile } from "../hostile-inputs.ts";
import { type RawTarEntry, type RawZipEntry, rawTar, rawZip } from "../raw-archives.ts";

let box: Box;
let unpacked: Box["unpacked"];
let folder: string;
let data: Depot;
beforeEach(async () => {
  box = await openBox();
  ({ folder, data, unpacked } = box);
});
afterEach(() => box.close());

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
      // a name of a folder with bytes behind it is neither
      const refused = key.endsWith("/")
        ? /^(=|unsafe-key|unrepresentable-name|malformed)/
        : /^(=|unsafe-key|unrepresentable-name)/;
      for (const each of said) expect(each).toMatch(refused);
    }
  });
});

type Both = { readonly tar: readonly RawTarEntry[]; readonly zip?: readonly RawZipEntry[] };
const inBoth = (same: readonly { name: string; body: string }[]) => ({ tar: same, zip: same });
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
    inBoth([
      { name: "d", body: "1" },
      { name: "d", body: "2" },
    ]),
    "malformed",
  ],
  [
    "a file and a folder of one name",
    inBoth([
      { name: "d", body: "1" },
      { name: "d/e", body: "2" },
    ]),
    "malformed",
  ],
  [
    "a folder and a file of one name",
    inBoth([
      { name: "d/e", body: "1" },
      { name: "d", body: "2" },
    ]),
    "malformed",
  ],
  ["a sparse file", { tar: [{ name: "s", type: "S", body: "x" }] }, "unsupported"],
  ["an entry of no known type", { tar: [{ name: "s", type: "M" }] }, "unsupported"],
  [
    "names that differ by case alone",
    inBoth([
      { name: "D", body: "1" },
      { name: "d", body: "2" },
    ]),
    "unrepresentable-name",
  ],
  [
    "names that differ by their normal form alone",
    inBoth([
      { name: "\u00e9/a", body: "1" },
      { name: "e\u0301/b", body: "2" },
    ]),
    "unrepresentable-name",
  ],
  [
    "a folder that holds bytes",
    { tar: [{ name: "d", type: "5", body: "e" }], zip: [{ name: "d/", body: "e" }] },
    "malformed",
  ],
  ["a folder by its name that holds bytes", { tar: [{ name: "d/", type: "0", body: "e" }] }, "malformed"],
  ["a folder with the names that were in it, as in backups", { tar: [{ name: "d", type: "D", body: "Ya\0\0" }] }, "=d"],
];

describe("entries", () => {
  test.each(entries)("%s", async (_, { tar, zip }, expected) => {
    expect(await unpacked("e.tar", rawTar(tar))).toBe(expected);
    if (zip !== undefined) expect(await unpacked("e.zip", rawZip(zip))).toBe(expected);
  });

  test("that differ by case or letter forms alone are kept on request, where this disk tells them apart", async () => {
    const both = ["D", "d", "\u00e9", "e\u0301", "\ufb00", "ff"].map((name) => ({ name, body: name }));
    for (const [name, bytes] of [["s.tar", rawTar(both)] as const, ["s.zip", rawZip(both)] as const]) {
      const said = await unpacked(name, bytes, { similarNames: "keep" });
      // one that does not says so itself
      if (said !== "unrepresentable-name")
        expect(said.slice(1).split(" ").sort()).toEqual(both.map(({ name }) => name).sort());
      await expect(data.unpack(`memory:///${name}`, join(folder, "dry"), { dryRun: true })).rejects.toMatchObject({
        code: "unrepresentable-name",
        hint: expect.stringContaining("--similar-names keep"),
      });
    }
    expect(await unpacked("m.zip", rawZip(both), { match: /^[Df]/ })).toBe("=D ff");
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
