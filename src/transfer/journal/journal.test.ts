import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Disk, openNodeDisk } from "../../disk/index.ts";
import { openMemoryStore } from "../../store/index.ts";
import { carryOut, type Item } from "../index.ts";

const store = openMemoryStore();
const placeOf = (uri: string) => ({ store, key: uri.slice(store.uri.length), uri });
const items = async function* (): AsyncGenerator<Item> {
  for (const name of ["a", "b"]) {
    await store.write(`from/${name}`, Buffer.from("x"));
    const job = {
      from: placeOf(`memory:///from/${name}`),
      to: placeOf(`memory:///to/${name}`),
      sizeBytes: 1,
      etag: "x",
    };
    yield { kind: "copy", job };
  }
};
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-journal-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a job that another process ends at that very moment is begun anew, with a journal", async () => {
  const real = openNodeDisk();
  let made = 0;
  const makeFolder: Disk["makeFolder"] = async (path, mode) => {
    await real.makeFolder(path, mode);
    if (!/[0-9a-f]{16}$/.test(path)) return;
    made += 1;
    // who finishes it takes the folder away, just before it is locked here
    if (made <= 2) await rm(path, { recursive: true });
  };
  const disk = new Proxy(real, {
    get(target, name) {
      const value: unknown = name === "makeFolder" ? makeFolder : Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const told: string[] = [];
  const { jobId, copied } = await carryOut(items(), {
    concurrency: 2,
    warn: ({ message }) => void told.push(message),
    now: () => 0,
    job: {
      disk,
      folder,
      now: () => 0,
      places: { source: placeOf, target: placeOf },
      identity: { verb: "copy", from: "memory:///from/", to: "memory:///to/", options: {} },
    },
  });
  expect([copied.objects, made, told]).toEqual([2, 3, []]);
  expect(jobId).toMatch(/^[0-9a-f]{16}$/);
  expect(await readdir(folder)).toEqual([]);
});
