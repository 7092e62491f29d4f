/** Who is believed to hold something. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { noise, openBench } from "../../tests/cache-bench.ts";
import { openNodeDisk } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { foreignMs, Leases } from "./leases.ts";
import { HandTicks } from "./locks/test-world.fixture.ts";

const dataName = `${"a".repeat(64)}-0123456789abcdef.csv`;

async function open(options: { readonly host?: string; readonly bootId?: string; readonly nowMs?: number } = {}) {
  const layout = await mkdtemp(join(tmpdir(), "entrepot-leases-"));
  onTestFinished(() => rm(layout, { recursive: true, force: true }));
  const ticks = new HandTicks();
  const at = ({ host = "host-1", bootId = "boot-1", nowMs = Date.now() }: typeof options) =>
    new Leases({
      disk: openNodeDisk(),
      layout,
      witness: async () => ({ host, bootId }),
      now: () => nowMs + ticks.ms,
      ticks,
    });
  const names = () => readdir(join(layout, "leases"));
  return { layout, at, names, ticks, leases: at(options) };
}

test("a lease holds until it is ended, as often as it was taken", async () => {
  const { leases, names } = await open();
  expect([...(await leases.held())]).toEqual([]);
  const [first, second] = [await leases.take(dataName, 0o600), await leases.take(dataName, 0o600)];
  await first();
  expect([...(await leases.held())]).toEqual([dataName]);
  await second();
  expect([...(await leases.held())]).toEqual([]);
  expect(await names()).toEqual([]);
});

test.each<[string, (name: string) => string]>([
  ["that has ended", (name) => name.replace(`-${process.pid}-`, "-999999998-")],
  ["whose number another one bears by now", (name) => name.replace(/-\d+(-[0-9a-f]{8}-a+-)/, "-1$1")],
  ["from before a restart of the machine", (name) => name.replace(/^(\w{8})-\w{8}/, "$1-00000000")],
])("a process %s holds nothing, and a sweep takes its lease away", async (_, changed) => {
  const { layout, leases, names } = await open();
  const end = await leases.take(dataName, 0o600);
  const [name = ""] = await names();
  expect(changed(name)).not.toBe(name);
  await writeFile(join(layout, "leases", changed(name)), "");
  expect(await names()).toHaveLength(2);
  await leases.sweep();
  expect(await names()).toEqual([name]);
  await end();
  await writeFile(join(layout, "leases", changed(name)), "");
  expect([...(await leases.held())]).toEqual([]);
});

test("a process on another machine is believed while it touches what it took, and a quarter of an hour longer", async () => {
  const { at, ticks, layout, names } = await open();
  const [here, elsewhere] = [at({}), at({ host: "host-2", bootId: "boot-2", nowMs: 0 })];
  // The clock there is that of 1970.
  const end = await elsewhere.take(dataName, 0o600);
  const isHeld = async () => (await here.held()).has(dataName);
  const path = join(layout, "leases", (await names())[0] ?? "");
  await utimes(path, new Date(), new Date());
  expect(await isHeld()).toBe(true);
  for (let beat = 0; beat < 12; beat += 1) {
    await ticks.advance(240_000);
    const { mtimeMs } = await stat(path);
    expect(mtimeMs).toBe(ticks.ms);
    // As a clock that is wrong by hours, not by decades, would have it.
    await utimes(path, new Date(), new Date(Date.now() + ticks.ms - 7_200_000));
    expect(await isHeld()).toBe(true);
  }
  await end();
  await writeFile(path, "");
  expect(await isHeld()).toBe(true);
  await ticks.advance(890_000);
  expect(await isHeld()).toBe(true);
  await ticks.advance(20_000);
  expect(await isHeld()).toBe(false);
});

test("who looks only once believes a process on another machine for a day", async () => {
  const { at, leases } = await open();
  await leases.take(dataName, 0o600);
  const elsewhere = { host: "host-2", bootId: "boot-2" };
  expect([...(await at(elsewhere).held())]).toEqual([dataName]);
  const later = { ...elsewhere, nowMs: Date.now() + foreignMs + 60_000 };
  expect([...(await at(later).held())]).toEqual([]);
});

test("names that are no leases are left alone", async () => {
  const { layout, leases, names } = await open();
  await mkdir(join(layout, "leases"));
  const old = new Date(0);
  for (const name of [
    "README",
    `0-0-1-1-00000000-${dataName}`,
    "11111111-22222222-1-1-00000000-../x".replace("/", "_"),
  ]) {
    await writeFile(join(layout, "leases", name), "");
    await utimes(join(layout, "leases", name), old, old);
  }
  await leases.sweep();
  expect(await names()).toHaveLength(3);
  expect([...(await leases.held())]).toEqual([]);
});

test("a read takes no lease, a hold one, which goes with it", async () => {
  const { cached, put, dir } = await openBench();
  const leases = () => readdir(join(dir, "objects", "v1", "leases")).catch(() => []);
  await put("a", "1");
  await cached.read("a", { start: () => undefined, write: () => undefined });
  expect(await leases()).toEqual([]);
  const held = await cached.hold("a");
  expect(await leases()).toHaveLength(1);
  await held.close();
  await held.close();
  expect(await leases()).toEqual([]);
});

test("a copy that another process takes away in the last moment is fetched again, not held", async () => {
  const disk = openNodeDisk();
  const { cached, put, wire, cache, dir } = await openBench({ disk });
  await put("a", noise(1_000));
  await (await cached.hold("a")).close();
  wire.take();
  const { writeFile: write } = disk;
  let others = 1;
  disk.writeFile = async (path, ...rest) => {
    // The other process saw no lease: it looked before there was one.
    if (path.includes("leases") && others-- > 0) await removeEntries(dir);
    return write.call(disk, path, ...rest);
  };
  const held = await cached.hold("a");
  expect(wire.take()).toEqual(["read a if-none-match: not-modified", "read a"]);
  expect(await readFile(held.path)).toHaveLength(1_000);
  expect((await cache.clear()).objects).toBe(0);
  await held.close();
});

test("without a lease a copy is held against this process at least", async () => {
  const disk = openNodeDisk();
  const { writeFile: write } = disk;
  disk.writeFile = async (path, ...rest) => {
    if (path.includes("leases")) throw new EntrepotError("no-space", "full");
    return write.call(disk, path, ...rest);
  };
  const { cached, put, reopen, warnings } = await openBench({ disk });
  await put("a", "old");
  const held = await cached.hold("a");
  expect(warnings.map(({ code }) => code)).toEqual(["no-space"]);
  expect((await reopen().clear()).objects).toBe(0);
  await put("a", "new");
  await (await cached.hold("a")).close();
  expect(await readFile(held.path, "utf8")).toBe("old");
  await held.close();
});

test("who holds what cannot be known: nothing is taken away", async () => {
  const disk = openNodeDisk();
  const { cached, put, cache, warnings } = await openBench({ disk });
  await put("a", "old");
  const held = await cached.hold("a");
  const { readFolder } = disk;
  disk.readFolder = async (path) => {
    if (path.includes("leases")) throw new EntrepotError("io", "no answer");
    return readFolder.call(disk, path);
  };
  await expect(cache.clear()).rejects.toMatchObject({ code: "io" });
  await held.close();
  const path = await cached.pathOf("a");
  await put("a", "new");
  await (await cached.hold("a")).close();
  expect(await readFile(path ?? "", "utf8")).toBe("old");
  expect(warnings.map(({ code }) => code)).toEqual(["io"]);
});

async function removeEntries(dir: string): Promise<void> {
  const layout = join(dir, "objects", "v1");
  for (const name of await readdir(layout)) if (name !== "leases") await rm(join(layout, name), { recursive: true });
}
