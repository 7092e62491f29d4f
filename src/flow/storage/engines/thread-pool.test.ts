import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import type { ThreadTask } from "./flow-thread.ts";
import { ThreadPool } from "./thread-pool.ts";

/** Answers as the thread of an engine does; what it does is the name of the node. */
const program = `
const { parentPort } = require("node:worker_threads");
let isArmed = false;
const later = (run) => setImmediate(run);
parentPort.on("message", ({ node }) => {
  const answer = () => parentPort.postMessage({ value: 1 });
  if (isArmed) later(() => { throw new Error("left behind"); });
  else if (node === "throws") later(() => { throw new Error("of its own"); });
  else if (node === "exits") process.exit(3);
  else if (node === "endless") return;
  else answer();
  if (node === "throws late") later(() => { throw new Error("late"); });
  if (node === "arms") isArmed = true;
});`;

interface Opened {
  readonly pool: ThreadPool;
  readonly threads: Worker[];
  readonly warned: Promise<unknown>;
}

function poolOf(most: number): Opened {
  const threads: Worker[] = [];
  let warn: (error: unknown) => void = () => undefined;
  const warned = new Promise((resolve) => {
    warn = resolve;
  });
  const start = (): Worker => {
    const thread = new Worker(program, { eval: true });
    threads.push(thread);
    return thread;
  };
  const pool = new ThreadPool({ most, start, warn });
  onTestFinished(() => pool.close());
  return { pool, threads, warned };
}

const task = (node: string): ThreadTask => ({ node, index: undefined, config: {} as never, values: {} });
const never = new AbortController().signal;

test("what a finished task throws later is told, and the next one runs in another thread", async () => {
  const { pool, threads, warned } = poolOf(1);
  await pool.run(task("throws late"), never);
  expect(await warned).toMatchObject({ message: "late" });
  await pool.run(task("well"), never);
  expect(threads.length).toBe(2);
});

test("a task whose thread ends by what another left behind runs once more; by its own, it fails", async () => {
  const { pool, threads } = poolOf(1);
  await pool.run(task("arms"), never);
  expect(await pool.run(task("well"), never)).toHaveProperty("value");
  expect(threads.length).toBe(2);
  await expect(pool.run(task("throws"), never)).rejects.toThrow("of its own");
  await expect(pool.run(task("exits"), never)).rejects.toMatchObject({ code: "server-error" });
  expect(await pool.run(task("well"), never)).toHaveProperty("value");
});

test("a thread that dies while it has nothing to do is replaced", async () => {
  const { pool, threads } = poolOf(1);
  await pool.run(task("well"), never);
  const [first] = threads;
  await Promise.all([first?.terminate(), first === undefined ? undefined : once(first, "exit")]);
  await pool.run(task("well"), never);
  expect(threads.length).toBe(2);
});

test("a task that is aborted while it waits for a thread leaves at once; one that runs takes its thread with it", async () => {
  const { pool, threads } = poolOf(1);
  const [running, waiting] = [new AbortController(), new AbortController()];
  const endless = pool.run(task("endless"), running.signal);
  const queued = pool.run(task("well"), waiting.signal);
  const next = pool.run(task("well"), never);
  waiting.abort(new Error("not wanted"));
  await expect(queued).rejects.toThrow("not wanted");
  expect(threads.length).toBe(1);
  running.abort(new Error("too long"));
  await expect(endless).rejects.toThrow("too long");
  expect(await next).toHaveProperty("value");
  expect(threads.length).toBe(2);
});

test("a closed pool ends what runs and what waits, and takes nothing more", async () => {
  const { pool } = poolOf(1);
  const open = [pool.run(task("endless"), never), pool.run(task("well"), never)].map((run) =>
    run.catch((error: unknown) => error),
  );
  await pool.close();
  const closed = new TypeError("This engine is closed");
  expect(await Promise.all(open)).toEqual([closed, closed]);
  await expect(pool.run(task("well"), never)).rejects.toEqual(closed);
});
