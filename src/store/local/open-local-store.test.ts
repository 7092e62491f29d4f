import * as fs from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isReservedName, openNodeDisk, safeJoin } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { storeContract } from "../../testing/index.ts";
import { readBytes } from "../index.ts";
import { openLocalStore } from "./index.ts";

describe("a folder keeps the contract", () => {
  const open = async () => {
    const root = await mkdtemp(join(tmpdir(), "entrepot-local-"));
    const store = openLocalStore({ disk: openNodeDisk(), root, durable: false });
    return { store, close: () => rm(root, { recursive: true }) };
  };
  const cannotHold = (key: string): string | undefined => {
    try {
      return isReservedName(safeJoin("/r", key).split("/").at(-1) ?? "") ? "a reserved name" : undefined;
    } catch (error) {
      if (isEntrepotError(error)) return error.message;
      throw error;
    }
  };
  const traits = { keepsMetadata: false, filesAndFoldersClash: true, cannotHold };
  for (const { name, run } of storeContract({ open, traits })) test(name, run);
});

describe("files are ordinary", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  let root = "";

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "entrepot-local-"));
  });

  afterEach(() => rm(root, { recursive: true }));

  const open = (folder = root) => openLocalStore({ disk: openNodeDisk(), root: folder });

  test("they bear the time that is asked for, and are versions of their own all the same", async () => {
    const store = open();
    const first = await store.write("a", encode("1"), { modifiedMs: 1e12 });
    expect(fs.statSync(join(root, "a")).mtimeMs).toBe(1e12);
    const second = await store.write("a", encode("2"), { modifiedMs: 1e12 });
    expect(second.etag).not.toBe(first.etag);
    expect((await store.stat("a")).modifiedMs).toBe(1e12);
  });

  test("nothing is deleted through a link that leads out of the folder where that is refused", async () => {
    fs.mkdirSync(join(root, "in"));
    fs.mkdirSync(join(root, "out"));
    fs.writeFileSync(join(root, "out", "a"), "x");
    fs.symlinkSync(join(root, "out"), join(root, "in", "link"));
    const store = openLocalStore({ disk: openNodeDisk(), root, containedIn: join(root, "in") });
    await expect(store.delete("in/link/a")).rejects.toMatchObject({ code: "unsafe-key" });
    expect(fs.existsSync(join(root, "out", "a"))).toBe(true);
  });

  test("what is written is a file that any program reads, and the other way round", async () => {
    await open().write("a/b.csv", encode("1,2"));
    expect(fs.readFileSync(join(root, "a/b.csv"), "utf8")).toBe("1,2");
    fs.writeFileSync(join(root, "c.txt"), "theirs");
    expect((await readBytes(open(), "c.txt")).bytes).toEqual(encode("theirs"));
  });

  test("replacing keeps the permissions of the file: a secret one does not become readable", async () => {
    fs.writeFileSync(join(root, "secret"), "old", { mode: 0o600 });
    await open().write("secret", encode("new"));
    expect(fs.statSync(join(root, "secret")).mode & 0o777).toBe(0o600);
  });

  test("an object's address is its file URL, with what a URL cannot hold escaped", async () => {
    const store = open(join(root, "a b"));
    expect(store.uri).toBe(`file://${root}/a%20b/`);
    await expect(store.stat("50%?#\u00e9")).rejects.toMatchObject({
      code: "not-found",
      uri: `file://${root}/a%20b/50%25%3F%23%C3%A9`,
    });
  });

  test("a store on the root of the disk has keys without the first slash", async () => {
    const store = openLocalStore({ disk: openNodeDisk(), root: "/", uri: "file:///" });
    await store.write(`${root.slice(1)}/x`, encode("text"));
    expect(fs.readFileSync(join(root, "x"), "utf8")).toBe("text");
    await expect(store.stat(`${root.slice(1)}/none`)).rejects.toMatchObject({ uri: `file://${root}/none` });
  });

  test("one folder copies to another, and keeps to the version that was asked for", async () => {
    const [from, to] = [open(join(root, "from")), open(join(root, "to"))];
    const { etag } = await from.write("x", encode("text"));
    await to.copyFrom({ store: from, key: "x", ifMatch: etag }, "y");
    expect(fs.readFileSync(join(root, "to/y"), "utf8")).toBe("text");
    await from.write("x", encode("late"));
    await expect(to.copyFrom({ store: from, key: "x", ifMatch: etag }, "z")).rejects.toMatchObject({
      code: "precondition-failed",
      uri: `${from.uri}x`,
    });
  });

  test("a source that is rewritten while it is copied leaves no copy", async () => {
    fs.writeFileSync(join(root, "x"), Buffer.alloc(3_000_000, 1));
    const disk = openNodeDisk();
    const rewriting: typeof disk = Object.create(disk, {
      openRead: {
        value: async (...args: Parameters<typeof disk.openRead>) => {
          const file = await disk.openRead(...args);
          fs.writeFileSync(join(root, "x"), Buffer.alloc(3_000_000, 2));
          return file;
        },
      },
    });
    for (const name of ["stat", "createPending", "readFolder", "readFile", "writeFile", "removeFile"] as const) {
      Object.defineProperty(rewriting, name, { value: disk[name].bind(disk) });
    }
    const store = openLocalStore({ disk: rewriting, root, durable: false });
    await expect(store.copyFrom({ store, key: "x" }, "y")).rejects.toMatchObject({ code: "changed" });
    expect(fs.readdirSync(root)).toEqual(["x"]);
  });

  test("deleting removes the file and leaves the folder, which is not listed", async () => {
    const store = open();
    await store.write("folder/x", encode("text"));
    await store.delete("folder/x");
    expect(fs.readdirSync(root)).toEqual(["folder"]);
    for await (const page of store.list({ rollUp: true })) expect(page).toBeUndefined();
  });

  test("versions are unsupported, not ignored", async () => {
    const store = open();
    await store.write("x", encode("text"));
    await expect(store.stat("x", { versionId: "1" })).rejects.toMatchObject({ code: "unsupported" });
    await expect(store.delete("x", { versionId: "1" })).rejects.toMatchObject({ code: "unsupported" });
  });
});
