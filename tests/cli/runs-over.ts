import { expect } from "vitest";
import { openRunStore, type RunStore } from "../../src/runs/index.ts";
import type { Kind } from "../queue/places.ts";
import { openShellWorld, type ShellWorld } from "./shell-world.ts";
import { parseLines } from "./spawn-command.ts";

export interface RunsOver {
  readonly world: ShellWorld;
  /** Whoever asks finds the database open, and only talks to it. */
  readonly store: RunStore;
  run(...args: string[]): ReturnType<ShellWorld["command"]["run"]>;
  /** What `--json` prints. */
  json(...args: string[]): Promise<ReturnType<typeof parseLines>>;
  close(): Promise<void>;
}

/** A shell over a database of runs with the model `growth`, deployed once. */
export async function openRunsOver(open: Kind["open"]): Promise<RunsOver> {
  const place = await open();
  const { url, dir } = place.place;
  const world = await openShellWorld("bucket", { ENTREPOT_RUNS: url ?? dir });
  const store = await openRunStore(world.data, place.place);
  for (const line of ["add growth", "deploy growth -- python3 model.py"])
    expect(await world.command.run(["runs", "model", ...line.split(" ")])).toMatchObject({ code: 0, stderr: "" });
  const run: RunsOver["run"] = (...args) => world.command.run(["runs", ...args]);
  return {
    ...{ world, store, run },
    json: async (...args) => parseLines((await run("--json", ...args)).stdout),
    async close() {
      await store.close();
      await world.command.close();
      await world.data.close();
      await world.server.close();
      await place.close();
    },
  };
}
