/** A cache folder that nothing can be kept in: one warning, and everything else goes on. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  type Depot,
  type DepotEvent,
  type DepotSeams,
  type EntrepotOptions,
  openDepot,
} from "../../src/depot/index.ts";
import { type Disk, type FsOperations, nodeFsOperations, openNodeDisk } from "../../src/disk/index.ts";
import { noise } from "../cache-bench.ts";

let folder: string;
let s3: S3Server;
let events: DepotEvent[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-unusable-"));
  s3 = await startS3Server({ buckets: ["b", "c"] });
  events = [];
});
afterEach(async () => {
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

function open(options: EntrepotOptions, seams: DepotSeams = {}): Depot {
  return openDepot(
    { ...s3.options, env: {}, envFile: false, onEvent: (event) => events.push(event), ...options } as EntrepotOptions,
    seams,
  ) as Depot;
}

const small = noise(1_000);
const large = noise(700_000);

/** Every way to read, twice. */
async function readsAll(data: Depot): Promise<void> {
  for (const [uri, bytes] of [
    ["s3://b/small.bin", small],
    ["s3://b/large.bin", large],
  ] as const) {
    for (let times = 0; times < 2; times += 1) {
      expect(Buffer.compare(await data.readBytes(uri), bytes)).toBe(0);
      const pieces: Uint8Array[] = [];
      for await (const piece of data.readStream(uri)) pieces.push(piece);
      expect(Buffer.compare(Buffer.concat(pieces), bytes)).toBe(0);
      expect(await data.localCopy(uri, async (path) => Buffer.compare(await readFile(path), bytes))).toBe(0);
      expect((await data.stat(uri)).sizeBytes).toBe(bytes.byteLength);
    }
  }
}

function warned(): { code: string; message: string }[] {
  return events.flatMap((event) => (event.type === "warning" ? [event.error] : []));
}

const unusable: Readonly<Record<string, () => Promise<string>>> = {
  "is a file": async () => {
    await writeFile(join(folder, "file"), "");
    return join(folder, "file");
  },
  "lies below a file": async () => {
    await writeFile(join(folder, "file"), "");
    return join(folder, "file", "cache");
  },
  "lies below /proc": async () => "/proc/entrepot-cache",
};

test.each(Object.keys(unusable))("a cache folder that %s is warned of once, and no object is missing", async (name) => {
  const data = open({ cache: { dir: (await unusable[name]?.()) ?? "" } });
  await data.writeBytes("s3://b/small.bin", small);
  await data.writeBytes("s3://b/large.bin", large);
  await readsAll(data);
  // nor by another bucket, nor by a look at the cache itself
  await data.writeText("s3://c/a.txt", "1");
  expect(await data.readText("s3://c/a.txt")).toBe("1");
  await data.cache.stats().catch(() => undefined);
  await data.cache.prune({ maxBytes: 0 }).catch(() => undefined);
  expect(warned()).toHaveLength(1);
  expect(warned()[0]?.code).not.toBe("not-found");
  await data.close();
});

/** Every byte that goes to a file below `full` finds no room; names do. */
function fullDisk(full: string): Disk {
  const fds = new Set<number>();
  const noRoom = (fd: number) => {
    if (fds.has(fd)) throw Object.assign(new Error("ENOSPC: injected"), { code: "ENOSPC", errno: -28 });
  };
  const { open: openFile, close, write, writeLater } = nodeFsOperations;
  const operations: FsOperations = {
    ...nodeFsOperations,
    open: (path, ...args) => {
      const fd = openFile(path, ...args);
      if (path.startsWith(full)) fds.add(fd);
      return fd;
    },
    close: (fd) => {
      fds.delete(fd);
      close(fd);
    },
    write: (fd, ...args) => {
      noRoom(fd);
      return write(fd, ...args);
    },
    writeLater: async (fd, ...args) => {
      noRoom(fd);
      return writeLater(fd, ...args);
    },
  };
  return openNodeDisk({ operations });
}

test("a cache on a full disk is warned of once, and held files lie elsewhere until they are closed", async () => {
  const dir = join(folder, "cache");
  const data = open({ cache: { dir } }, { disk: fullDisk(dir) });
  await data.writeBytes("s3://b/small.bin", small);
  await data.writeBytes("s3://b/large.bin", large);
  await readsAll(data);
  expect(warned()).toMatchObject([{ code: "no-space" }]);
  const paths: string[] = [];
  for (const uri of ["s3://b/small.bin", "s3://b/large.bin"]) {
    paths.push(await data.localCopy(uri, async (path) => path));
  }
  for (const path of paths) await expect(readFile(path)).rejects.toThrow("ENOENT");
  await data.close();
});

test("without a place for temporary files either, that is what is said", async () => {
  vi.stubEnv("TMPDIR", join(folder, "nowhere", "at", "all"));
  await writeFile(join(folder, "nowhere"), "");
  const data = open({ cache: { dir: join(folder, "nowhere") } });
  await data.writeBytes("s3://b/small.bin", small);
  await expect(data.localCopy("s3://b/small.bin")).rejects.toMatchObject({
    code: "misconfigured",
    hint: expect.stringContaining("TMPDIR"),
  });
  expect(Buffer.compare(await data.readBytes("s3://b/small.bin"), small)).toBe(0);
  await data.close();
});
