/** The database goes away under a worker whose program runs: the program goes on, and what it says and ends in is told afterwards, once. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { entrepot } from "../../src/index.ts";
import { openRunStore, type RunStore } from "../../src/runs/index.ts";
import { postgresPrograms, startPostgres } from "../queue/postgres-server.ts";
import { openRunWorld, type RunWorld } from "./run-world.ts";
import { startWorkerProcess } from "./worker-process.ts";

const programs = postgresPrograms();
/** Talks before and after, waits in between. */
const script =
  'echo before; until [ -e "$WORLD/away" ]; do sleep 0.1; done; echo meanwhile; until [ -e "$WORLD/back" ]; do sleep 0.1; done; echo x > "$OUT/n.txt"; echo after';

const happens = async (world: RunWorld, away: () => Promise<void>, back: () => Promise<void>) => {
  const id = await world.submitted(script, { retries: 0 });
  let saidMeanwhile: () => void = () => undefined;
  const meanwhile = new Promise<void>((resolve) => {
    saidMeanwhile = resolve;
  });
  const tasks: RunStore["tasks"] = {
    ...world.store.tasks,
    log: (token, lines) => {
      if (lines.some(({ line }) => line === "meanwhile")) saidMeanwhile();
      return world.store.tasks.log(token, lines);
    },
  };
  const worker = await world.worker({ store: { ...world.store, tasks } });
  await world.happened(id, (event) => event.type === "log");
  await away();
  await world.data.writeText(`file://${world.folder}/away`, "");
  // what it says now cannot be told yet
  await meanwhile;
  await back();
  await world.data.writeText(`file://${world.folder}/back`, "");
  const [task] = await world.ended(id);
  expect(task).toMatchObject({ state: "done", attempts: 1, failures: 0 });
  const history = await world.history(id);
  const lines = history.flatMap((event) => (event.type === "log" ? [event.line] : []));
  expect(lines).toEqual(["before", "meanwhile", "after"]);
  expect(history.filter(({ type }) => type === "finished")).toHaveLength(1);
  expect((await world.store.tasks.outputs(id)).map(({ path }) => path)).toEqual(["n.txt"]);
  // and it goes on to work
  const next = await world.submitted("true");
  expect(await world.ended(next)).toMatchObject([{ state: "done", attempts: 1 }]);
  await worker.stop();
};

test.skipIf(programs === undefined)("a server that is stopped and started again", { timeout: 120_000 }, async () => {
  const server = await startPostgres(programs ?? "");
  const world = await openRunWorld(async () => ({ place: { url: server.url }, close: () => server.stop() }));
  onTestFinished(() => world.close());
  await happens(world, server.halt, server.resume);
});

test("a folder whose owner is killed", { timeout: 120_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), "entrepot-owned-"));
  const data = entrepot();
  const first = await openRunStore(data, { dir });
  await first.models.add("nothing");
  await first.close();
  await data.close();
  // it holds the database from here on, and has nothing to do
  const owner = await startWorkerProcess(["--models", "nothing"], { ...process.env, ENTREPOT_RUNS: dir });
  onTestFinished(() => void owner.child.kill("SIGKILL"));
  const world = await openRunWorld(async () => ({
    ...{ place: { dir }, close: () => rm(dir, { recursive: true, force: true }) },
  }));
  onTestFinished(() => world.close());
  const killed = async (): Promise<void> => {
    owner.child.kill("SIGKILL");
    expect(await owner.ended).toBe("SIGKILL");
  };
  await happens(world, killed, async () => undefined);
});
