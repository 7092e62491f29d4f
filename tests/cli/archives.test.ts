import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
const at = (...names: string[]) => path.join(command.home, ...names);

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  command = await BuiltCommand.build({ AWS_ENDPOINT_URL: server.endpoint, ENTREPOT_CACHE: "0", ...credentials });
  await mkdir(at("model/deep"), { recursive: true });
  await writeFile(at("model/a.txt"), "one");
  await writeFile(at("model/deep/b.txt"), "two");
});
afterAll(async () => {
  await command.close();
  await server.close();
});

test("a folder is packed, shown and unpacked; a dry run changes nothing", async () => {
  const planned = await command.run(["pack", "--dry-run", "model", "s3://b/m.tar.gz"]);
  expect([planned.code, planned.stderr]).toEqual([0, "would pack 2 objects, 6 B; nothing was changed\n"]);
  expect(server.requests).toEqual([]);
  const packed = await command.run(["pack", "--json", "model", "s3://b/m.tar.gz"]);
  expect(parseLines(packed.stdout).at(-1)).toMatchObject({ type: "summary", copied: { objects: 2, sizeBytes: 6 } });
  const shown = await command.run(["unpack", "--list", "--json", "s3://b/m.tar.gz"]);
  expect(parseLines(shown.stdout).map(({ path: name, kind, sizeBytes }) => [name, kind, sizeBytes])).toEqual([
    ["a.txt", "file", 3],
    ["deep/b.txt", "file", 3],
  ]);
  const unpacked = await command.run(["unpack", "s3://b/m.tar.gz", "out"]);
  expect([unpacked.code, unpacked.stderr]).toEqual([0, expect.stringMatching(/^unpacked 2 objects, 6 B in /)]);
  expect(await readFile(at("out/deep/b.txt"), "utf8")).toBe("two");
});

test("names that differ by case alone are an error, unless they are to be kept", async () => {
  await mkdir(at("twins"));
  for (const name of ["A.txt", "a.txt"]) await writeFile(at("twins", name), name);
  const names = (await readdir(at("twins"))).sort();
  await command.run(["pack", "twins", "s3://b/twins.zip"]);
  if (names.length === 2) {
    const refused = await command.run(["unpack", "s3://b/twins.zip", "twins-out"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--similar-names keep")]);
    expect(await readdir(at("."))).not.toContain("twins-out");
  }
  const kept = await command.run(["unpack", "--similar-names", "keep", "s3://b/twins.zip", "twins-out"]);
  expect(kept.code).toBe(0);
  expect((await readdir(at("twins-out"))).sort()).toEqual(names);
});

test("what expands too far is an error that names the option, in every command that decompresses", async () => {
  await writeFile(at("zeros.txt.gz"), gzipSync(`${"0".repeat(3_000_000)}\n`, { level: 9 }));
  for (const words of [["cat", "--decompress"], ["head"]]) {
    const refused = await command.run([...words, "zeros.txt.gz"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--max-ratio")]);
    const read = await command.run([...words, "--max-ratio", "2000", "zeros.txt.gz"]);
    expect([read.code, read.stdout.length]).toEqual([0, 3_000_001]);
    const less = await command.run([
      ...words,
      "--max-ratio",
      "2000",
      "--max-decompressed-bytes",
      "2MB",
      "zeros.txt.gz",
    ]);
    expect([less.code, less.stderr]).toEqual([1, expect.stringContaining("--max-decompressed-bytes")]);
  }
});

test("a folder that holds something, a name without a format, and mistakes end with codes of their own", async () => {
  await command.run(["pack", "model", "full.zip"]);
  await mkdir(at("full"));
  await writeFile(at("full/mine"), "mine");
  const full = await command.run(["unpack", "full.zip", "full"]);
  expect([full.code, full.stderr]).toEqual([1, expect.stringContaining("--existing merge")]);
  expect((await command.run(["unpack", "--existing", "merge", "full.zip", "full"])).code).toBe(0);
  expect((await readdir(at("full"))).sort()).toEqual(["a.txt", "deep", "mine"]);
  const unknown = await command.run(["pack", "model", "m.7z"]);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("--format")]);
  expect((await command.run(["pack", "--no-clobber", "model", "full.zip"])).code).toBe(6);
  expect((await command.run(["unpack", "full.zip"])).code).toBe(2);
  expect((await command.run(["unpack", "none.zip", "x"])).code).toBe(3);
});

test("snapshots are saved, listed, restored and cleared", async () => {
  const snapshots = (...args: string[]) => command.run(["snapshots", ...args, "--in", "s3://b/models/", "--json"]);
  expect((await snapshots("restore", "warm", "cold")).stdout).toContain("no-snapshot");
  expect(await readdir(at("cold"))).toEqual([]);
  expect((await snapshots("save", "warm", "model")).code).toBe(0);
  const [listed] = parseLines((await snapshots("list")).stdout);
  expect(listed).toMatchObject({ type: "snapshot", name: "warm", uri: "s3://b/models/snapshots/warm.zip" });
  expect((await snapshots("restore", "warm", "cold")).code).toBe(0);
  expect(await readFile(at("cold/a.txt"), "utf8")).toBe("one");
  expect((await snapshots("clear")).code).toBe(2);
  expect((await snapshots("clear", "warm")).code).toBe(0);
  expect((await snapshots("list")).stdout).toBe("");
});

test("a snapshot that is not saved is told, and a failure for those who want one", async () => {
  const told = await command.run(["snapshots", "save", "warm", "model"]);
  expect([told.code, told.stdout]).toEqual([
    0,
    expect.stringContaining("nothing was saved, because the root in force"),
  ]);
  expect((await command.run(["snapshots", "save", "--required", "warm", "model"])).code).toBe(2);
  expect((await command.run(["snapshots", "save", "a/../b", "model"])).code).toBe(2);
  const none = ["snapshots", "restore", "--in", "s3://b/models/", "none", "cold"];
  expect((await command.run(none)).code).toBe(0);
  expect((await command.run([...none, "--required"])).code).toBe(3);
});

test("what expands more than usual is unpacked by those who trust it", async () => {
  await mkdir(at("zeros"));
  await writeFile(at("zeros/0"), new Uint8Array(8_000_000));
  expect((await command.run(["pack", "zeros", "zeros.zip"])).code).toBe(0);
  const refused = await command.run(["unpack", "zeros.zip", "zeros-out"]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--max-ratio")]);
  expect((await command.run(["unpack", "--max-ratio", "2000", "zeros.zip", "zeros-out"])).code).toBe(0);
  expect((await command.run(["unpack", "--max-bytes", "1MB", "zeros.zip", "no"])).code).toBe(1);
});
