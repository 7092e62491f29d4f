import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Depot, entrepot } from "../../../depot/index.ts";
import { openNodeDisk, systemProcesses } from "../../../disk/index.ts";
import { dataflow, openDriver, type ResultKeeper } from "../../core/index.ts";
import { DepotShelf } from "./depot-shelf.ts";
import { cached } from "./direct.ts";
import { LocalShelf } from "./local-shelf.ts";
import { openResultStore } from "./result-store.ts";
import type { Shelf } from "./shelf.ts";
import { ask, openWorld } from "./world.fixture.ts";

async function stoppedProcess(): Promise<ChildProcess> {
  const child = spawn("sleep", ["1000"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  child.kill("SIGSTOP");
  return child;
}

describe.each(["a folder", "a depot"])("a lock in %s", (where) => {
  /** A shelf whose lock `locks/k` a stopped process has, and its clock. */
  async function heldByStopped(): Promise<{ shelf: Shelf; advance: (ms: number) => void }> {
    const { dir, data } = openWorld();
    const child = await stoppedProcess();
    const owner = { ...(await systemProcesses(openNodeDisk()).self()), pid: child.pid ?? 0, start: "" };
    let aheadMs = 0;
    const now = () => Date.now() + aheadMs;
    const advance = (ms: number) => {
      aheadMs += ms;
    };
    if (where === "a depot") {
      await data.writeText("memory:///r/locks/k", JSON.stringify({ owner, hold: "x" }));
      return { shelf: new DepotShelf(data, "memory:///r/", now), advance };
    }
    const disk = openNodeDisk();
    await disk.makeFolder(`${dir}/locks`);
    await disk.makeLink(`${dir}/locks/k`, JSON.stringify(owner));
    return { shelf: new LocalShelf(disk, dir, now), advance };
  }

  test("of a process that is stopped is waited for no longer than a minute, and is that process's all the same", async () => {
    const { shelf, advance } = await heldByStopped();
    expect([await shelf.lockState("locks/k"), await shelf.lock("locks/k")]).toEqual(["held", "held"]);
    advance(60_001);
    expect([await shelf.lockState("locks/k"), await shelf.lock("locks/k")]).toEqual(["silent", "silent"]);
  });
});

test("a result that a stopped process computes is computed here, too, which is told", async () => {
  const { store, dir, another, advance, warnings } = openWorld();
  const fn = () => 7;
  let go = () => {};
  const held = ask(store.keeper, async () => new Promise<number>((done) => (go = () => done(7))), {}, { version: 1 });
  const disk = openNodeDisk();
  await expect.poll(async () => (await disk.readFolder(`${dir}/locks`))?.length).toBe(1);
  advance(60_001);
  expect((await ask(another().keeper, fn, {}, { version: 1 })).value).toBe(7);
  expect(warnings.map(({ code, message }) => [code, message])).toEqual([
    ["timeout", expect.stringContaining("'spend' is being computed by a process that lives")],
  ]);
  go();
  await held;
});

describe("a lock in a depot", () => {
  async function shelfOn(change: (data: Depot) => Partial<Depot>): Promise<{ shelf: DepotShelf; data: Depot }> {
    const data = entrepot({ cache: false, env: {}, envFile: false });
    onTestFinished(() => data.close());
    return { shelf: new DepotShelf({ ...data, ...change(data) }, "memory:///r/", () => 0), data };
  }

  test("is gone once it is released, though a sign of life was just on its way", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { shelf, data } = await shelfOn(({ writeText }) => ({
      writeText: (async (...given: Parameters<typeof writeText>) => {
        const written = await writeText(...given);
        // it has come through, and the answer is still on its way
        if (given[2]?.ifMatch !== undefined) await arrived;
        return written;
      }) as typeof writeText,
    }));
    const held = await shelf.lock("locks/k");
    vi.advanceTimersByTime(10_000);
    await turn();
    const released = typeof held === "object" ? held.release() : undefined;
    await turn();
    arrive();
    await released;
    expect(await data.exists("memory:///r/locks/k")).toBe(false);
  });

  test("is one's own where the answer to the write that made it was lost", async () => {
    let lost = 1;
    const { shelf, data } = await shelfOn(({ writeText }) => ({
      writeText: (async (...given: Parameters<typeof writeText>) => {
        const written = await writeText(...given);
        if (lost-- > 0) return await writeText(...given);
        return written;
      }) as typeof writeText,
    }));
    const held = await shelf.lock("locks/k");
    expect(held).toBeTypeOf("object");
    if (typeof held === "object") await held.release();
    expect(await data.exists("memory:///r/locks/k")).toBe(false);
  });
});

test("one node at a time: one that waits to run hinders nobody who runs and wants the same", {
  timeout: 60_000,
}, async () => {
  const { dir, data } = openWorld();
  const store = openResultStore({ dir, data }, (await import("../../../store/index.ts")).systemClock);
  onTestFinished(() => store.close());
  let looked = () => {};
  const asked = new Promise<void>((resolve) => {
    looked = resolve;
  });
  const keeper: ResultKeeper = {
    versionOf: (value, name) => store.keeper.versionOf(value, name),
    watch: (work) => store.keeper.watch(work),
    recipeOf: (call) => store.keeper.recipeOf(call),
    peek: (call) => store.keeper.peek(call),
    find: async (call, signal) => {
      const found = await store.keeper.find(call, signal);
      setImmediate(looked);
      return found;
    },
  };
  const spend = cached(({ path }: { path: string }) => [path], { results: store });
  const nodes = {
    spend,
    busy: async ({ path }: { path: string }) => {
      await asked;
      return spend({ path });
    },
  };
  const flow = dataflow({ nodes }).inputs<{ path: string }>();
  const run = openDriver(flow, { results: keeper }).execute(["busy", "spend"], {
    inputs: { path: "a" },
    concurrency: 1,
  });
  expect(await run).toEqual({ busy: ["a"], spend: ["a"] });
});
