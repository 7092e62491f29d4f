/** One cache folder, several users of the machine: in a group, each goes on with what another left; others get nothing. */
import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { asUser, isRoot, type TestUser } from "../../tests/as-user.ts";
import { type Bench, benchIn, bytesOf, noise, readAll, readText } from "../../tests/cache-bench.ts";
import { openNodeDisk } from "../disk/index.ts";
import type { Cache } from "./index.ts";

const team = 3000;
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "entrepot-users-"));
  await chmod(root, 0o755);
  onTestFinished(() => rm(root, { recursive: true, force: true }));
});

/** A folder for the team, as its administrator makes it. */
async function teamFolder(mode: number, name = "team"): Promise<string> {
  const path = join(root, name);
  await mkdir(path);
  await chown(path, 0, team);
  await chmod(path, mode);
  return path;
}

/** All that lies below, as `path: mode uid:gid`. */
async function below(
  dir: string,
): Promise<{ path: string; mode: number; uid: number; gid: number; folder: boolean }[]> {
  const names = await readdir(dir, { recursive: true });
  return Promise.all(
    names.map(async (name) => {
      const stats = await lstat(join(dir, name));
      const { mode, uid, gid } = stats;
      return { path: name, mode: mode & 0o7777, uid, gid, folder: stats.isDirectory() };
    }),
  );
}

const places: readonly [string, number, string][] = [
  ["made by the administrator with setgid", 0o2770, ""],
  ["made by the administrator without setgid", 0o770, ""],
  ["made by the first of them in a folder with setgid", 0o2770, "cache"],
  ["made by the first of them in a folder without setgid", 0o770, "cache"],
];

describe.skipIf(!isRoot).each(places)("a cache folder of a group, %s (needs root)", (_, mode, name) => {
  describe.each([
    ["022", 0o022],
    ["077", 0o077],
  ])("with umask %s", (_umask, umask) => {
    const a: TestUser = { uid: 2001, groups: [team], umask };
    const b: TestUser = { uid: 2002, groups: [team], umask };
    let bench: Bench;

    beforeEach(async () => {
      const dir = await teamFolder(mode);
      bench = benchIn(dir, { dir: join(dir, name), mode: 0o660 });
    });

    /** The cache as a user opens it; what it left to be done is done when `work` ends. */
    const as = <T>(user: TestUser, work: (cache: Cache) => Promise<T>): Promise<T> =>
      asUser(user, async () => {
        const cache = bench.reopen();
        try {
          return await work(cache);
        } finally {
          await cache.close();
        }
      });

    test("what one keeps the other reads, revalidates, replaces, holds, repairs, prunes and clears", async () => {
      for (const [first, second] of [
        [a, b],
        [b, a],
      ] as const) {
        await bench.put("small", "1");
        await bench.put("large.bin", noise(400_000));
        await as(first, async (cache) => {
          const cached = bench.wrap({}, cache);
          await readText(cached, "small");
          await readAll(cached, "large.bin");
          await (await cached.hold("large.bin")).close();
        });
        bench.wire.take();
        await as(second, async (cache) => {
          const [cached, offline] = [bench.wrap({}, cache), bench.wrap({ network: "offline" }, cache)];
          expect(await readText(offline, "small")).toBe("1");
          expect(await readAll(cached, "large.bin")).toHaveLength(400_000);
          expect(bench.wire.take()).toEqual([expect.stringContaining("not-modified")]);
          const held = await cached.hold("large.bin");
          expect(await readFile(held.path)).toHaveLength(400_000);
          await held.close();
          // amends the other's record
          bench.clock.nowMs += 120_000;
          expect(await readText(cached, "small")).toBe("1");
        });
        await as(first, async (cache) => {
          const cached = bench.wrap({}, cache);
          for await (const { uri, checkedMs } of cache.list()) {
            if (uri.endsWith("small")) expect(checkedMs).toBe(bench.clock.nowMs);
          }
          await cached.write("small", bytesOf("2"));
          await cached.write("own", bytesOf("3"));
        });
        await as(second, async (cache) => {
          expect(await readText(bench.wrap({ network: "offline" }, cache), "small")).toBe("2");
          await writeFile((await bench.wrap({}, cache).pathOf("own")) ?? "", "damage");
          expect((await cache.verify({ repair: true })).damaged).toHaveLength(1);
          expect(await cache.prune({ maxBytes: 10 })).toMatchObject({ objects: 1 });
          expect(await cache.clear()).toMatchObject({ objects: 1 });
        });
        const left = (await below(bench.dir.replace(/\/cache$/, "")))
          .filter(({ folder }) => !folder)
          .map(({ path }) => path);
        expect(left.filter((path) => !/v1.usage./.test(path))).toEqual([]);
      }
      expect(bench.warnings).toEqual([]);
    });

    test("all folders and files of it can be used by the group, and by nobody else", async () => {
      await bench.put("a.txt", "1");
      await bench.put("b.bin", noise(400_000));
      await as(a, async (cache) => {
        const cached = bench.wrap({}, cache);
        await readText(cached, "a.txt");
        const held = await cached.hold("b.bin");
        const all = await below(join(root, "team"));
        expect(all.length).toBeGreaterThan(8);
        for (const { path, mode: bits, gid, folder } of all) {
          expect(`${path} ${bits.toString(8)} ${gid}`).toBe(`${path} ${folder ? "2770" : "660"} ${team}`);
        }
        await held.close();
      });
    });

    test("a use by another than its owner counts", async () => {
      for (const key of ["one", "two"]) await bench.put(key, key);
      bench.clock.nowMs = Date.now() - 7_200_000;
      await as(a, async (cache) => {
        for (const key of ["one", "two"]) await readText(bench.wrap({}, cache), key);
      });
      bench.clock.nowMs = Date.now();
      await as(b, (cache) => readText(bench.wrap({ network: "offline" }, cache), "one"));
      await as(a, async (cache) => {
        expect(await cache.prune({ unusedForMs: 3_600_000 })).toMatchObject({ objects: 1 });
        for await (const { uri } of cache.list()) expect(uri).toBe("s3://bucket/one");
      });
      expect(bench.warnings).toEqual([]);
    });

    test("whoever is not in the group gets nothing from it and puts nothing into it", async () => {
      await bench.put("a", "1");
      await as(a, (cache) => readText(bench.wrap({}, cache), "a"));
      const before = await below(join(root, "team"));
      bench.wire.take();
      const stranger = { uid: 2003, groups: [2003], umask };
      expect(await as(stranger, (cache) => readText(bench.wrap({}, cache), "a"))).toBe("1");
      expect(bench.wire.take()).toEqual(["read a"]);
      expect(bench.warnings).toHaveLength(1);
      expect(await below(join(root, "team"))).toEqual(before);
    });
  });
});

describe.skipIf(!isRoot)("whose cache folder is used (needs root)", () => {
  const we: TestUser = { uid: 2001, groups: [team] };
  const [stranger, admin] = [2002, 0];

  /** Reads once as `user` and gives what was warned of. */
  async function readAs(user: TestUser, options: Parameters<typeof benchIn>[1]): Promise<string[]> {
    const bench = benchIn(root, options);
    await bench.put("a", "1");
    const read = async () => {
      const cache = bench.reopen();
      expect(await readText(bench.wrap({}, cache), "a")).toBe("1");
      expect(await readText(bench.wrap({}, cache), "a")).toBe("1");
      await cache.close();
    };
    await (user.uid === 0 ? read() : asUser(user, read));
    return bench.warnings.map(({ message }) => message);
  }

  async function folderOf(uid: number, gid: number, mode: number): Promise<string> {
    const path = join(root, "cache");
    await mkdir(path);
    await chown(path, uid, gid);
    await chmod(path, mode);
    return path;
  }

  const refused = [
    [{ uid: stranger, gid: stranger, mode: 0o755 }, 0o600],
    [{ uid: stranger, gid: stranger, mode: 0o1777 }, 0o600],
    [{ uid: stranger, gid: team, mode: 0o2770 }, 0o600],
    [{ uid: stranger, gid: stranger, mode: 0o755 }, 0o660],
    [{ uid: stranger, gid: stranger, mode: 0o1777 }, 0o660],
    [{ uid: admin, gid: team, mode: 0o2777 }, 0o660],
    [{ uid: we.uid, gid: team, mode: 0o2777 }, 0o660],
  ] as const;

  test.each(refused)("%o is not used for files of mode %i, with one warning", async ({ uid, gid, mode }, files) => {
    const dir = await folderOf(uid, gid, mode);
    expect(await readAs(we, { dir, mode: files })).toEqual([expect.stringMatching(/^The cache is not used/)]);
    expect(await readdir(dir)).toEqual([]);
  });

  test.each([
    ["a link of our own", we.uid, 0],
    ["the administrator's link", admin, 0],
    ["a stranger's link", stranger, 1],
  ])("%s may lead to it: warnings %#", async (_, owner, warnings) => {
    const [real, links] = [join(root, "real"), join(root, "links")];
    for (const path of [real, links]) await mkdir(path);
    await chown(real, we.uid, we.uid);
    await symlink(real, join(links, "link"));
    await lchown(join(links, "link"), owner, owner);
    for (const dir of [join(links, "link"), join(links, "link", "deep")]) {
      if (dir.endsWith("deep")) await mkdir(join(real, "deep"));
      await chown(join(real, dir.endsWith("deep") ? "deep" : "."), we.uid, we.uid);
      expect(await readAs(we, { dir })).toHaveLength(warnings);
      expect((await readdir(dir)).includes("objects")).toBe(warnings === 0);
    }
  });

  test("a folder that a stranger makes at the moment in which ours is made is not used", async () => {
    const dir = join(root, "open-to-all");
    await mkdir(dir);
    await chmod(dir, 0o1777);
    const disk = openNodeDisk();
    const { makeFolder } = disk;
    disk.makeFolder = async (path, mode) => {
      await mkdir(join(dir, "cache"));
      await chown(join(dir, "cache"), stranger, stranger);
      await chmod(join(dir, "cache"), 0o755);
      await makeFolder.call(disk, path, mode);
    };
    // as root nothing else would stop us
    expect(await readAs({ uid: 0, groups: [] }, { dir: join(dir, "cache"), disk })).toHaveLength(1);
    expect((await readdir(join(dir, "cache"), { recursive: true })).filter((name) => name.includes(".json"))).toEqual(
      [],
    );
  });

  describe("root", () => {
    const asRoot = { uid: 0, groups: [0] };

    test("does not write to the cache of a user", async () => {
      const dir = await folderOf(we.uid, we.uid, 0o700);
      for (const mode of [0o600, 0o660]) expect(await readAs(asRoot, { dir, mode })).toHaveLength(1);
      expect(await readdir(dir)).toEqual([]);
    });

    test("does not begin one in the home of the user who called sudo", async () => {
      const home = await folderOf(we.uid, we.uid, 0o700);
      const dir = join(home, ".cache/entrepot");
      expect(await readAs(asRoot, { dir, sudoUid: we.uid })).toEqual([expect.stringContaining("called sudo (2001)")]);
      expect(await readdir(home)).toEqual([]);
      // what is no home of his is root's own business
      expect(await readAs(asRoot, { dir: join(root, "elsewhere"), sudoUid: we.uid })).toEqual([]);
      expect(await readAs(asRoot, { dir })).toEqual([]);
    });

    test("uses a team's cache that an administrator made", async () => {
      const dir = await folderOf(admin, team, 0o2770);
      expect(await readAs(asRoot, { dir, mode: 0o660 })).toEqual([]);
      for (const { gid } of await below(dir)) expect(gid).toBe(team);
    });
  });
});
