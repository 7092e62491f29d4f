/** The dataset at a folder: sugar over the verbs of a depot, loaded when it is first asked for something. */
import { wrongValue } from "../../error/index.ts";
import type { Address } from "../../uri/index.ts";
import { withClosedOptions } from "../closed-options.ts";
import type { Depot } from "../depot.ts";
import type { DatasetDesk } from "./desk.ts";
import { datasetLayout } from "./layout.ts";
import type { Dataset } from "./types.ts";

/** `unending` gives the same depot without a signal that could end its calls. */
export function datasetOf(depot: Depot, unending: () => Depot, now: () => number, folder: Address): Dataset<Depot> {
  const written = depot.resolve(folder, { for: "write" });
  const layout = datasetLayout(written.endsWith("/") ? written : `${written}/`);
  const swaps = { proven: !layout.uri.startsWith("s3:") };
  const desk: DatasetDesk = {
    data: depot.with({ outbox: false }),
    // Who has lost the network waits no second time for what gc finds anyway.
    unending: () => unending().with({ outbox: false, retries: { attempts: 3, budget: "10s" } }),
    layout,
    swaps,
    now,
  };
  const room: Dataset<Depot> = {
    uri: layout.uri,
    publish: async (source, options = {}) => {
      if (source === undefined) throw wrongValue("the source", "publish()", "a folder, a list or a function", source);
      return (await import("./publish.ts")).publishOf(desk, source, options);
    },
    open: async (options = {}) => (await import("./open.ts")).openOf(desk, options),
    history: async ({ signal } = {}) => {
      const { describe, readPointer, recordOf } = await import("./desk.ts");
      const pointer = await readPointer(desk, { signal });
      if (pointer.generations.length === 0) recordOf(desk, pointer, undefined);
      return pointer.generations.map((record) => describe(desk, record, pointer));
    },
    rollback: async (generation, options = {}) => (await import("./rollback.ts")).rollbackOf(desk, generation, options),
    gc: async (options = {}) => (await import("./gc.ts")).gcOf(desk, options),
  };
  return withClosedOptions(room, "dataset.");
}
