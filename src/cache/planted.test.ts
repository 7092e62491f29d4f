/**
 * Another user puts something of his in the place of what the cache keeps. Nothing of it is read, waited for or written to; the
 * entry heals, or the cache is left alone with one warning.
 */
import { execFileSync } from "node:child_process";
import {
  chmod,
  chown,
  lchown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { asUser, isRoot, type TestUser } from "../../tests/as-user.ts";
import { type Bench, benchIn, bytesOf, noise, readAll } from "../../tests/cache-bench.ts";
import type { Cache } from "./index.ts";

const team = 3000;
const we: TestUser = { uid: 2001, groups: [team] };
const attacker = 2002;
const secret = "the secret of another";
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "entrepot-planted-"));
  await chmod(root, 0o755);
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "victim"));
  await writeFile(join(root, "victim", "secret"), secret);
  await chown(join(root, "victim", "secret"), we.uid, we.uid);
  await chown(join(root, "victim"), we.uid, we.uid);
});

/** What is put under a name that is free. */
const things: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "a link to a file of ours": (path) => symlink(join(root, "victim", "secret"), path),
  "a link to a folder of ours": (path) => symlink(join(root, "victim"), path),
  "a link to nothing": (path) => symlink(join(root, "victim", "new"), path),
  "a pipe": async (path) => execFileSync("mkfifo", ["-m", "666", path]),
  "a socket": async (path) => {
    const server = createServer();
    // its name may not be long
    await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
    await rename(join(root, "socket"), path);
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  },
  "a device": async (path) => execFileSync("mknod", ["-m", "666", path, "c", "1", "5"]),
  "a hard link to a file of ours": (path) => link(join(root, "victim", "secret"), path),
  "a file": (path) => writeFile(path, "planted bytes"),
  "a folder with something in it": async (path) => {
    await mkdir(join(path, "sub"), { recursive: true });
    await chown(join(path, "sub"), attacker, attacker);
  },
};

/** In the place of what. */
const places: Readonly<Record<string, (dir: string, data: string) => string>> = {
  "the record": (_, data) => data.replace(/-[0-9a-f]{16}(?:\.[^/]*)?$/, ".json"),
  "the data": (_, data) => data,
  "the entry's folder": (_, data) => dirname(data),
  "the folder of leases": (dir) => join(dir, "objects/v1/leases"),
  "the folder of locks": (dir) => join(dir, "objects/v1/locks"),
  "the folder of pins": (dir) => join(dir, "objects/v1/pins"),
  "the folder of accounts": (dir) => join(dir, "objects/v1/usage"),
  "the layout's folder": (dir) => join(dir, "objects/v1"),
  "the folder of objects": (dir) => join(dir, "objects"),
};

async function stateOf(path: string): Promise<string> {
  const { mode, uid, gid, size, mtimeMs } = await lstat(path);
  return JSON.stringify([mode, uid, gid, size, mtimeMs]);
}

describe.skipIf(!isRoot).each([
  ["of a group", 0o660],
  ["of our own", 0o600],
])("in a cache %s (needs root)", (_, mode) => {
  let bench: Bench;

  beforeEach(async () => {
    const dir = join(root, "cache");
    await mkdir(dir);
    await chown(dir, we.uid, mode === 0o660 ? team : we.uid);
    await chmod(dir, mode === 0o660 ? 0o2770 : 0o700);
    bench = benchIn(root, { dir, mode });
  });

  const asWe = <T>(work: (cache: Cache) => Promise<T>): Promise<T> =>
    asUser(we, async () => {
      const cache = bench.reopen();
      try {
        return await work(cache);
      } finally {
        await cache.close();
      }
    });

  describe.each(Object.keys(places))("in the place of %s", (place) => {
    test.each(Object.keys(things))("%s", async (thing) => {
      await bench.put("small", "small");
      await bench.put("large.bin", noise(400_000));
      for (const key of ["small", "large.bin"]) {
        const data = await asWe(async (cache) => {
          const cached = bench.wrap({}, cache);
          await (await cached.hold(key)).close();
          return (await cached.pathOf(key)) ?? "";
        });
        const path = places[place]?.(join(root, "cache"), data) ?? "";
        await rm(path, { recursive: true, force: true });
        await things[thing]?.(path);
        if (!thing.includes("hard link")) await lchown(path, attacker, attacker);
        const before = await stateOf(join(root, "victim", "secret"));
        const wanted = key === "small" ? bytesOf("small") : noise(400_000);
        const same = (bytes: Uint8Array) => expect(Buffer.compare(bytes, wanted)).toBe(0);
        bench.warnings.length = 0;
        await asWe(async (cache) => {
          const [cached, offline] = [bench.wrap({}, cache), bench.wrap({ network: "offline" }, cache)];
          const offlineRead = await readAll(offline, key).catch((error: unknown) => error);
          if (offlineRead instanceof Uint8Array) same(offlineRead);
          else expect(offlineRead).toMatchObject({ code: "not-cached" });
          same(await readAll(cached, key));
          same(
            await readAll(cached, key, { range: { start: 1, end: 3 } }).then((piece) =>
              Buffer.concat([wanted.subarray(0, 1), piece, wanted.subarray(3)]),
            ),
          );
          const held = await cached.hold(key);
          same(await readFile(held.path));
          await held.close();
          await cached.write(key, wanted);
          await cache.prune({ maxBytes: 1e9 });
          await cache.verify({ repair: true });
          same(await readAll(cached, key));
        });
        expect(bench.warnings.map(String).slice(0, 3)).toHaveLength(Math.min(1, bench.warnings.length));
        expect(await stateOf(join(root, "victim", "secret"))).toBe(before);
        expect(await readFile(join(root, "victim", "secret"), "utf8")).toBe(secret);
        expect(await readdir(join(root, "victim"))).toEqual(["secret"]);
        await rm(join(root, "cache", "objects"), { recursive: true, force: true });
      }
    });
  });
});
