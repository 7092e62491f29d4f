import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type OpenQueueOptions, openQueue, type Queue } from "../../src/queue/index.ts";
import { kinds } from "./places.ts";
import { openQueues, type Queues } from "./queues.ts";

/** On it no time passes. */
const stoppedClock: NonNullable<OpenQueueOptions["clock"]> = {
  now: () => 0,
  sleep: (_ms, signal) =>
    new Promise((_resolve, reject) => {
      if (signal?.aborted === true) reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  every: () => () => undefined,
};

const workerProgram = fileURLToPath(new URL("task-worker.ts", import.meta.url));

describe.each(kinds)("tasks in a database of the kind $kind", ({ open }) => {
  let queues: Queues;

  beforeAll(async () => {
    queues = await openQueues(open);
  }, 120_000);
  afterAll(() => queues?.close(), 60_000);

  const queueOf = (options?: OpenQueueOptions): Promise<Queue> => queues.queueOf(options);

  test("a task is done by a worker, and its output comes back", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    const id = await queue.send({ number: 20 });
    expect((await queue.states([id])).get(id)).toMatchObject({ state: "ready", attempts: 0 });
    queue.work(async ({ data }) => ({ twice: Number(data["number"]) * 2 }));
    expect(await queue.wait(id)).toMatchObject({ state: "done", output: { twice: 40 }, attempts: 1 });
    expect(await queue.counts()).toMatchObject({ done: 1, ready: 0 });
  });

  test("an output that is no object, or none, comes back as it is", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    const outputs = [7, "text", null, [1, { value: 2 }], { value: 3 }, { reason: "x" }];
    queue.work(async ({ data }) => outputs[Number(data["at"])]);
    const ids = await Promise.all(outputs.map((_, at) => queue.send({ at })));
    const ended = await Promise.all(ids.map((id) => queue.wait(id)));
    expect(ended.map(({ output }) => output)).toEqual(outputs);
  });

  test("a task that fails is tried again, later and later, and fails for good when its attempts are used up", {
    timeout: 60_000,
  }, async () => {
    const queue = await queueOf();
    const attempts: number[] = [];
    queue.work(async ({ attempt, data }) => {
      attempts.push(attempt);
      if (attempt <= Number(data["bad"])) throw new Error(`attempt ${attempt} is a bad one`);
      return "well";
    });
    const flaky = await queue.send({ bad: 1 }, { retries: 2, retrySeconds: 0 });
    expect(await queue.wait(flaky)).toMatchObject({ state: "done", output: "well", attempts: 2 });
    const hopeless = await queue.send({ bad: 9 }, { retries: 1, retrySeconds: 1 });
    expect(await queue.wait(hopeless)).toMatchObject({
      state: "failed",
      reason: "attempt 2 is a bad one",
      attempts: 2,
    });
    expect(attempts).toEqual([1, 2, 1, 2]);
  });

  test("tasks run after what they name, and see what it did", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    const order: string[] = [];
    queue.work(async ({ data }) => void order.push(String(data["is"])), { concurrency: 4 });
    const ids = await queue.sendAll({
      summary: { data: { is: "summary" }, after: ["one", "two"] },
      one: { data: { is: "one" }, after: ["baseline"] },
      two: { data: { is: "two" }, after: ["baseline"] },
      baseline: { data: { is: "baseline" } },
    });
    expect(await queue.wait(ids["summary"] ?? "")).toMatchObject({ state: "done" });
    expect([order[0], order.slice(1, 3).sort(), order[3]]).toEqual(["baseline", ["one", "two"], "summary"]);
  });

  test("when a task fails, all that come after it are cancelled, and say why", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    const ran: unknown[] = [];
    queue.work(async ({ data }) => {
      ran.push(data["is"]);
      if (data["is"] === "baseline") throw new Error("no such file");
    });
    const ids = await queue.sendAll({
      baseline: { data: { is: "baseline" }, retries: 0 },
      policy: { data: { is: "policy" }, after: ["baseline"] },
      summary: { data: { is: "summary" }, after: ["policy"] },
    });
    const summary = await queue.wait(ids["summary"] ?? "");
    expect(summary).toMatchObject({ state: "cancelled", attempts: 0 });
    expect(summary.reason).toBe(`not run, because task ${ids["baseline"]} failed: no such file`);
    expect(await queue.counts()).toMatchObject({ failed: 1, cancelled: 2, waiting: 0 });
    expect(ran).toEqual(["baseline"]);
  });

  test("a cancelled task is told so where it runs, and what comes after it is cancelled", {
    timeout: 60_000,
  }, async () => {
    const queue = await queueOf();
    let began = (): void => undefined;
    const isRunning = new Promise<void>((resolve) => {
      began = resolve;
    });
    let told: unknown;
    queue.work(async ({ signal }) => {
      began();
      await once(signal, "abort");
      told = signal.reason;
    });
    const ids = await queue.sendAll({ first: { data: {} }, second: { data: {}, after: ["first"] } });
    await isRunning;
    await queue.cancel([ids["first"] ?? ""], "not wanted any more");
    expect(await queue.wait(ids["first"] ?? "")).toMatchObject({ state: "cancelled", reason: "not wanted any more" });
    expect((await queue.wait(ids["second"] ?? "")).reason).toBe(
      `not run, because task ${ids["first"]} was cancelled: not wanted any more`,
    );
    await expect.poll(() => told, { timeout: 10_000 }).toBeInstanceOf(Error);
  });

  test("the task of a worker that is killed is taken over by another", { timeout: 120_000 }, async () => {
    const queue = await queueOf();
    const child = spawn(
      process.execPath,
      ["--import", "tsx", workerProgram, queues.place.url ?? queues.place.dir, queue.name],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("ready");
    const id = await queue.send({ hangs: true }, { retries: 1, retrySeconds: 0 });
    expect(JSON.parse((await lines.next()).value)).toEqual({ data: { hangs: true }, attempt: 1 });
    child.kill("SIGKILL");
    queue.work(async ({ attempt }) => attempt);
    expect(await queue.wait(id)).toMatchObject({ state: "done", output: 2, attempts: 2 });
  });

  test("an attempt that takes too long fails, and its signal says so", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    queue.work(({ signal }) => once(signal, "abort"));
    const id = await queue.send({}, { retries: 0, timeoutSeconds: 1 });
    expect(await queue.wait(id)).toMatchObject({ state: "failed", reason: "it took longer than 1 s" });
  });

  test("a worker that stops ends what it runs and takes nothing more", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let began = (): void => undefined;
    const isRunning = new Promise<void>((resolve) => {
      began = resolve;
    });
    const worker = queue.work(async () => {
      began();
      await gate;
    });
    const [first, second] = [await queue.send({}), await queue.send({})];
    await isRunning;
    const stopped = worker.stop();
    release();
    await stopped;
    const states = await queue.states([first, second]);
    expect([states.get(first)?.state, states.get(second)?.state].sort()).toEqual(["done", "ready"]);
  });

  test("two hundred tasks follow one another without a wait in between", { timeout: 60_000 }, async () => {
    // no wait ends by itself: a worker that needs one between two tasks stays where it is
    const queue = await queueOf({ clock: stoppedClock });
    const ids = await queue.sendAll(
      Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`t${at}`, { data: { at } }])),
    );
    const done = new Set<unknown>();
    await new Promise<void>((resolve) => {
      queue.work(async ({ data }) => {
        if (done.add(data["at"]).size === Object.keys(ids).length) resolve();
      });
    });
  });

  test("what is no task is refused before anything is sent", async () => {
    const queue = await queueOf();
    await expect(queue.sendAll({ a: { data: {}, after: ["b"] } })).rejects.toThrow(
      "Task a comes after b, which is not among the tasks",
    );
    await expect(queue.sendAll({ a: { data: {}, after: ["b"] }, b: { data: {}, after: ["a"] } })).rejects.toThrow(
      "These tasks come after one another: a, b",
    );
    await expect(queue.send({}, { retries: -1 })).rejects.toThrow(RangeError);
    await expect(openQueue(queues.database, { name: "no name" })).rejects.toThrow(RangeError);
    expect(await queue.counts()).toMatchObject({ ready: 0, waiting: 0 });
  });
});
