/** What is sent to the queue for workers that wait: all that is ready, each once, and not before its pause is over. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRunStoreAt, type ReadyTask, type RunStore } from "../store/index.ts";
import { openRunQueue } from "./run-queue.ts";
import { submitRun } from "./start-run.ts";

let dir: string;
let store: RunStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "entrepot-run-queue-"));
  store = await openRunStoreAt({ dir });
  await store.models.add("m");
  await store.models.deploy("m", { program: { command: ["true"] } });
}, 120_000);
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

test("of more tasks than are asked after at once, the last ones are sent, too, and none twice", {
  timeout: 120_000,
}, async () => {
  const policies = Array.from({ length: 1_001 }, (_, index) => `p${index}`);
  const { id } = await store.runs.create({ model: "m", policies });
  expect(await submitRun(store, id)).toMatchObject({ isNew: true, sent: 1_001 });
  expect(await submitRun(store, id)).toMatchObject({ isNew: false, sent: 0 });
  const queue = await openRunQueue(store, { retrySeconds: 0 });
  expect((await queue.queue.counts()).ready).toBe(1_001);
  await queue.close();
  await store.runs.cancel(id);
});

test("a task that failed is brought after a pause, doubled with every failure up to five minutes, as the database's clock tells it", async () => {
  const queue = await openRunQueue(store, { retrySeconds: 3 });
  const { id } = await store.runs.create({ model: "m", policies: ["base"] });
  const [task] = await store.runs.start(id);
  const failed = [0, 1, 2, 3, 7, 8, 2_000];
  const tasks = failed.map((failures): ReadyTask => {
    if (task === undefined) throw new Error("the run has no task");
    return { ...task, id: `${task.id}-${failures}`, failures, model: "m" };
  });
  await queue.send(tasks);
  const rows = await store.database.query<{ readonly seconds: number }>(
    `SELECT extract(epoch FROM start_after - created_on)::float8 AS seconds FROM entrepot_queue.job
    WHERE data->>'taskId' LIKE $1 ORDER BY start_after, id`,
    [`${task?.id}-%`],
  );
  expect(rows.map(({ seconds }) => Math.round(seconds))).toEqual([0, 3, 6, 12, 192, 300, 300]);
  await queue.close();
});
