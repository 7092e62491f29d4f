/** One task alone, executed in this process as a job of a service does, with real programs. */
import { getEventListeners } from "node:events";
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTask } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { openRunWorld, type RunWorld } from "./run-world.ts";
import { isAlive } from "./untold.ts";

describe.each(kinds)("on a database that is $kind", { timeout: 60_000 }, ({ open }) => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await openRunWorld(open);
  }, 120_000);
  afterAll(() => world.close());

  test("one task that is stopped has its grace, and is given back", async () => {
    const id = await world.submitted(
      'trap "sleep 1; touch $WORLD/graced; exit 0" TERM; echo up; while :; do sleep 300 & wait; done',
    );
    const stop = new AbortController();
    const ran = runTask(world.data, { store: world.store, runId: id, policyId: "base", signal: stop.signal });
    await world.happened(id, (event) => event.type === "log");
    stop.abort();
    expect(await ran).toMatchObject({ state: "ready", attempts: 1, reason: "its worker was stopped" });
    expect(await readdir(world.folder)).toContain("graced");
    await world.store.runs.cancel(id);
  });

  test("one task whose program does not hear is killed when its grace is over, and is given back", async () => {
    const id = await world.submitted(
      'trap "" TERM; echo $$ > "$WORLD/deaf"; echo up; while :; do sleep 300 & wait; done',
    );
    const stop = new AbortController();
    const one = { store: world.store, runId: id, policyId: "base", graceMs: 200 };
    const ran = runTask(world.data, { ...one, signal: stop.signal });
    await world.happened(id, (event) => event.type === "log");
    stop.abort();
    expect(await ran).toMatchObject({ state: "ready", reason: "its worker was stopped" });
    expect(await isAlive(Number(await world.read("deaf")))).toBe(false);
    await world.store.runs.cancel(id);
  });

  test("one task is not begun for a signal that has aborted, and nothing listens to the signal afterwards", async () => {
    const runId = await world.submitted("true");
    const one = { store: world.store, runId, policyId: "base" };
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(runTask(world.data, { ...one, signal })).rejects.toThrow("too late");
    expect(await world.store.tasks.list(runId)).toMatchObject([{ state: "ready", attempts: 0 }]);
    const unused = new AbortController();
    expect(await runTask(world.data, { ...one, signal: unused.signal })).toMatchObject({ state: "done" });
    expect(getEventListeners(unused.signal, "abort")).toEqual([]);
  });
});
