import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeFsOperations } from "./fs-operations.ts";
import { openNodeDisk } from "./open-node-disk.ts";

const disk = openNodeDisk();
let root = "";
const at = (name: string) => join(root, name);

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-links-"));
  fs.writeFileSync(at("a"), "one", { mode: 0o640 });
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

test("a link says where it leads, whether anything is there or not", async () => {
  await disk.makeLink(at("link"), at("a"));
  await disk.makeLink(at("nowhere"), at("b"));
  expect(fs.readFileSync(at("link"), "utf8")).toBe("one");
  expect(await disk.readLink(at("nowhere"))).toBe(at("b"));
  expect(await disk.readLink(at("a"))).toBeUndefined();
  expect(await disk.readLink(at("c"))).toBeUndefined();
});

test("a link takes nobody's name, unless it is to replace", async () => {
  await expect(disk.makeLink(at("a"), at("b"))).rejects.toMatchObject({ code: "already-exists" });
  expect(fs.readFileSync(at("a"), "utf8")).toBe("one");
  await disk.makeLink(at("link"), at("b"));
  await disk.makeLink(at("link"), at("a"), { replace: true });
  expect(await disk.readLink(at("link"))).toBe(at("a"));
  expect(fs.readdirSync(root).sort()).toEqual(["a", "link"]);
});

test("a link that cannot replace what is there leaves nothing of its own", async () => {
  fs.mkdirSync(at("folder"));
  await expect(disk.makeLink(at("folder"), at("a"), { replace: true })).rejects.toMatchObject({
    code: "already-exists",
  });
  expect(fs.readdirSync(root).sort()).toEqual(["a", "folder"]);
  const failing = openNodeDisk({
    operations: {
      ...nodeFsOperations,
      rename: () => {
        throw Object.assign(new Error("EIO"), { code: "EIO", errno: -5 });
      },
    },
  });
  await expect(failing.makeLink(at("link"), at("a"), { replace: true })).rejects.toMatchObject({ code: "io" });
  expect(fs.readdirSync(root).sort()).toEqual(["a", "folder"]);
});

test("a copy has the bytes and the mode, and replaces nothing", async () => {
  await disk.copyFile(at("a"), at("copy"));
  fs.writeFileSync(at("a"), "two");
  expect(fs.readFileSync(at("copy"), "utf8")).toBe("one");
  expect(fs.statSync(at("copy")).mode & 0o777).toBe(0o640);
  await expect(disk.copyFile(at("a"), at("copy"))).rejects.toMatchObject({ code: "already-exists" });
  await expect(disk.copyFile(at("none"), at("b"))).rejects.toMatchObject({ code: "not-found" });
});
