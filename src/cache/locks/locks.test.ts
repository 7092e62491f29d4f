/** Whose turn it is: one at a time, whoever dies, and never for longer than somebody is at it. */
import { mkdirSync, readdirSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failNth, nodeFsOperations, openNodeDisk } from "../../disk/index.ts";
import type { Taken } from "./locks.ts";
import { bury, entry, held, leftByTheDead, never, openWorld, settled } from "./test-world.fixture.ts";

const load = { progress: () => 0, isHeldUp: () => false, onWaiter: () => undefined };

describe("a lock", () => {
  test("is had by one; who waits is told when it is free", async () => {
    const { on, ticks, names } = await openWorld();
    const [first, second] = [on("a"), on("a")];
    const lock = held(await first.take(entry, 0o600, never));
    const asleep = ticks.asleep();
    const waiting = second.take(entry, 0o600, never);
    await asleep;
    expect(await names()).toEqual([".0", ".w"]);
    await lock.release();
    await ticks.advance(5);
    expect(await waiting).toBe("freed");
    expect(await names()).toEqual([]);
    await held(await second.take(entry, 0o600, never)).release();
  });

  test("costs one link, which says who has it, and goes with it", async () => {
    const { on, names, folder, layout } = await openWorld();
    const counting = failNth(nodeFsOperations, Number.POSITIVE_INFINITY, { errno: "EIO" });
    const locks = on("a", { disk: openNodeDisk({ operations: counting.operations }), layout });
    await held(await locks.take(entry, 0o600, never)).release();
    await held(await locks.take(entry, 0o600, never)).release();
    const before = counting.calls.length;
    const lock = held(await locks.take(entry, 0o600, never));
    expect(readlinkSync(join(folder, `${entry}.0`))).toMatch(new RegExp(`^\\w{8}-\\w{8}-${process.pid}-\\d+-\\w{8}$`));
    await lock.release();
    expect(counting.calls.slice(before)).toEqual(["symlink", "unlink"]);
    expect(await names()).toEqual([]);
  });

  test("of a dead process is not taken away: the next is made beside it, and takes both along in the end", async () => {
    const { on, names, folder } = await openWorld();
    const locks = on("a");
    const text = await leftByTheDead(locks);
    const next = held(await locks.take(entry, 0o600, never));
    expect(await names()).toEqual([".0", ".1"]);
    expect(readlinkSync(join(folder, `${entry}.0`))).toBe(text);
    await next.release();
    expect(await names()).toEqual([]);
  });

  test("goes last of those that go with it: until then nobody can begin below", async () => {
    const { on } = await openWorld();
    await leftByTheDead(on("a"));
    const disk = openNodeDisk();
    const removed: string[] = [];
    const { removeLink } = disk;
    disk.removeLink = (path) => {
      removed.push(path.slice(-2));
      return removeLink.call(disk, path);
    };
    await held(await on("a", { disk }).take(entry, 0o600, never)).release();
    expect(removed).toEqual([".0", ".1"]);
  });

  test("that was let go of while somebody looked at the dead one below is not had twice", async () => {
    const world = await openWorld();
    const text = await leftByTheDead(world.on("a"));
    const disk = openNodeDisk();
    const { makeLink } = disk;
    disk.makeLink = async (path, target) => {
      // Between the look at the dead lock and the making of the next another one had it, let go, and a third began anew.
      if (path.endsWith(".1")) {
        unlinkSync(join(world.folder, `${entry}.0`));
        symlinkSync(text.replace(/\w{8}$/, "0000aaaa"), join(world.folder, `${entry}.0`));
      }
      return makeLink.call(disk, path, target);
    };
    expect(await world.on("a", { disk }).take(entry, 0o600, never)).toBe("freed");
    expect(await world.names()).toEqual([".0"]);
  });

  test("whose holder stopped is not waited for: its process lives, but nothing is heard of it", async () => {
    const { on, ticks, names, plant, folder } = await openWorld();
    // Of this process, so that it lives; and nobody touches it.
    mkdirSync(folder);
    const other = on("a");
    const lock = held(await other.take(entry.replace("a", "b"), 0o600, never));
    await plant(".0", readlinkSync(join(folder, `${entry.replace("a", "b")}.0`)));
    await lock.release();
    const waiting = on("a").take(entry, 0o600, never);
    await settled();
    await ticks.advance(14_000);
    expect(await names()).toEqual([".0", ".w"]);
    await ticks.advance(2_000);
    expect(await waiting).toBe("without");
    expect(await names()).toEqual([".0"]);
  });

  test("of another machine is believed while it is touched, whatever the clocks there say, and 15 s longer", async () => {
    const { on, ticks, names, folder } = await openWorld();
    // Its clock is an hour behind.
    const elsewhere = on("b", { now: () => Date.now() - 3_600_000 + ticks.ms });
    const lock = held(await elsewhere.take(entry, 0o600, never));
    let progress = 0;
    lock.attend({ ...load, progress: () => progress++ });
    let taken: Taken | undefined;
    const waiting = on("a")
      .take(entry, 0o600, never)
      .then((value) => {
        taken = value;
      });
    await settled();
    await ticks.advance(60_000);
    expect(taken).toBeUndefined();
    lock.beat = async () => undefined;
    await ticks.advance(18_000);
    await waiting;
    expect(await names()).toEqual([".0", ".1"]);
    // When it comes back it does not take away what is another one's by now.
    await held(taken ?? "freed").release();
    const third = held(await on("c").take(entry, 0o600, never));
    await lock.release();
    expect(await names()).toEqual([".0"]);
    await third.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is not touched any more while nothing moves, so that nobody waits for a reader who sleeps", async () => {
    const { on, ticks } = await openWorld();
    const lock = held(await on("a").take(entry, 0o600, never));
    lock.attend(load);
    const waiting = on("a").take(entry, 0o600, never);
    await settled();
    await ticks.advance(28_000);
    expect(await waiting).toBe("without");
    await lock.release();
  });

  test("tells its holder of somebody who waits when a reader holds the work up", async () => {
    const { on, ticks } = await openWorld();
    const lock = held(await on("a").take(entry, 0o600, never));
    const told: string[] = [];
    let isHeldUp = true;
    lock.attend({ progress: () => told.length, isHeldUp: () => isHeldUp, onWaiter: () => told.push("waiter") });
    await ticks.advance(2_000);
    expect(told).toEqual([]);
    const waiting = on("a").take(entry, 0o600, never);
    await settled();
    await ticks.advance(2_000);
    expect(told).toEqual(["waiter"]);
    isHeldUp = false;
    await ticks.advance(2_000);
    expect(told).toEqual(["waiter"]);
    await lock.release();
    await ticks.advance(100);
    expect(await waiting).toBe("freed");
  });

  test("is not waited for by one who is called off", async () => {
    const { on, ticks, names } = await openWorld();
    const lock = held(await on("a").take(entry, 0o600, never));
    const controller = new AbortController();
    const asleep = ticks.asleep();
    const waiting = on("a").take(entry, 0o600, controller.signal);
    await asleep;
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(await names()).toEqual([".0"]);
    await lock.release();
  });

  test("is not made where locks are switched off", async () => {
    const { on, folder } = await openWorld();
    expect(await on("a", { locks: false }).take(entry, 0o600, never)).toBe("without");
    expect(() => readdirSync(folder)).toThrow("ENOENT");
  });
});

test("in every order of events nobody has it beside another, kills included", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom("release", "die"), { minLength: 2, maxLength: 5 }),
      async (s, ends) => {
        const { layout, on } = await openWorld();
        const disk = openNodeDisk();
        // Every step on the disk at its own time.
        const scheduled = openNodeDisk();
        for (const name of ["makeLink", "readLink", "removeLink", "stat"] as const) {
          const operation = disk[name].bind(disk) as (...args: unknown[]) => Promise<unknown>;
          Object.assign(scheduled, {
            [name]: async (...args: unknown[]) => {
              await s.schedule(Promise.resolve(), name);
              return operation(...args);
            },
          });
        }
        const alive = new Set<number>();
        let most = 0;
        const works = ends.map(async (end, index) => {
          const ticks = {
            now: () => 0,
            sharedNs: () => 0n,
            sleep: () => s.schedule(Promise.resolve(), "sleep"),
            every: () => () => undefined,
          };
          const locks = on("a", { disk: scheduled, layout, ticks });
          for (;;) {
            const taken = await locks.take(entry, 0o600, never);
            if (taken === "freed") continue;
            if (taken === "without") throw new Error("nothing is wrong with this disk");
            alive.add(index);
            most = Math.max(most, alive.size);
            await s.schedule(Promise.resolve(), "work");
            alive.delete(index);
            if (end === "die") bury(taken);
            else await taken.release();
            return;
          }
        });
        await s.waitFor(Promise.all(works));
        expect(most).toBe(1);
      },
    ),
    { numRuns: 300 },
  );
});
