import { expect, test } from "vitest";
import { noise, openBench, readAll } from "../../tests/cache-bench.ts";
import { openNodeDisk } from "../disk/index.ts";
import { CacheFolder } from "./cache-folder.ts";
import type { Premises } from "./limits/survey.ts";
import { weighShard } from "./limits/survey.ts";
import { type Candidate, candidatesOf, takeAway } from "./limits/take-away.ts";
import { shards } from "./scan.ts";
import { Shelf } from "./shelf.ts";
import { nothing } from "./usage.ts";

function openPremises(root: string): Premises {
  const disk = openNodeDisk();
  const host = { host: "host-1", bootId: "boot-1" };
  const folder = new CacheFolder({ disk, root, uid: process.getuid?.(), groups: [], now: Date.now, ...host });
  const shelf = new Shelf({ folder, mode: 0o600, warn: () => undefined });
  return { disk, layout: folder.layout, shelf, accounts: folder.accounts, mode: 0o600, now: Date.now } as Premises;
}

async function weighed(premises: Premises): Promise<Candidate[]> {
  const all: Candidate[] = [];
  for (const folder of await shards(premises.disk, premises.layout)) {
    for await (const each of weighShard(premises, folder, { counted: true })) all.push(...candidatesOf(each));
  }
  return all;
}

test("what two processes take away at the same time is counted once", async () => {
  const { cached, cache, put, dir } = await openBench();
  for (const key of ["a", "b"]) {
    await put(key, noise(1_000));
    await readAll(cached, key);
  }
  await cache.close();
  const [one, other] = [openPremises(dir), openPremises(dir)];
  const [seen, seenToo] = [await weighed(one), await weighed(other)];
  expect(await takeAway(one, seen.slice(0, 1))).toEqual({ objects: 1, sizeBytes: 1_000 });
  expect(await takeAway(other, seenToo.slice(0, 1))).toEqual(nothing);
  await other.accounts.readAll();
  expect(other.accounts.estimate).toEqual({ objects: 1, sizeBytes: 1_000 });
});

test("a copy that two processes find damaged is counted once", async () => {
  const { cached, cache, put, dir } = await openBench();
  await put("a", noise(1_000));
  await readAll(cached, "a");
  await cache.close();
  const [one, other] = [openPremises(dir), openPremises(dir)];
  const [seen] = await weighed(one);
  const found = await one.shelf.find(seen?.weighed.entry ?? "");
  if (typeof found === "string") throw new Error(found);
  await one.shelf.drop(found.record);
  await other.shelf.drop(found.record);
  await other.accounts.readAll();
  expect(other.accounts.estimate).toEqual(nothing);
});
