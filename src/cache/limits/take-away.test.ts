/** What was pinned after it was weighed stays, and what went before it was marked is fetched again. */
import { expect, test } from "vitest";
import { type Bench, openBench, readAll } from "../../../tests/cache-bench.ts";
import { openNodeDisk } from "../../disk/index.ts";
import { CacheFolder } from "../cache-folder.ts";
import type { Pinning } from "../pins/pinning.ts";
import { shards } from "../scan.ts";
import { Shelf } from "../shelf.ts";
import { type Premises, weighShard } from "./survey.ts";
import { type Candidate, candidatesOf, takeAway } from "./take-away.ts";

/** A cache with one copy, and what a limit found in it. */
async function weighed(): Promise<{ bench: Bench; premises: Premises; candidates: Candidate[] }> {
  const bench = await openBench();
  await bench.put("f/a", "bytes");
  await readAll(bench.cached, "f/a");
  const disk = openNodeDisk();
  const now = () => bench.clock.nowMs;
  const uid = process.geteuid?.();
  const folder = new CacheFolder({ disk, root: bench.dir, uid, groups: [], now, host: "host-1", bootId: "boot-1" });
  const { layout, accounts } = folder;
  const shelf = new Shelf({ folder, mode: 0o600, warn: (error) => expect(error).toBeUndefined() });
  const premises = { disk, layout, shelf, accounts, mode: 0o600, now, tempDir: async () => bench.dir };
  const candidates: Candidate[] = [];
  for (const shard of await shards(disk, layout))
    for await (const each of weighShard(premises, shard, { counted: false })) candidates.push(...candidatesOf(each));
  expect(candidates).toHaveLength(1);
  return { bench, premises, candidates };
}

async function pin({ cached, cache }: Bench, betweenLookAndKeep: () => Promise<unknown>): Promise<string> {
  const pinning: Pinning = await cached.pin({ asked: { kind: "folder", key: "f/" }, uri: "s3://bucket/f/" });
  await pinning.publish();
  for await (const { member } of pinning.tasks()) {
    const isHere = await pinning.isHere(member);
    expect(isHere).toBe(true);
    await betweenLookAndKeep();
    await pinning.keep(member, isHere, undefined);
  }
  await pinning.close();
  const found = await cache.readiness(pinning.pin, { mostMissing: 1 });
  return `${found?.ready.objects} of ${found?.total.objects}`;
}

test("what is pinned between being weighed and being taken away stays", async () => {
  const { bench, premises, candidates } = await weighed();
  expect(await pin(bench, async () => undefined)).toBe("1 of 1");
  expect(await takeAway(premises, candidates)).toEqual({ objects: 0, sizeBytes: 0 });
  expect(await readAll(bench.wrap({ network: "offline" }), "f/a")).toHaveLength(5);
});

test("what is taken away before its mark lies there is fetched again by the pin", async () => {
  const { bench, premises, candidates } = await weighed();
  const taken = async () => expect((await takeAway(premises, candidates)).objects).toBe(1);
  expect(await pin(bench, taken)).toBe("1 of 1");
  expect(await readAll(bench.wrap({ network: "offline" }), "f/a")).toHaveLength(5);
});
