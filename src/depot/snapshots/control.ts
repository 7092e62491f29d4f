/** Snapshots by the front door; the work is loaded when it is first asked for. */
import { withClosedOptions } from "../closed-options.ts";
import type { Context } from "../context.ts";
import { listingOf } from "../listing.ts";
import type { Snapshots } from "./types.ts";

export function snapshotsControl(context: Context): Snapshots {
  const work = () => import("./snapshots.ts");
  const control: Snapshots = {
    save: async (name, fromDir, options) => (await work()).saveOf(context, name, fromDir, options),
    restore: async (name, toDir, options) => (await work()).restoreOf(context, name, toDir, options),
    list: (options) =>
      listingOf(async function* () {
        yield* (await work()).snapshotsOf(context, options);
      }),
    clear: async (name, options) => (await work()).clearOf(context, name, options),
  };
  return withClosedOptions(control, "snapshots.");
}
