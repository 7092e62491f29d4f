/** Where snapshots lie, the same in every action. */
import type { Depot } from "../depot/index.ts";
import type { Call } from "./command.ts";
import { text, type ValueOption, type ValuesOf } from "./option.ts";

export const snapshotOptions: { readonly in: ValueOption<string>; readonly version: ValueOption<string> } = {
  in: text("ADDRESS", "the root that they lie below (the one in force)"),
  version: text("NAME", "a name space: the version of a model (ENTREPOT_MODEL_VERSION)"),
};

export const snapshotNote =
  "They are zips, snapshots/<version>/<name>.zip below the root in force: ENTREPOT_ROOT_<LOCATION> of ENTREPOT_LOCATION. Where that is a folder of this disk nothing is done, unless --in names it.";

/** The depot with the root that was named, and what says that it is meant. */
export async function openSnapshots(
  call: Call,
  values: ValuesOf<typeof snapshotOptions>,
): Promise<{
  readonly snapshots: Depot["snapshots"];
  /** The root in force is a folder of this disk, and nobody said that it is meant. */
  readonly unused: boolean;
  readonly options: { readonly version: string | undefined; readonly local: boolean; readonly signal: AbortSignal };
}> {
  const depot = await call.depot("many");
  const root = values.in;
  const { snapshots } = root === undefined ? depot : depot.with({ root });
  const unused = root === undefined && depot.resolve("snapshots/").startsWith("file:");
  return { snapshots, unused, options: { version: values.version, local: root !== undefined, signal: call.signal } };
}
