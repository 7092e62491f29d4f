/** The store of runs over a database: tables brought up to date, and everything that can be asked of them. */
import { type Database, type OpenDatabaseOptions, openDatabase } from "../../queue/index.ts";
import { type BoundDatabase, boundDatabase } from "./bound.ts";
import { withClosedOptions } from "./closed-options.ts";
import { databaseClock } from "./database-clock.ts";
import { filesOf } from "./files.ts";
import { idMaker } from "./ids.ts";
import { jobsOf } from "./jobs.ts";
import { modelsOf } from "./models.ts";
import { type Parts, persistent } from "./parts.ts";
import type { RunStore } from "./run-store.ts";
import { runsOf } from "./runs.ts";
import { migrate } from "./schema/migrate.ts";
import { tasksOf } from "./tasks/tasks.ts";
import { tokensOf } from "./tokens.ts";
import { watchRun } from "./watch.ts";

export interface RunStoreSeams {
  /** Milliseconds since 1970. For tests. */
  readonly now?: (() => number) | undefined;
  readonly sleep?: Parts["sleep"] | undefined;
}

/** Opens the database of a place, and closes it with the store. Errors: those of `openDatabase`, and unsupported for one of a newer program. */
export async function openRunStoreAt(place: OpenDatabaseOptions, seams: RunStoreSeams = {}): Promise<RunStore> {
  const database = await openDatabase(place);
  try {
    return await runStoreOver(database, seams, () => database.close());
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Over a database that stays the caller's. */
export async function runStoreOver(
  database: Database,
  { now: given, sleep = pause }: RunStoreSeams = {},
  close: () => Promise<void> = async () => undefined,
): Promise<RunStore> {
  await migrate(database);
  const now = given ?? (await databaseClock(database));
  const parts: Parts = { sql: patient(boundDatabase(database), sleep), now, newId: idMaker(now), sleep };
  const models = modelsOf(parts);
  return {
    database,
    models: withClosedOptions(models, "models"),
    runs: withClosedOptions(runsOf(parts, models), "runs"),
    files: withClosedOptions(filesOf(parts), "files"),
    tasks: withClosedOptions(tasksOf(parts), "tasks"),
    jobs: withClosedOptions(jobsOf(parts), "jobs"),
    tokens: withClosedOptions(tokensOf(parts), "tokens"),
    watch: (runId, options) => watchRun(parts, runId, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Questions outside of transactions change nothing, so that a broken connection is no end of them. */
function patient(sql: BoundDatabase, sleep: Parts["sleep"]): BoundDatabase {
  return {
    transaction: sql.transaction,
    query: (text, values) =>
      /^\s*SELECT\b/.test(text) ? persistent({ sleep }, () => sql.query(text, values)) : sql.query(text, values),
  };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
