import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { type Taken, TakenFiles } from "./taken.ts";

const from = { source: "s3://b/in/", target: "file:///here/", sourceServer: "amazonaws.com", targetServer: null };
const file = (path: string, etag = '"1"'): Taken => ({ path, etag, sizeBytes: 1 });
const disk = openNodeDisk();

describe("what was taken", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const open = () => new TakenFiles(disk, folder, from);
  const known = async () => {
    const all: Taken[] = [];
    for await (const taken of open().known()) all.push(taken);
    return all;
  };

  test("is known at once, in the order of the keys' bytes, the last word on each", async () => {
    const taken = open();
    for (const path of ["b", "a/x", "\u{1f600}", "\uffee", "a.b"]) await taken.add(file(path));
    await taken.add(file("b", '"2"'));
    const sorted = ["a.b", "a/x", "b", "\uffee", "\u{1f600}"];
    expect((await known()).map(({ path }) => path)).toEqual(sorted);
    await taken.settle();
    await taken.add(file("a.c"));
    await taken.add(file("a.b", '"3"'));
    const all = await known();
    expect(all.map(({ path }) => path)).toEqual(["a.b", "a.c", ...sorted.slice(1)]);
    expect(all.map(({ etag }) => etag)).toEqual(['"3"', '"1"', '"1"', '"2"', '"1"', '"1"']);
    await taken.settle();
    expect(await known()).toEqual(all);
    expect(await readdir(folder)).toEqual(["taken.ndjson"]);
  });

  test("is known after a process that died in the middle of a line", async () => {
    await open().add(file("a"));
    await appendFile(join(folder, "taken.log"), '["b","\\"1');
    expect(await known()).toEqual([file("a")]);
    await open().settle();
    await open().add(file("c"));
    expect(await known()).toEqual([file("a"), file("c")]);
  });

  test("is what it was when nothing came to it", async () => {
    await open().settle();
    expect(await readdir(folder)).toEqual([]);
    await open().add(file("a"));
    await open().settle();
    const before = await readFile(join(folder, "taken.ndjson"), "utf8");
    await open().settle();
    expect(await readFile(join(folder, "taken.ndjson"), "utf8")).toBe(before);
  });

  test("that is of something else, or says nothing, is refused", async () => {
    await open().add(file("a"));
    await open().settle();
    const other = new TakenFiles(disk, folder, { ...from, source: "s3://b/other/" });
    await expect(other.known().next()).rejects.toMatchObject({ code: "misconfigured" });
    for (const text of ["hello\n", '{"entrepot":"taken","version":2}\n', "[1]\n"]) {
      await writeFile(join(folder, "taken.ndjson"), text);
      await expect(known()).rejects.toMatchObject({ code: "malformed" });
    }
  });

  test("is of one source, target and server, also where its process died before it ended", async () => {
    await open().add(file("a"));
    const elsewhere = new TakenFiles(disk, folder, { ...from, sourceServer: "http://127.0.0.1:9000" });
    const all = async () => {
      for await (const _ of elsewhere.known());
    };
    await expect(all()).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringMatching(/amazonaws\.com.*127\.0\.0\.1:9000/),
    });
    expect((await known()).length).toBe(1);
  });
});
