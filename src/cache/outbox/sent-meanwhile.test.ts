import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bench, bytesOf, openBench, readText } from "../../../tests/cache-bench.ts";
import { openNodeDisk } from "../../disk/index.ts";

const use = { queues: true, terms: "", hasCustomerKey: false };
const folderOf = ({ dir }: Bench) => join(dir, "outbox", String(process.getuid?.() ?? "user"));

/** Runs `meanwhile` when `file` of the outbox is about to be looked at for the first time. */
async function during(method: "openRead" | "readFolder", suffix: string, meanwhile: (bench: Bench) => unknown) {
  const disk = openNodeDisk();
  let isArmed = false;
  const look = disk[method] as unknown as (this: unknown, path: string) => Promise<unknown>;
  const looked = async (path: string) => {
    const isMoment = isArmed && path.includes("/outbox/") && path.endsWith(suffix);
    if (isMoment) isArmed = false;
    if (isMoment && method === "openRead") await meanwhile(bench);
    const found = await look.call(disk, path);
    if (isMoment && method === "readFolder") await meanwhile(bench);
    return found;
  };
  Object.assign(disk, { [method]: looked });
  const bench: Bench = await openBench({ disk, outbox: use });
  await bench.put("a", "old");
  expect(await readText(bench.cached, "a")).toBe("old");
  await bench.wrap({ network: "offline", outbox: use }).write("a", bytesOf("new"));
  isArmed = true;
  return bench;
}
const idIn = async (bench: Bench) =>
  ((await readdir(folderOf(bench))).find((name) => name.endsWith(".json")) ?? "").replace(
    /^0*(\d+-[0-9a-f]+)-[^/]*$/,
    "$1",
  );
const sent = async (bench: Bench) => {
  const other = bench.reopen({ disk: openNodeDisk() });
  const store = bench.wrap({ outbox: use }, other);
  const outcomes: string[] = [];
  for await (const { outcome } of (await other.outbox()).push(async () => store.senders)) outcomes.push(outcome);
  expect(outcomes).toEqual(["sent"]);
};

test("what is sent by another process at that moment is read as what is on the server now", async () => {
  const bench = await during("openRead", ".data", sent);
  expect(await readText(bench.cached, "a")).toBe("new");
});

test("what is sent by another process at that moment is held as what is on the server now", async () => {
  const bench = await during("openRead", ".data", sent);
  const held = await bench.cached.hold("a");
  expect(await readFile(held.path, "utf8")).toBe("new");
  await held.close();
});

test("what is sent by another process at that moment is not listed any more", async () => {
  const bench = await during("openRead", ".data", sent);
  expect(await (await bench.cache.outbox()).list()).toEqual([]);
});

test("what is sent by another process at that moment is not to be saved any more", async () => {
  const bench = await during("openRead", ".data", sent);
  const saved = (await bench.cache.outbox()).save(await idIn(bench), join(bench.dir, "saved"));
  await expect(saved).rejects.toMatchObject({ code: "not-found" });
});

test("what is sent by another process at that moment is not discarded: that it is gone is told", async () => {
  const bench = await during("readFolder", "", sent);
  await expect((await bench.cache.outbox()).discard(await idIn(bench))).rejects.toMatchObject({ code: "not-found" });
  expect(await readText(bench.cached, "a")).toBe("new");
});
