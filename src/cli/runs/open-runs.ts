/** The database of runs that a command line means: `--runs`, else `ENTREPOT_RUNS`, else a folder of this user. */
import { openRunStore, type RunStore } from "../../runs/index.ts";
import type { Call } from "../command.ts";
import { text, type ValueOption, type ValuesOf } from "../option.ts";
import { UsageError } from "../usage-error.ts";

export type RunsOptions = { readonly runs: ValueOption<string> };

export const runsOptions: RunsOptions = {
  runs: text("PLACE", "where runs are kept: a folder, or the URL of a PostgreSQL server"),
};

export const runsNote =
  "Runs are kept where --runs says, else ENTREPOT_RUNS, else in ~/.local/share/entrepot/runs. Packages beside entrepot: pg and pg-boss for a server, and for a folder @electric-sql/pglite and @electric-sql/pglite-socket, too.";

/** Opens it for `work`, and closes it whatever became of that. With `create` a folder without a database becomes one; else not-found. */
export async function withRuns<T>(
  call: Call,
  values: ValuesOf<RunsOptions>,
  work: (store: RunStore) => Promise<T>,
  { create = false }: { readonly create?: boolean } = {},
): Promise<T> {
  const store = await openRuns(call, values, { create });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** As `withRuns`, for who closes it. */
export async function openRuns(
  call: Call,
  { runs }: ValuesOf<RunsOptions>,
  { create }: { readonly create: boolean },
): Promise<RunStore> {
  if (runs === "") throw new UsageError("--runs is empty", "give a folder, or postgresql://user@host/name");
  const { options, refused } = await call.options();
  if (runs === undefined && refused.includes("ENTREPOT_RUNS"))
    throw new UsageError(
      "a .env file may not say ENTREPOT_RUNS: a worker executes what that database says",
      "set it in the environment, or give --runs",
    );
  // a place that is named on the line stands before that of the environment
  const env = runs === undefined ? options.env : { ...options.env, ENTREPOT_RUNS: runs };
  return openRunStore(await call.depot(), { env, create });
}
