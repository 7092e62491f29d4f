/** Whose files are believed: owners, modes, links. */
import * as fs from "node:fs";
import { chmod, link, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noise, openBench, readAll, readText } from "../../tests/cache-bench.ts";
import { type FsOperations, nodeFsOperations, openNodeDisk } from "../disk/index.ts";
import { folderMode } from "./trust.ts";

const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;

describe("modes", () => {
  test.each([
    [0o600, 0o700],
    [0o660, 0o2770],
    [0o640, 0o2750],
    [0o664, 0o2775],
  ])("files of mode %o lie in folders of mode %o, whatever the umask", async (mode, folders) => {
    expect(folderMode(mode)).toBe(folders);
    const before = process.umask(0o077);
    try {
      const { cached, put, dir } = await openBench({ mode });
      await put("a.txt", "1");
      await readText(cached, "a.txt");
      const path = (await cached.pathOf("a.txt")) ?? "";
      expect(await modeOf(path)).toBe(mode);
      expect(await modeOf(path.replace(/-[0-9a-f]{16}\.txt$/, ".json"))).toBe(mode);
      for (const folder of [join(path, ".."), join(path, "..", ".."), dir]) expect(await modeOf(folder)).toBe(folders);
    } finally {
      process.umask(before);
    }
  });
});

/** The disk's operations, with `look` after each. */
function watched(look: () => void): FsOperations {
  const entries = Object.entries(nodeFsOperations).map(([name, operation]) => [
    name,
    (...args: never[]) => {
      const result = (operation as (...given: never[]) => unknown)(...args);
      if (!name.endsWith("Later")) look();
      return result;
    },
  ]);
  return Object.fromEntries(entries) as FsOperations;
}

test.each([
  [0o600, 0o077],
  [0o660, 0o007],
])("with mode %i and no umask nothing is there for a moment that is anybody else's business", async (mode, others) => {
  let looks = 0;
  const seen = new Set<string>();
  const umask = process.umask(0);
  try {
    const bench = await openBench({
      mode,
      disk: openNodeDisk({
        operations: watched(() => {
          for (const name of fs.existsSync(bench.dir) ? fs.readdirSync(bench.dir, { recursive: true }) : []) {
            const stats = fs.lstatSync(join(bench.dir, String(name)), { throwIfNoEntry: false });
            looks += 1;
            // A link has no mode of its own; what it says is who holds a lock.
            if (stats !== undefined && !stats.isSymbolicLink() && (stats.mode & others) !== 0)
              seen.add(`${name} ${(stats.mode & 0o7777).toString(8)}`);
          }
        }),
      }),
    });
    await bench.put("a.txt", "1");
    await bench.put("large.bin", noise(400_000));
    for (const key of ["a.txt", "large.bin"]) {
      await readAll(bench.cached, key);
      await (await bench.cached.hold(key)).close();
      await bench.cached.write(key, noise(300_000));
    }
    await bench.cache.prune({ maxBytes: 0 });
    expect([...seen]).toEqual([]);
    expect(looks).toBeGreaterThan(200);
  } finally {
    process.umask(umask);
  }
});

describe("the folder", () => {
  test("of another user is not used, with one warning; reads and writes go on", async () => {
    const { cached, wrap, reopen, put, cache } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    const warnings: string[] = [];
    const other = reopen({ uid: 12_345, onWarning: ({ code, hint }) => warnings.push(`${code}: ${hint}`) });
    const theirs = wrap({}, other);
    expect(await readText(theirs, "a")).toBe("1");
    await theirs.write("b", new Uint8Array(1));
    expect(warnings).toEqual([expect.stringMatching(/^misconfigured: .*mode/)]);
    expect((await cache.stats()).objects).toBe(1);
    // With a group mode, whoever may write there is one of us.
    expect(await readText(wrap({ network: "offline" }, reopen({ uid: 12_345, mode: 0o660 })), "a")).toBe("1");
  });

  test("of a group of ours says that a file mode shares it", async () => {
    const { dir, cached, put, cache, reopen, wrap } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    await cache.close();
    await chmod(dir, 0o2770);
    const hints: (string | undefined)[] = [];
    const groups = [(await stat(dir)).gid];
    const theirs = wrap({}, reopen({ uid: 12_345, groups, onWarning: ({ hint }) => hints.push(hint) }));
    await readText(theirs, "a");
    expect(hints).toEqual([expect.stringContaining("ENTREPOT_CACHE_MODE=660")]);
  });

  test("that everybody may write to is not used", async () => {
    const { cached, put, dir, warnings } = await openBench();
    await mkdir(dir);
    await chmod(dir, 0o777);
    await put("a", "1");
    expect(await readText(cached, "a")).toBe("1");
    expect(warnings).toMatchObject([{ code: "misconfigured" }]);
    expect(await readdir(dir)).toEqual([]);
  });

  test("may be a link that the user made, but nothing below it may", async () => {
    const { cached, put, dir, warnings, cache } = await openBench();
    await mkdir(`${dir}-real`);
    await symlink(`${dir}-real`, dir);
    await put("a", "1");
    await readText(cached, "a");
    expect((await cache.stats()).objects).toBe(1);
    expect(warnings).toEqual([]);

    const planted = await openBench();
    await mkdir(`${planted.dir}-elsewhere`);
    await mkdir(planted.dir);
    await symlink(`${planted.dir}-elsewhere`, join(planted.dir, "objects"));
    await planted.put("a", "1");
    expect(await readText(planted.cached, "a")).toBe("1");
    expect(planted.warnings).toMatchObject([{ code: "misconfigured" }]);
    expect(await readdir(`${planted.dir}-elsewhere`)).toEqual([]);
  });
});

test("an entry under two names is not believed: somebody else may write to it", async () => {
  const { cached, wrap, put, wire } = await openBench();
  await put("a", "1");
  await readText(cached, "a");
  const path = (await cached.pathOf("a")) ?? "";
  await link(path, `${path}.second`);
  await expect(readText(wrap({ network: "offline" }), "a")).rejects.toMatchObject({
    code: "not-cached",
    hint: expect.stringContaining("damaged copy was found and removed"),
  });
  wire.take();
  expect(await readText(cached, "a")).toBe("1");
  expect(wire.take()).toEqual(["read a"]);
});

test("a link planted where an entry will be is replaced, and its target stays as it was", async () => {
  const { cached, put, dir, store } = await openBench();
  const victim = join(dir, "..", "victim");
  await writeFile(victim, "precious");
  await put("a", "1");
  await readText(cached, "a");
  const path = (await cached.pathOf("a")) ?? "";
  const { unlink, readFile, lstat } = await import("node:fs/promises");
  await unlink(path);
  await symlink(victim, path);
  await cached.write("a", new TextEncoder().encode("1"));
  expect(await readFile(victim, "utf8")).toBe("precious");
  expect(await store.stat("a")).toMatchObject({ sizeBytes: 1 });
  expect((await lstat((await cached.pathOf("a")) ?? "")).isFile()).toBe(true);
});
