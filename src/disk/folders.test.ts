/** Folders and files of a group: nobody ever meets them with less than their mode, and everybody in it can go on with them. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failNth, SimulatedCrash } from "./fail-nth.ts";
import { nodeFsOperations } from "./fs-operations.ts";
import { openNodeDisk } from "./open-node-disk.ts";
import { isPendingName } from "./reserved-names.ts";

const isRoot = process.getuid?.() === 0;
const modeOf = (path: string) => fs.statSync(path).mode & 0o7777;
let root = "";

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-shared-"));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

describe.each([0o2770, 0o2750, 0o700])("folders of mode %o", (mode) => {
  test("are there with that mode or not at all, whatever dies meanwhile", async () => {
    for (let nth = 1; ; nth += 1) {
      const folder = join(root, String(nth));
      const failing = failNth(nodeFsOperations, nth, { crash: true });
      const crash = await openNodeDisk({ operations: failing.operations })
        .makeFolder(join(folder, "a"), mode)
        .catch((error: unknown) => error);
      const there = [folder, join(folder, "a")].filter((path) => fs.existsSync(path));
      // a private one that was left without its mode is private all the same
      expect(new Set(there.map(modeOf))).toEqual(new Set(there.length > 0 ? [mode] : []));
      await openNodeDisk().makeFolder(join(folder, "a"), mode);
      expect(modeOf(join(folder, "a"))).toBe(mode);
      if (crash === undefined) return;
      expect(crash).toBeInstanceOf(SimulatedCrash);
    }
  });

  test("leave nothing behind where they cannot be made", async () => {
    for (let nth = 1; ; nth += 1) {
      const failing = failNth(nodeFsOperations, nth, { errno: "EIO" });
      const made = openNodeDisk({ operations: failing.operations }).makeFolder(join(root, String(nth)), mode);
      const error = await made.catch((reason: unknown) => reason);
      expect(fs.readdirSync(root).filter(isPendingName)).toEqual([]);
      if (!failing.fired) return expect(error).toBeUndefined();
    }
  });
});

test("two who make the same folder at once both have it, with what the other put in it", async () => {
  const path = join(root, "both");
  let others = 0;
  const operations = {
    ...nodeFsOperations,
    fchmod: (fd: number, mode: number) => {
      others += 1;
      fs.mkdirSync(path, { recursive: true });
      fs.writeFileSync(join(path, `theirs-${others}`), "");
      nodeFsOperations.fchmod(fd, mode);
    },
  };
  await openNodeDisk({ operations }).makeFolder(path, 0o2770);
  expect(fs.readdirSync(path)).toEqual(["theirs-1"]);
  expect(fs.readdirSync(root)).toEqual(["both"]);
});

test.each([undefined, 0o2770, 0o700])(
  "what somebody else makes above a folder meanwhile (mode %o) is as good as made",
  async (mode) => {
    const isParent = (path: string) => path === join(root, "a") || path.startsWith(join(root, ".entrepot-"));
    const operations = {
      ...nodeFsOperations,
      mkdir: (path: string, wanted: number) => {
        if (isParent(path)) fs.mkdirSync(join(root, "a"), { recursive: true, mode: 0o700 });
        nodeFsOperations.mkdir(path, wanted);
      },
    };
    await openNodeDisk({ operations }).makeFolder(join(root, "a/b"), mode);
    expect(fs.statSync(join(root, "a/b")).isDirectory()).toBe(true);
  },
);

test("a folder that a dead process was making is collected", async () => {
  const operations = {
    ...nodeFsOperations,
    rename: () => {
      throw new SimulatedCrash("before the rename");
    },
    rmdir: () => undefined,
  };
  await expect(openNodeDisk({ operations }).makeFolder(join(root, "a"), 0o2770)).rejects.toThrow(SimulatedCrash);
  expect(fs.readdirSync(root).filter(isPendingName)).toHaveLength(1);
  expect(await openNodeDisk().removeStalePending(root, 3_600_000)).toBe(0);
  expect(await openNodeDisk({ now: () => Date.now() + 7_200_000 }).removeStalePending(root, 3_600_000)).toBe(1);
  expect(fs.readdirSync(root)).toEqual([]);
});

test("a link in the place of the folder of a file with makeFolders and a mode is not followed", async () => {
  fs.mkdirSync(join(root, "elsewhere"));
  fs.symlinkSync("elsewhere", join(root, "link"));
  const disk = openNodeDisk();
  const write = (makeFolders: number | true) =>
    disk.writeFile(join(root, "link/x"), new Uint8Array(1), { makeFolders });
  await expect(write(0o700)).rejects.toMatchObject({ code: "unsafe-key" });
  expect(fs.readdirSync(join(root, "elsewhere"))).toEqual([]);
  await write(true);
});

describe.skipIf(!isRoot)("with other users (needs root)", () => {
  test.each([0o770, 0o2770])("what is made in a folder of a group, here of mode %o, is of that group", async (mode) => {
    const shared = join(root, "shared");
    fs.mkdirSync(shared);
    fs.chownSync(shared, 2001, 3000);
    fs.chmodSync(shared, mode);
    const disk = openNodeDisk();
    await disk.writeFile(join(shared, "a/b/x"), new Uint8Array(1), { mode: 0o660, makeFolders: 0o2770 });
    await disk.writeFile(join(shared, "y"), new Uint8Array(1), { mode: 0o660 });
    await disk.writeFile(join(shared, "private/z"), new Uint8Array(1), { mode: 0o600, makeFolders: 0o700 });
    const gidOf = (name: string) => fs.statSync(join(shared, name)).gid;
    expect(["a", "a/b", "a/b/x", "y"].map(gidOf)).toEqual([3000, 3000, 3000, 3000]);
    expect(["a", "a/b"].map((name) => modeOf(join(shared, name)))).toEqual([0o2770, 0o2770]);
    // what is nobody else's business takes no other group than the system gives it
    expect(gidOf("private")).toBe(mode === 0o770 ? process.getgid?.() : 3000);
  });
});

test("the times of a file that only its owner may set become the present", async () => {
  const path = join(root, "theirs");
  fs.writeFileSync(path, "text");
  fs.utimesSync(path, 1, 1);
  const lutimes = () => {
    throw Object.assign(new Error("EPERM"), { code: "EPERM", errno: -1 });
  };
  const disk = openNodeDisk({ operations: { ...nodeFsOperations, lutimes } });
  const before = Date.now();
  await disk.touch(path, 5_000);
  expect(fs.statSync(path).mtimeMs).toBeGreaterThan(before - 1_000);
  expect(fs.readFileSync(path, "utf8")).toBe("text");
  fs.symlinkSync(path, join(root, "link"));
  await expect(disk.touch(join(root, "link"), 5_000)).rejects.toMatchObject({ code: "unsafe-key" });
});
