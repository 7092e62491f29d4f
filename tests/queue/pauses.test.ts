/** All stand still for a while, and go on: whoever looks first for dead workers must not find the living. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Clock, type Database, systemClock } from "../../src/queue/index.ts";
import { kinds } from "./places.ts";
import { openQueues, type Queues } from "./queues.ts";

/** One that goes on as the test says; whoever sleeps does so by the system's. */
function heldClock() {
  let nowMs = 0;
  const timers: { readonly ms: number; readonly run: () => void; dueMs: number }[] = [];
  const clock: Clock = {
    ...{ now: () => nowMs, sleep: systemClock.sleep },
    every: (ms, run) => {
      timers.push({ ms, run, dueMs: nowMs + ms });
      return () => void timers.splice(0);
    },
  };
  /** As Node does it after a pause: what is due runs once. */
  const pass = (ms: number): void => {
    nowMs += ms;
    for (const timer of timers.filter(({ dueMs }) => dueMs <= nowMs)) {
      timer.dueMs = nowMs + timer.ms;
      timer.run();
    }
  };
  return { clock, pass };
}

/** A database that tells when what ends each look for the dead was answered; all stands still while a look is on its way to it. */
function watched(inner: Database) {
  let looked: () => void = () => undefined;
  let pausedSeconds = 0;
  const database: Database = {
    ...{ kind: inner.kind, address: inner.address },
    transaction: (work) => inner.transaction(work),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
    query: async (text, values) => {
      const told = "entrepot_queue.job_now()";
      // the time that it told is that of before the pause
      const before = text.replace(`${told}::text`, `(${told} - interval '${pausedSeconds} seconds')::text`);
      const rows = await inner.query<never>(before, values);
      if (text.includes("doomed")) setImmediate(looked);
      return rows;
    },
  };
  const look = () =>
    new Promise<void>((resolve) => {
      looked = resolve;
    });
  const pause = (seconds: number) => {
    pausedSeconds = seconds;
  };
  return { database, look, pause };
}

describe.each(kinds)("after a pause, in a database of the kind $kind", { timeout: 60_000 }, ({ open }) => {
  let queues: Queues;
  beforeAll(async () => {
    queues = await openQueues(open);
  }, 120_000);
  afterAll(() => queues?.close(), 60_000);

  /** A task that runs in a worker that says nothing, and somebody who looks for such. */
  const world = async () => {
    const [theirs, own] = [heldClock(), heldClock()];
    const over = watched(queues.database);
    const running = await queues.queueOf({ clock: theirs.clock });
    const looking = await queues.queueOf({ clock: own.clock, name: running.name }, over.database);
    const id = await running.send({});
    let end: () => void = () => undefined;
    const isOver = new Promise<void>((resolve) => {
      end = resolve;
    });
    await new Promise<void>((resolve) => {
      running.work(async () => {
        resolve();
        await isOver;
      });
    });
    const silentFor = (seconds: number) =>
      queues.database.query(
        "UPDATE entrepot_queue.job SET heartbeat_on = clock_timestamp() - $2::float8 * interval '1 second' WHERE id = $1",
        [id, seconds],
      );
    /** So much time passes, and it is looked for the dead. */
    const passes = async (ms: number, times = 1) => {
      for (let at = 0; at < times; at += 1) {
        const looked = over.look();
        own.pass(ms);
        await looked;
      }
      return (await looking.states([id])).get(id)?.takeOvers;
    };
    onTestFinished(end);
    return { pause: over.pause, silentFor, passes };
  };

  test("who was awake for a whole heartbeat takes over what a silent worker ran, and not earlier", async () => {
    const { silentFor, passes } = await world();
    await silentFor(3_600);
    expect(await passes(2_000, 4)).toBe(0);
    expect(await passes(2_000)).toBe(1);
  });

  test("who stood still leaves the others a heartbeat to speak", async () => {
    const { silentFor, passes } = await world();
    expect(await passes(2_000, 5)).toBe(0);
    await silentFor(14);
    expect(await passes(14_000)).toBe(0);
    expect(await passes(2_000, 4)).toBe(0);
    expect(await passes(2_000)).toBe(1);
  });

  test("what was asked before the pause finds nobody dead when it is answered after it", async () => {
    const { silentFor, passes, pause } = await world();
    expect(await passes(2_000, 4)).toBe(0);
    await silentFor(14);
    pause(12);
    expect(await passes(2_000)).toBe(0);
    pause(0);
    expect(await passes(2_000)).toBe(1);
  });
});
