import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { driver, type Engine, queueEngine } from "../../src/flow/index.ts";
import type { DatabasePlace } from "../../src/queue/index.ts";
import { flow } from "./flows/policies.ts";
import { kinds } from "./places.ts";

const workerProgram = fileURLToPath(new URL("flow-worker.ts", import.meta.url));

describe.each(kinds)("a flow over a database of the kind $kind", ({ open }) => {
  let place: DatabasePlace;
  let close: () => Promise<void>;
  let store = "";
  let engine: Engine;
  const workers: ChildProcess[] = [];

  async function startWorker(concurrency = 2): Promise<ChildProcess> {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", workerProgram, place.url ?? place.dir, store, String(concurrency)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    workers.push(child);
    await once(child.stdout, "data");
    return child;
  }

  beforeAll(async () => {
    const opened = await open();
    ({ place, close } = opened);
    store = await mkdtemp(join(tmpdir(), "entrepot-values-"));
    engine = await queueEngine({ database: place, store });
    await Promise.all(Array.from({ length: 4 }, () => startWorker()));
  }, 120_000);

  afterAll(async () => {
    const ended = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    for (const child of ended) child.kill("SIGKILL");
    await Promise.all(ended.map((child) => once(child, "exit")));
    await engine?.close();
    await close?.();
    await rm(store, { recursive: true, force: true });
  }, 120_000);

  test("a thousand items over four processes give exactly what they give here", { timeout: 240_000 }, async () => {
    const inputs = { count: 1000 };
    const here = await driver(flow).execute(["results", "best", "baseline"], { inputs });
    const started = performance.now();
    const there = await driver(flow, { engine }).execute(["results", "best", "baseline"], { inputs });
    process.stderr.write(`1,000 items over 4 processes: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    expect(there).toEqual(here);
    const mark = join(store, "processes");
    const all = { inputs: { count: 16, mark, processes: 4 } };
    const { workers: pids } = await driver(flow, { engine }).execute(["workers"], all);
    expect(new Set(pids)).toEqual(new Set(workers.slice(0, 4).map(({ pid }) => pid)));
  });

  test("what a node throws comes back as it was thrown, and is not tried again", { timeout: 60_000 }, async () => {
    const failure = await driver(flow, { engine })
      .execute(["afterWrong"], {})
      .catch((error: unknown) => error);
    expect(String(failure)).toContain("the rate is below zero");
    let cause: unknown = failure;
    while (cause instanceof Error && !(cause instanceof RangeError) && cause.cause !== undefined) cause = cause.cause;
    expect(cause).toBeInstanceOf(RangeError);
  });

  test("a value that has no bytes is refused by name", { timeout: 60_000 }, async () => {
    await expect(driver(flow, { engine }).execute(["opaque"], {})).rejects.toThrow(/opaque/);
  });

  test("a node whose worker is killed is taken over", { timeout: 120_000 }, async () => {
    const mark = join(store, "mark");
    const running = driver(flow, { engine }).execute(["hanging"], { inputs: { mark } });
    await expect.poll(() => readFile(mark, "utf8").catch(() => ""), { timeout: 20_000 }).not.toBe("");
    process.kill(Number(await readFile(mark, "utf8")), "SIGKILL");
    expect(await running).toEqual({ hanging: "taken over" });
    const pids = (await readFile(mark, "utf8")).trim().split("\n");
    expect(new Set(pids).size).toBe(2);
  });

  test("an aborted execution cancels its tasks, and rejects with the reason", { timeout: 60_000 }, async () => {
    const abort = new AbortController();
    const mark = join(store, "aborted");
    const running = driver(flow, { engine }).execute(["hanging"], { inputs: { mark }, signal: abort.signal });
    await expect.poll(() => readFile(mark, "utf8").catch(() => ""), { timeout: 20_000 }).not.toBe("");
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    // the worker hears of it, and nobody takes it over
    const [pid] = (await readFile(mark, "utf8")).trim().split("\n");
    const said = () => readFile(mark, "utf8");
    await expect.poll(said, { timeout: 30_000 }).toBe(`${pid}\ntold to stop\n`);
  });

  test("a worker that is told to stop ends what it runs first", { timeout: 60_000 }, async () => {
    const mark = join(store, "held");
    const running = driver(flow, { engine }).execute(["held"], { inputs: { mark } });
    await expect.poll(() => readFile(mark, "utf8").catch(() => ""), { timeout: 20_000 }).not.toBe("");
    const pid = Number(await readFile(mark, "utf8"));
    const child = workers.find((each) => each.pid === pid) as ChildProcess;
    const exit = once(child, "exit");
    const heard = once(child.stdout as NonNullable<ChildProcess["stdout"]>, "data");
    child.kill("SIGTERM");
    await heard;
    // it takes nothing more, and is there while the others work
    const others = { inputs: { count: 16, mark: join(store, "others"), processes: 1 } };
    expect((await driver(flow, { engine }).execute(["workers"], others)).workers).not.toContain(pid);
    expect(child.exitCode).toBeNull();
    await appendFile(mark, "go on\n");
    expect(await running).toEqual({ held: pid });
    expect(await exit).toEqual([0, null]);
    expect((await readFile(mark, "utf8")).split("\n")).toEqual([String(pid), "go on", ""]);
  });
});
