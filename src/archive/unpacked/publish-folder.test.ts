import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Disk, openNodeDisk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { openTarget, publishFolder } from "./publish-folder.ts";
import { openStaging } from "./staging.ts";

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-publish-"));
  target = join(folder, "target");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As if something were mounted on the target. */
function mounted(at: string): Disk {
  const disk = openNodeDisk();
  return new Proxy(disk, {
    get(of, name) {
      if (name !== "stat") return Reflect.get(of, name).bind(of);
      return async (path: string, options: object) => {
        const stat = await of.stat(path, options);
        return stat && path === at ? { ...stat, device: stat.device + 1n } : stat;
      };
    },
  });
}

async function put(disk: Disk, existing: "refuse" | "merge" | "replace", name = "new"): Promise<void> {
  const path = await openTarget(disk, target, existing);
  const staging = await openStaging(disk, path);
  try {
    await writeFile(join(staging.path, name), name);
    await publishFolder(disk, staging, path, existing);
  } finally {
    await staging.close();
  }
}

describe.each([
  ["a target like any other", openNodeDisk],
  ["a target that something is mounted on", () => mounted(target)],
])("%s", (_, open) => {
  test("is filled when it is empty, and nothing else is left", async () => {
    await mkdir(target);
    await put(open(), "refuse");
    expect([await readdir(target), await readdir(folder)]).toEqual([["new"], ["target"]]);
  });

  test("that holds something is refused, merged into or replaced", async () => {
    await mkdir(target);
    await writeFile(join(target, "old"), "old");
    await expect(put(open(), "refuse")).rejects.toMatchObject({ code: "not-empty" });
    await put(open(), "merge");
    expect((await readdir(target)).sort()).toEqual(["new", "old"]);
    await put(open(), "replace", "only");
    expect([await readdir(target), await readdir(folder)]).toEqual([["only"], ["target"]]);
  });
});

test("what somebody puts into the target meanwhile is not lost", async () => {
  const disk = openNodeDisk();
  const staging = await openStaging(disk, target);
  await writeFile(join(staging.path, "new"), "new");
  await mkdir(target);
  await writeFile(join(target, "theirs"), "theirs");
  await expect(publishFolder(disk, staging, target, "refuse")).rejects.toMatchObject({ code: "not-empty" });
  await staging.close();
  expect([await readdir(target), await readdir(folder)]).toEqual([["theirs"], ["target"]]);
});

test("a link to a folder is followed, a file is in the way", async () => {
  const disk = openNodeDisk();
  await mkdir(join(folder, "real"));
  await symlink(join(folder, "real"), target);
  await put(disk, "refuse");
  expect(await readdir(join(folder, "real"))).toEqual(["new"]);
  await rm(target);
  await writeFile(target, "");
  await expect(openTarget(disk, target, "replace")).rejects.toMatchObject({ code: "already-exists" });
});

/** As a folder that one may fill, in one that one may not write to. */
function walledIn(code: "forbidden" | "read-only" | "no-space"): Disk {
  const disk = openNodeDisk();
  return new Proxy(disk, {
    get(of, name) {
      const own = Reflect.get(of, name).bind(of);
      if (name !== "makeFolder" && name !== "createPending") return own;
      return (path: string, ...rest: unknown[]) => {
        const isAbove = name === "createPending" ? path === folder : dirname(path) === folder && path !== target;
        if (isAbove) throw new EntrepotError(code, "not here");
        return own(path, ...rest);
      };
    },
  });
}

test.each(["forbidden", "read-only"] as const)(
  "what cannot be unpacked beside the target, because that is %s, is unpacked in it, and nothing else is left",
  async (code) => {
    await mkdir(target);
    await writeFile(join(target, "old"), "old");
    await put(walledIn(code), "merge");
    expect((await readdir(target)).sort()).toEqual(["new", "old"]);
    await put(walledIn(code), "replace", "only");
    expect([await readdir(target), await readdir(folder)]).toEqual([["only"], ["target"]]);
    await rm(target, { recursive: true });
    // where there is no target there is nothing to be unpacked in
    await expect(put(walledIn(code), "merge")).rejects.toMatchObject({ code });
  },
);

test("another failure beside the target is none to go around", async () => {
  await mkdir(target);
  await expect(put(walledIn("no-space"), "merge")).rejects.toMatchObject({ code: "no-space" });
});

test("a replacement that fails brings the old one back", async () => {
  await mkdir(target);
  await writeFile(join(target, "old"), "old");
  const disk = openNodeDisk();
  let renames = 0;
  const failing = new Proxy(disk, {
    get(of, name) {
      const own = Reflect.get(of, name).bind(of);
      if (name !== "rename") return own;
      return (from: string, to: string) => {
        // the new one is not let in; what is brought back is
        if (to === target && ++renames === 1) throw new EntrepotError("io", "not now");
        return own(from, to);
      };
    },
  });
  await expect(put(failing, "replace")).rejects.toMatchObject({ code: "io" });
  expect(renames).toBe(2);
  expect([await readdir(target), await readdir(folder)]).toEqual([["old"], ["target"]]);
});
