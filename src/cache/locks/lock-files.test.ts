/** Locks on disks that fail, and among what others leave or plant there. */
import { lstatSync, lutimesSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failNth, nodeFsOperations, openNodeDisk } from "../../disk/index.ts";
import { HeldLock } from "./held-lock.ts";
import { entry, held, leftByTheDead, never, openWorld, settled } from "./test-world.fixture.ts";

describe("a lock", () => {
  test.each<[string, (path: string) => void]>([
    ["a file", (path) => mkdirSync(path)],
    ["a text that names nobody", (path) => symlinkSync("nobody", path)],
  ])("that is %s keeps nobody from going on", async (_, plant) => {
    const { on, ticks, folder } = await openWorld();
    mkdirSync(folder);
    plant(join(folder, `${entry}.0`));
    const waiting = on("a").take(entry, 0o600, never);
    await settled();
    await ticks.advance(20_000);
    const taken = await waiting;
    expect(taken).not.toBe("freed");
    if (taken instanceof HeldLock) await taken.release();
  });

  test("of a stranger counts for nothing, unless the group is trusted", async () => {
    const { on, ticks, folder } = await openWorld();
    const uid = (process.getuid?.() ?? 0) + 1;
    mkdirSync(folder);
    symlinkSync("nobody", join(folder, `${entry}.0`));
    expect(await on("a", { uid }).take(entry, 0o600, never)).toBe("without");
    const waiting = on("a", { uid }).take(entry, 0o660, never);
    await settled();
    await ticks.advance(20_000);
    await held(await waiting).release();
  });

  test("is never in the way of a disk that fails: each operation in turn", async () => {
    for (let nth = 1; ; nth += 1) {
      const { on, ticks } = await openWorld();
      await leftByTheDead(on("a"));
      const failing = failNth(nodeFsOperations, nth, { errno: "EIO" });
      const taking = on("a", { disk: openNodeDisk({ operations: failing.operations }) }).take(entry, 0o600, never);
      await settled();
      await ticks.advance(20_000);
      const taken = await taking;
      if (taken instanceof HeldLock) await taken.release();
      if (!failing.fired) break;
      // A healthy disk afterwards: whatever was left behind is in nobody's way.
      await held(await on("a").take(entry, 0o600, never)).release();
    }
  });

  test("takes along the mark of one who died waiting", async () => {
    const { on, ticks, names, plant } = await openWorld();
    const lock = held(await on("a").take(entry, 0o600, never));
    await plant(".w", "waits");
    await ticks.advance(100);
    await lock.release();
    expect(await names()).toEqual([]);
  });

  test("that could not be taken away stops nobody in this process", async () => {
    const { on } = await openWorld();
    const unlink = () => {
      throw Object.assign(new Error("EIO"), { code: "EIO", errno: -5 });
    };
    const disk = openNodeDisk({ operations: { ...nodeFsOperations, unlink } });
    await held(await on("a", { disk }).take(entry, 0o600, never)).release();
    await held(await on("a").take(entry, 0o600, never)).release();
  });
});

test("a sweep takes away what the dead left, and nothing else", async () => {
  const { on, names, plant, folder, now } = await openWorld();
  const locks = on("a");
  const dead = await leftByTheDead(locks);
  await plant(".1", dead);
  await plant(".w", "waits");
  await plant(".readme", "x");
  const living = held(await locks.take("cd".repeat(32), 0o600, never));
  const elsewhere = held(await on("b").take("ef".repeat(32), 0o600, never));
  await locks.sweep(0o600);
  expect(readdirSync(folder).sort()).toEqual(
    [`${entry}.readme`, `${"cd".repeat(32)}.0`, `${"ef".repeat(32)}.0`].sort(),
  );
  await living.release();
  // After a day even what nobody can judge.
  const path = join(folder, `${"ef".repeat(32)}.0`);
  lutimesSync(path, now() / 1000 - 90_000, now() / 1000 - 90_000);
  expect(lstatSync(path).mtimeMs).toBeLessThan(now());
  await locks.sweep(0o600);
  expect(await names()).toEqual([".readme"]);
  await elsewhere.release();
});
