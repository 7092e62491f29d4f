import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { entrepot } from "../../src/index.ts";
import { openRunStore, type RunEvent } from "../../src/runs/index.ts";

const claimer = fileURLToPath(new URL("claimer.ts", import.meta.url));

function startWorker(dir: string, runId: string, name: string) {
  const child = spawn(process.execPath, ["--import", "tsx", claimer, dir, runId, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const told: string[] = [];
  let heard: (() => void) | undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    told.push(line);
    heard?.();
  });
  const hears = async (lines: number): Promise<void> => {
    while (told.length < lines && child.exitCode === null) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { child, told, hears, ended: once(child, "close") };
}

test("six processes work on a hundred tasks through one that is killed: each ends once, and no line is lost or told twice", {
  timeout: 240_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), "entrepot-runs-"));
  const data = entrepot();
  onTestFinished(async () => {
    await data.close();
    await rm(dir, { recursive: true, force: true });
  });
  const first = await openRunStore(data, { dir });
  await first.models.add("m");
  await first.models.deploy("m", { program: { command: ["x"] } });
  const policies = Array.from({ length: 100 }, (_, index) => `p${index}`);
  const { id } = await first.runs.create({ model: "m", policies, baselineFirst: true, retries: 3 });
  await first.runs.start(id);
  await first.close();

  const owner = startWorker(dir, id, "owner");
  // it is open, and has ended the baseline, so that the others have something to do
  await owner.hears(4);
  const workers = Array.from({ length: 6 }, (_, index) => startWorker(dir, id, `w${index}`));
  await Promise.all(workers.map(({ hears }) => hears(1)));
  owner.child.kill("SIGKILL");
  await owner.ended;
  await Promise.all(workers.map(({ ended }) => ended));

  const store = await openRunStore(data, { dir });
  onTestFinished(() => store.close());
  expect(await store.runs.get(id)).toMatchObject({ state: "done", tasks: { done: 100 } });
  const events: RunEvent[] = [];
  for await (const event of store.watch(id)) events.push(event);
  expect(events.map(({ at }) => at)).toEqual(events.map((_, index) => index + 1));
  const finished = events.flatMap((event) => (event.type === "finished" ? [event.policyId] : []));
  expect(finished).toHaveLength(100);
  expect(new Set(finished).size).toBe(100);
  const lines = events.flatMap((event) => (event.type === "log" ? [event.line] : []));
  expect(new Set(lines).size).toBe(lines.length);
  // what anybody was told of is there
  const all = [owner, ...workers].flatMap(({ told }) => told);
  const done = all.filter((line) => line.startsWith("done "));
  expect(new Set(done).size).toBe(done.length);
  expect(done.length).toBeGreaterThan(90);
  for (const line of [...done, ...all.filter((each) => each.startsWith("failed "))]) {
    const [state = "", taskId = "", number = ""] = line.split(" ");
    const attempts = await store.tasks.attempts(taskId);
    expect(attempts.find((each) => each.number === Number(number))?.state).toBe(state);
    for (let at = 0; at < 3; at += 1) expect(lines).toContain(`${taskId} ${number} ${at}`);
  }
});
