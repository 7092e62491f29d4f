import { describe, expect, test } from "vitest";
import type { Depot } from "../depot/index.ts";
import { namesIn, readFilesFrom } from "./files-from.ts";
import { UsageError } from "./usage-error.ts";

async function* bytes(text: string | Uint8Array, size = 3) {
  const all = Buffer.from(text as string);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("a list of names", () => {
  test.each<[text: string, zero: boolean, names: readonly string[]]>([
    ["a\nb\n", false, ["a", "b"]],
    ["a\r\nb\r\n", false, ["a", "b"]],
    ["a\n\n\nb", false, ["a", "b"]],
    ["", false, []],
    ["\ufeffa\n", false, ["a"]],
    [" a \n#b\n", false, [" a ", "#b"]],
    ["grüße/\u{1f600}\n", false, ["grüße/\u{1f600}"]],
    ["a\nb\0c\r\0", true, ["a\nb", "c\r"]],
    ["a\0\0b", true, ["a", "b"]],
  ])("%j", async (text, zero, names) => {
    for (const size of [1, 2, 1_000]) expect(await all(namesIn(bytes(text, size), zero))).toEqual(names);
  });

  test("that is not UTF-8 is no list", async () => {
    await expect(all(namesIn(bytes(Uint8Array.of(0x61, 0xff, 0x0a)), false))).rejects.toMatchObject({
      code: "malformed",
    });
  });

  test("with zero bytes asks for -0", async () => {
    await expect(all(namesIn(bytes("a\0b\0"), false))).rejects.toBeInstanceOf(UsageError);
  });
});

describe("what a list stands for", () => {
  const depot = {
    readStream: () => {
      throw new Error("not asked");
    },
    list: (uri: string) => bytesOf(`${uri}x`),
    resolve: (address: string) => (address.includes("://") ? address : `file:///${address}`),
  } as unknown as Depot;
  async function* bytesOf(uri: string) {
    yield { kind: "object", uri, path: "x", sizeBytes: 1 };
  }

  test("without a folder, addresses", async () => {
    const list = { file: "-", zero: false, stdin: bytes("s3://b/a\n./c\n") };
    expect(await all(readFilesFrom(depot, list))).toEqual(["s3://b/a", "./c"]);
  });

  test("below a folder, names that keep their path; one that ends in / is all that lies there", async () => {
    const list = { file: "-", zero: false, stdin: bytes("a/b+%20\nsub/\n"), folder: "s3://b/dir" };
    expect(await all(readFilesFrom(depot, list))).toEqual([
      { uri: "s3://b/dir/a/b+%20", path: "a/b+%20" },
      { kind: "object", uri: "s3://b/dir/sub/x", path: "sub/x", sizeBytes: 1 },
    ]);
  });

  test("names as find writes them are below a folder of this machine", async () => {
    const list = { file: "-", zero: true, stdin: bytes("./a/b\0./c\0"), folder: "./dir" };
    expect(await all(readFilesFrom(depot, list))).toEqual([
      { uri: "./dir/a/b", path: "a/b" },
      { uri: "./dir/c", path: "c" },
    ]);
  });

  test("a name that leads out of the folder is refused", async () => {
    const list = { file: "-", zero: false, stdin: bytes("../x\n"), folder: "s3://b/dir/" };
    await expect(all(readFilesFrom(depot, list))).rejects.toMatchObject({ name: "UsageError" });
  });
});
