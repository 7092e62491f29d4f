/** A pin file: members in, the same members out, whatever part is asked for; a damaged one is none. */
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { PinFile } from "./pin-file.ts";
import { type PinMember, pageLength, pinId } from "./pin-format.ts";
import { PinWriter } from "./pin-writer.ts";

const ownership = { groups: [], uid: process.getuid?.(), mode: 0o600 };
const disk = openNodeDisk();
const asked = { kind: "folder", key: "" } as const;
const member = (key: string): PinMember => ({ key, sizeBytes: key.length, etag: `"${key}"`, modifiedMs: 1 });

async function pinned(members: Iterable<PinMember>): Promise<{ readonly path: string; open(): Promise<PinFile> }> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-pin-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const writer = new PinWriter(await disk.createPending(folder, { mode: 0o600 }));
  for (const each of members) await writer.add(each);
  const about = { uri: "s3://b/", asked, root: "s3://b/", identity: ["s3"], listedMs: 5, complete: true };
  await writer.finish({ id: pinId(["s3"], "s3://b/", asked), ...about });
  const path = join(folder, "pin");
  await writer.publish(path);
  return {
    path,
    async open() {
      const file = await PinFile.open(disk, path, ownership);
      onTestFinished(() => file.close());
      return file;
    },
  };
}

async function keys(members: AsyncIterable<PinMember>): Promise<string[]> {
  const all: string[] = [];
  for await (const { key } of members) all.push(key);
  return all;
}

const several = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `d${index % 7}/𐀀～${String(index).padStart(5, "0")}`).sort(compareKeys);

test.each([0, 1, pageLength - 1, pageLength, pageLength + 1, 3 * pageLength + 7])(
  "%d members come back, all of them and below each prefix",
  async (count) => {
    const names = several(count);
    const file = await (await pinned(names.map(member))).open();
    expect(await keys(file.members())).toEqual(names);
    expect(file.pin).toMatchObject({ objects: count, sizeBytes: names.reduce((sum, { length }) => sum + length, 0) });
    for (const prefix of ["d", "d3/", "d6/𐀀～0", "e", ""])
      expect(await keys(file.members(prefix))).toEqual(names.filter((name) => name.startsWith(prefix)));
    for (const name of [names[0], names[pageLength], names.at(-1)].filter((each) => each !== undefined))
      expect(await file.find(name)).toEqual(member(name));
    expect(await file.find("d3/none")).toBeUndefined();
  },
);

test("a page of which nothing is wanted is not read", async () => {
  const names = ["a", ...several(4 * pageLength).map((name) => `big/${name}`), "z"];
  const { path, open } = await pinned(names.map(member));
  const bytes = await readFile(path);
  // damage in the third page shows what is read
  const at = bytes.indexOf(JSON.stringify(names[2 * pageLength + 10]));
  bytes[at + 1] = 0x7a;
  await writeFile(path, bytes);
  const file = await open();
  expect(await keys(file.members("z"))).toEqual(["z"]);
  const skipped = await keys(file.members("", { skip: () => "big/" }));
  expect([skipped[0], skipped.at(-1)]).toEqual(["a", "z"]);
  expect(skipped.length).toBeLessThan(2 * pageLength + 1);
  await expect(keys(file.members())).rejects.toMatchObject({ code: "integrity" });
});

test("versions of one key are members of their own, and what comes twice comes once", async () => {
  const a = member("a");
  const file = await (await pinned([a, a, { ...a, versionId: "1" }, { ...a, versionId: "2" }])).open();
  expect(await keys(file.members())).toEqual(["a", "a", "a"]);
  expect((await file.find("a", "2"))?.versionId).toBe("2");
  expect(await file.find("a", "3")).toBeUndefined();
});

test("a listing in no order is a protocol error", async () => {
  await expect(pinned([member("b"), member("a")])).rejects.toMatchObject({ code: "protocol" });
});

test("no damage of the file gives a wrong member: each byte that is changed, each cut, each addition", async () => {
  const names = several(40);
  const { path, open } = await pinned(names.map(member));
  const bytes = await readFile(path);
  const outcome = async () => {
    try {
      return await keys((await open()).members());
    } catch (error) {
      return (error as { readonly code?: string }).code;
    }
  };
  for (let at = 0; at < bytes.length; at += 13) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed);
    expect(await outcome(), `byte ${at}`).toBe("integrity");
  }
  for (let length = 0; length < bytes.length; length += 57) {
    await writeFile(path, bytes.subarray(0, length));
    expect(await outcome(), `cut at ${length}`).toBe("integrity");
  }
  await writeFile(path, bytes);
  await appendFile(path, "x");
  expect(await outcome()).toBe("integrity");
});

test("a link in its place is not followed", async () => {
  const { path } = await pinned([member("a")]);
  const { symlink } = await import("node:fs/promises");
  await symlink(path, `${path}-link`);
  await expect(PinFile.open(disk, `${path}-link`, ownership)).rejects.toMatchObject({ name: "EntrepotError" });
});
