import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import type { ListOptions } from "../index.ts";
import { openLocalStore } from "./index.ts";

let root = "";

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-walk-"));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

test("a missing folder lists nothing, a file in its place as well", async () => {
  expect(await list({}, join(root, "none"))).toEqual([]);
  put("file");
  expect(await list({ prefix: "file/" })).toEqual([]);
  expect(await list({ prefix: "../" })).toEqual([]);
});

test("temporary files and locks are not listed and cannot be written as objects", async () => {
  const names = [`.entrepot-${"a".repeat(32)}.tmp.csv`, `.entrepot-${"b".repeat(32)}.lock`];
  put("x", ...names);
  expect(await list()).toEqual(["x"]);
  for (const name of names) {
    const write = openLocalStore({ disk: openNodeDisk(), root }).write(`a/${name}`, new Uint8Array(1));
    await expect(write).rejects.toMatchObject({ code: "unrepresentable-name" });
  }
});

test("links to files and folders are followed, dangling ones are no objects", async () => {
  put("real/x");
  fs.symlinkSync("real", join(root, "linked"));
  fs.symlinkSync("real/x", join(root, "y"));
  fs.symlinkSync("nowhere", join(root, "dangling"));
  expect(await list()).toEqual(["linked/x", "real/x", "y"]);
});

test("a cycle of links is walked once, not for ever", async () => {
  put("a/x", "b/y");
  fs.symlinkSync("../b", join(root, "a/to-b"));
  fs.symlinkSync("../a", join(root, "b/to-a"));
  fs.symlinkSync(".", join(root, "a/self"));
  fs.symlinkSync(root, join(root, "a/up"));
  expect(await list()).toEqual(["a/to-b/y", "a/x", "b/to-a/x", "b/y"]);
});

test("folders without a file, however deep, are not rolled up", async () => {
  put("full/deep/x");
  fs.mkdirSync(join(root, "empty/deeper"), { recursive: true });
  expect(await list({ rollUp: true })).toEqual(["full/"]);
});

test("a folder whose last key comes before the start is not rolled up", async () => {
  put("a/1", "a/2", "b/1");
  expect(await list({ rollUp: true, startAfter: "a/1" })).toEqual(["a/", "b/"]);
  expect(await list({ rollUp: true, startAfter: "a/2" })).toEqual(["b/"]);
});

test("a name that is no text is an error, not a silent loss", async () => {
  put("x");
  fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), "");
  await expect(list()).rejects.toMatchObject({ code: "unrepresentable-name", uri: expect.stringContaining("file://") });
});

test.skipIf(process.getuid?.() === 0)("a folder that may not be read is forbidden, not empty", async () => {
  put("secret/x");
  fs.chmodSync(join(root, "secret"), 0);
  await expect(list()).rejects.toMatchObject({ code: "forbidden" });
  fs.chmodSync(join(root, "secret"), 0o700);
});

function put(...paths: readonly string[]): void {
  for (const path of paths) {
    fs.mkdirSync(join(root, path, ".."), { recursive: true });
    fs.writeFileSync(join(root, path), "");
  }
}

async function list(options: ListOptions = {}, folder = root): Promise<string[]> {
  const found: string[] = [];
  for await (const page of openLocalStore({ disk: openNodeDisk(), root: folder }).list(options)) {
    found.push(...page.objects.map(({ key }) => key), ...page.folders);
  }
  return found;
}
