import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { OpenQueueOptions, Queue } from "../../src/queue/index.ts";
import { kinds } from "./places.ts";
import { openQueues, type Queues } from "./queues.ts";

const workerProgram = fileURLToPath(new URL("task-worker.ts", import.meta.url));

describe.each(kinds)("attempts in a database of the kind $kind", ({ open }) => {
  let queues: Queues;

  beforeAll(async () => {
    queues = await openQueues(open);
  }, 120_000);
  afterAll(() => queues?.close(), 60_000);

  const queueOf = (options?: OpenQueueOptions): Promise<Queue> => queues.queueOf(options);

  test("a worker whose slots are all taken stops after its grace, and gives back what it ran", {
    timeout: 60_000,
  }, async () => {
    const queue = await queueOf({ retries: 0 });
    const reasons: unknown[] = [];
    let begun = 0;
    let began = (): void => undefined;
    const areRunning = new Promise<void>((resolve) => {
      began = resolve;
    });
    const worker = queue.work(
      ({ signal }) => {
        signal.addEventListener("abort", () => reasons.push(signal.reason));
        begun += 1;
        if (begun === 2) began();
        return new Promise(() => undefined);
      },
      { concurrency: 2 },
    );
    const ids = await Promise.all([queue.send({}), queue.send({})]);
    await areRunning;
    await worker.stop({ graceMs: 0 });
    expect(reasons).toEqual([new Error("the worker stops"), new Error("the worker stops")]);
    expect(await queue.counts()).toMatchObject({ ready: 2, failed: 0 });
    queue.work(async ({ attempt }) => attempt);
    for (const id of ids)
      expect(await queue.wait(id)).toMatchObject({ state: "done", output: 2, attempts: 2, takeOvers: 0 });
  });

  test("a task whose worker dies loses none of its attempts, and fails when that happens again and again", {
    timeout: 120_000,
  }, async () => {
    const queue = await queueOf({ retries: 0, heartbeatSeconds: 1, takeOvers: 1 });
    const hang = async (): Promise<void> => {
      const child = spawn(
        process.execPath,
        ["--import", "tsx", workerProgram, queues.place.url ?? queues.place.dir, queue.name],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      onTestFinished(() => void child.kill("SIGKILL"));
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      while (!String((await lines.next()).value).includes("attempt"));
      child.kill("SIGKILL");
      await once(child, "exit");
    };
    const id = await queue.send({ hangs: "always" });
    await hang();
    await hang();
    expect(await queue.wait(id)).toMatchObject({
      ...{ state: "failed", attempts: 2, takeOvers: 2 },
      reason: "its worker died or was cut off",
    });
    const second = await queue.send({ hangs: "always" });
    await hang();
    const worker = queue.work(async () => {
      throw new Error("of its own");
    });
    expect(await queue.wait(second)).toMatchObject({
      state: "failed",
      attempts: 2,
      takeOvers: 1,
      reason: "of its own",
    });
    await worker.stop();
  });

  test("a worker that computes for longer than it may be silent keeps its task", { timeout: 60_000 }, async () => {
    const queue = await queueOf({ retries: 0, heartbeatSeconds: 6 });
    const child = spawn(
      process.execPath,
      ["--import", "tsx", workerProgram, queues.place.url ?? queues.place.dir, queue.name, "6"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("ready");
    const id = await queue.send({ computesMs: 15_000 });
    const ended = await queue.wait(id);
    expect(ended).toMatchObject({ state: "done", output: { by: child.pid }, attempts: 1, takeOvers: 0 });
  });
});
