import { expect, onTestFinished, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { RunStore } from "../store/index.ts";
import type { ExecutionParts } from "./execute-attempt.ts";
import type { RunQueue } from "./run-queue.ts";
import { Worker } from "./worker.ts";

const silentMs = 10_000;

/** A worker without tasks, over a database that is asked and a clock that goes on as the test says. */
async function idleWorker({ alive = async () => undefined }: { readonly alive?: () => Promise<void> } = {}) {
  const told = { nowMs: 1_000, beats: 0, sweeps: 0, sent: 0, warnings: [] as unknown[] };
  const world = { alive, sweep: async (): Promise<void> => undefined };
  let beat: () => void = () => undefined;
  const store = {
    tasks: {
      alive: async () => {
        told.beats += 1;
        await world.alive();
        return new Set();
      },
      sweep: async () => {
        told.sweeps += 1;
        await world.sweep();
        return [];
      },
      unpublished: async () => [],
    },
  } as unknown as RunStore;
  const queue = {
    queue: { work: () => ({ stop: async () => undefined }) },
    sendMissing: async () => {
      told.sent += 1;
      return 0;
    },
    close: async () => undefined,
  } as unknown as RunQueue;
  const execution = {
    clock: {
      now: () => told.nowMs,
      sleep: async () => undefined,
      every: (_: number, run: () => void) => {
        beat = run;
        return () => undefined;
      },
    },
    guard: { close: async () => undefined },
    onWarning: (error: unknown) => void told.warnings.push(error),
  } as unknown as ExecutionParts;
  const worker = new Worker({ store, slots: 1, silentMs }, execution, queue);
  await worker.begin();
  onTestFinished(() => worker.stop());
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  /** So much later it beats again. */
  const beats = async (afterMs: number, times = 1) => {
    for (let at = 0; at < times; at += 1) {
      told.nowMs += afterMs;
      beat();
      await settled();
    }
  };
  return { told, world, beats, settled };
}

test("each beat of a worker that has nothing to do asks the database, and looks for what nobody has sent", async () => {
  const { told, beats } = await idleWorker();
  await beats(2_000, 3);
  expect(told).toMatchObject({ beats: 3, sent: 4, warnings: [] });
});

test("who was awake for as long as others may be silent looks for what dead workers left", async () => {
  const { told, beats } = await idleWorker();
  await beats(2_000, 4);
  expect(told.sweeps).toBe(0);
  await beats(2_000, 2);
  expect(told.sweeps).toBe(2);
});

test("after a beat that the database was long in answering, others have the time to speak first", async () => {
  const { told, world, beats } = await idleWorker();
  world.alive = async () => {
    told.nowMs += 6_000;
  };
  await beats(2_000);
  world.alive = async () => undefined;
  await beats(2_000, 4);
  expect(told.sweeps).toBe(0);
  await beats(2_000);
  expect(told.sweeps).toBe(1);
});

test("so they have after a beat that came late, because this process stood still", async () => {
  const { told, beats } = await idleWorker();
  await beats(2_000, 5);
  await beats(14_000);
  await beats(2_000, 4);
  expect(told).toMatchObject({ sweeps: 1, beats: 10 });
  await beats(2_000);
  expect(told.sweeps).toBe(2);
});

test("and after one that failed, which is warned of", async () => {
  const away = new EntrepotError("unreachable", "nobody answers");
  const { told, world, beats } = await idleWorker();
  world.alive = () => Promise.reject(away);
  await beats(2_000);
  world.alive = async () => undefined;
  await beats(2_000, 4);
  expect(told).toMatchObject({ sweeps: 0, warnings: [away] });
  await beats(2_000);
  expect(told.sweeps).toBe(1);
});

test("looking after the dead holds no beat up", async () => {
  const { told, world, beats, settled } = await idleWorker();
  let done: () => void = () => undefined;
  world.sweep = () =>
    new Promise((resolve) => {
      done = resolve;
    });
  await beats(2_000, 7);
  expect(told).toMatchObject({ beats: 7, sweeps: 1 });
  done();
  await settled();
  await beats(2_000);
  expect(told).toMatchObject({ beats: 8, sweeps: 2 });
  done();
});
