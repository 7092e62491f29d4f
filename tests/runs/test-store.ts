/** A store over a database of its own, with a clock that tests move. */
import { entrepot } from "../../src/index.ts";
import { type NewRun, openRunStore, type RunStore, type TaskRecord } from "../../src/runs/index.ts";
import type { Kind } from "../queue/places.ts";

export interface TestStore {
  readonly store: RunStore;
  /** Milliseconds since 1970; goes on by one each time that the store looks. */
  readonly clock: { nowMs: number };
  /** One with a version; gives its name. */
  newModel(): Promise<string>;
  /** Of the policies base, p1 and p2 unless it says otherwise. */
  started(run?: Partial<NewRun>): Promise<{ readonly id: string; readonly tasks: readonly TaskRecord[] }>;
  close(): Promise<void>;
}

export async function openTestStore(open: Kind["open"]): Promise<TestStore> {
  const data = entrepot();
  const opened = await open();
  const clock = { nowMs: 1_700_000_000_000 };
  const now = () => {
    clock.nowMs += 1;
    return clock.nowMs;
  };
  const store = await openRunStore(data, { ...opened.place, now });
  let count = 0;
  const newModel = async () => {
    count += 1;
    const model = `model ${count}`;
    await store.models.add(model);
    await store.models.deploy(model, { program: { command: ["node", "main.js"] } });
    return model;
  };
  return {
    store,
    clock,
    newModel,
    async started(run = {}) {
      const policies = ["base", "p1", "p2"];
      const { id } = await store.runs.create({ model: await newModel(), policies, retries: 1, ...run });
      return { id, tasks: await store.runs.start(id) };
    },
    async close() {
      await store.close();
      await opened.close();
      await data.close();
    },
  };
}
