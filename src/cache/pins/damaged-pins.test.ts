/** A pin whose file is damaged is told, and can be let go. */
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bench, openBench } from "../../../tests/cache-bench.ts";
import { nodeFsOperations, openNodeDisk } from "../../disk/index.ts";
import type { PinRequest } from "./pinning.ts";

const folder: PinRequest = { asked: { kind: "folder", key: "f/" }, uri: "s3://bucket/f/" };

async function pinned(request = folder): Promise<Bench> {
  const bench = await openBench();
  const etag = await bench.put("f/a", "bytes");
  const isListed = request.asked.kind === "folder" || request.asked.kind === "prefix";
  const members = isListed ? undefined : [{ key: "f/a", sizeBytes: 5, etag, modifiedMs: 0 }];
  const pinning = await bench.cached.pin({ ...request, members });
  await pinning.publish();
  for await (const { member } of pinning.tasks()) await pinning.keep(member, false, undefined);
  await pinning.close();
  return bench;
}

const pinsIn = ({ dir }: Bench) => join(dir, "objects/v1/pins");
const marksIn = async ({ dir }: Bench) =>
  (await readdir(dir, { recursive: true })).filter((name) => name.includes("@"));

/** One bit of the list's first page, or of what follows it. */
async function damage(bench: Bench, where: "page" | "index"): Promise<string> {
  const [name = ""] = await readdir(pinsIn(bench));
  const path = join(pinsIn(bench), name);
  const bytes = await readFile(path);
  const at = where === "page" ? 3 : bytes.length - 30;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
  return path;
}

test.each(["page", "index"] as const)(
  "one with a damaged %s is told, goes with a repair, and so do its marks",
  async (where) => {
    const bench = await pinned();
    expect((await bench.cache.verify()).damaged).toEqual([]);
    const path = await damage(bench, where);
    const told = {
      path,
      uri: undefined,
      damage: "bytes-differ",
      why: expect.stringContaining("pin again"),
      removed: false,
    };
    expect((await bench.cache.verify()).damaged).toMatchObject([told]);
    expect((await bench.cache.verify({ address: "s3://bucket/f/" })).damaged).toEqual([]);
    bench.clock.nowMs += 3 * 3_600_000;
    for (const mark of await marksIn(bench)) await utimes(join(bench.dir, mark), 1, 1);
    expect((await bench.cache.verify({ repair: true })).damaged).toMatchObject([{ ...told, removed: true }]);
    expect(await readdir(pinsIn(bench))).toEqual([]);
    expect(await marksIn(bench)).toEqual([]);
    await bench.cache.prune({ maxBytes: 0 });
    expect((await bench.cache.stats()).objects).toBe(0);
  },
);

test("one that the disk does not let us read now is told, and stays", async () => {
  const bench = await pinned();
  const [name] = await readdir(pinsIn(bench));
  const disk = openNodeDisk({
    operations: {
      ...nodeFsOperations,
      open: (path, flags, mode) => {
        if (path.endsWith(".pin")) throw Object.assign(new Error("EACCES"), { code: "EACCES", errno: -13 });
        return nodeFsOperations.open(path, flags, mode);
      },
    },
  });
  const { damaged } = await bench.reopen({ disk }).verify({ repair: true });
  expect(damaged).toMatchObject([{ damage: "unreadable", removed: false }]);
  expect(await readdir(pinsIn(bench))).toEqual([name]);
});

test.each([
  ["folder", folder, { below: "f/" }],
  ["prefix", { asked: { kind: "prefix", key: "f" }, uri: "s3://bucket/f" }, { below: "f" }],
  ["object", { asked: { kind: "object", key: "f/a" }, uri: "s3://bucket/f/a" }, { objects: [{ key: "f/a" }] }],
  ["list", { asked: { kind: "list", key: "" }, uri: "s3://bucket/" }, { objects: [{ key: "f/a" }] }],
] as const)("a damaged pin of a %s goes when just that is unpinned, and no other does", async (_, request, meant) => {
  const bench = await pinned(request);
  await damage(bench, "index");
  await bench.cached.unpin({ below: "f/other/" });
  await bench.cached.unpin({ objects: [{ key: "f/other" }] });
  expect(await readdir(pinsIn(bench))).toHaveLength(1);
  await bench.cached.unpin(meant);
  expect(await readdir(pinsIn(bench))).toEqual([]);
});

test("a pin of which one page is damaged can be unpinned", async () => {
  const bench = await pinned();
  await damage(bench, "page");
  await bench.cached.unpin({ below: "f/" });
  expect(await readdir(pinsIn(bench))).toEqual([]);
});
