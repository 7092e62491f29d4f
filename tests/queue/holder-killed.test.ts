import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { driver, queueEngine } from "../../src/flow/index.ts";
import { flow } from "./flows/policies.ts";

const workerProgram = fileURLToPath(new URL("flow-worker.ts", import.meta.url));

/** Process that holds the embedded database. */
async function holderOf(dir: string): Promise<number> {
  const [name = ""] = (await readdir(join(dir, "lock"))).filter((file) => file.startsWith("held."));
  return JSON.parse(await readFile(join(dir, "lock", name), "utf8")).owner.pid;
}

test("a run whose database loses its holder in the middle gives exactly what it gives without", {
  timeout: 240_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), "entrepot-holder-"));
  const store = await mkdtemp(join(tmpdir(), "entrepot-values-"));
  const workers: ChildProcess[] = [];
  const startWorker = async (): Promise<void> => {
    const child = spawn(process.execPath, ["--import", "tsx", workerProgram, dir, store, "2", "2"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    workers.push(child);
    await once(child.stdout, "data");
  };
  onTestFinished(async () => {
    for (const child of workers) child.kill("SIGKILL");
    await Promise.all(workers.map((child) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
    await rm(dir, { recursive: true, force: true });
    await rm(store, { recursive: true, force: true });
  });
  // the first holds the database
  await startWorker();
  await Promise.all([startWorker(), startWorker()]);
  const engine = await queueEngine({ database: { dir }, store, heartbeatSeconds: 2 });
  onTestFinished(() => engine.close());

  const inputs = { count: 300 };
  const here = await driver(flow).execute(["results", "best"], { inputs });
  const first = await holderOf(dir);
  expect(workers.map(({ pid }) => pid)).toContain(first);
  const killed: number[] = [];
  const running = driver(flow, {
    engine,
    onEvent: (event) => {
      if (event.type !== "item-end" || event.done !== 60) return;
      killed.push(first);
      process.kill(first, "SIGKILL");
    },
  });
  const there = await running.execute(["results", "best"], { inputs, concurrency: 40 });
  expect(killed).toEqual([first]);
  expect(there).toEqual(here);
  expect(await holderOf(dir)).not.toBe(first);
});
