/** Runs that are executed: a database, a folder for outputs, and programs that are lines of a shell. */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Depot, entrepot } from "../../src/index.ts";
import {
  type NewRun,
  openRunStore,
  type RunEvent,
  type RunStore,
  type RunTaskEvent,
  type RunWorker,
  type RunWorkerOptions,
  runWorker,
  submitRun,
  type TaskRecord,
} from "../../src/runs/index.ts";
import type { Kind } from "../queue/places.ts";

export interface RunWorld {
  readonly data: Depot;
  readonly store: RunStore;
  readonly place: { readonly url: string } | { readonly dir: string };
  readonly folder: string;
  /** Events of all workers. */
  readonly events: RunTaskEvent[];
  /** A model whose program is these lines of a shell; gives its name. `$OUT` is its output folder, `$WORLD` ours. */
  model(script: string): Promise<string>;
  worker(options?: Partial<RunWorkerOptions>): Promise<RunWorker>;
  /** One that is stopped when its test ends. */
  working(options?: Partial<RunWorkerOptions>): Promise<RunWorker>;
  submitted(script: string, run?: Partial<NewRun>): Promise<string>;
  /** When the run has ended: its tasks. */
  ended(runId: string): Promise<readonly TaskRecord[]>;
  /** When such a thing has happened in the run. */
  happened(runId: string, is: (event: RunEvent) => boolean): Promise<RunEvent>;
  history(runId: string): Promise<readonly RunEvent[]>;
  read(name: string): Promise<string>;
  close(): Promise<void>;
}

const preamble =
  'OUT=$(printf %s "$ENTREPOT_OUTPUT_URI" | cut -c 8-); POLICY=$ENTREPOT_POLICY_ID; ATTEMPT=$ENTREPOT_ATTEMPT; ';

export async function openRunWorld(open: Kind["open"]): Promise<RunWorld> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-executing-"));
  const root = join(folder, "out");
  await mkdir(root);
  const data = entrepot({ roots: { local: root }, env: {}, envFile: false });
  const opened = await open();
  const place = opened.place as RunWorld["place"];
  const store = await openRunStore(data, place);
  const workers: RunWorker[] = [];
  const events: RunTaskEvent[] = [];
  let count = 0;
  const model = async (script: string) => {
    count += 1;
    const name = `model-${count}`;
    await store.models.add(name);
    const env = { WORLD: folder };
    await store.models.deploy(name, { program: { command: ["/bin/sh", "-c", preamble + script, "model"], env } });
    return name;
  };
  const happened: RunWorld["happened"] = async (runId, is) => {
    for await (const event of store.watch(runId)) if (is(event)) return event;
    throw new Error(`run ${runId} ended without it`);
  };
  const worker: RunWorld["worker"] = async (options = {}) => {
    const begun = await runWorker(data, {
      ...{ store, retrySeconds: 0, graceMs: 2_000, onTask: (event) => void events.push(event) },
      ...options,
    });
    workers.push(begun);
    return begun;
  };
  return {
    ...{ data, store, place, folder, events, model, happened, worker },
    async working(options) {
      const begun = await worker(options);
      onTestFinished(() => begun.stop());
      return begun;
    },
    async submitted(script, run = {}) {
      const { id } = await store.runs.create({ model: await model(script), policies: ["base"], ...run });
      await submitRun(store, id);
      return id;
    },
    async ended(runId) {
      for await (const _ of store.watch(runId, { types: ["ended"] }));
      return store.tasks.list(runId);
    },
    async history(runId) {
      const all: RunEvent[] = [];
      for await (const event of store.watch(runId, { follow: false })) all.push(event);
      return all;
    },
    read: (name) => readFile(join(folder, name), "utf8"),
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await store.close();
      await opened.close();
      await data.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
