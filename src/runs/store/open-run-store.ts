/** The store of runs over a database: tables brought up to date, and everything that can be asked of them. */
import { EntrepotError } from "../../error/index.ts";
import { type Database, type OpenDatabaseOptions, openDatabase, systemClock } from "../../queue/index.ts";
import { type Bound, type BoundDatabase, boundDatabase } from "./bound.ts";
import { withClosedOptions } from "./closed-options.ts";
import { type DatabaseClock, databaseClock } from "./database-clock.ts";
import { filesOf } from "./files.ts";
import { idMaker } from "./ids.ts";
import { jobsOf } from "./jobs.ts";
import { modelsOf } from "./models.ts";
import { type Parts, type Patience, persistent } from "./parts.ts";
import type { RunStore } from "./run-store.ts";
import { runsOf } from "./runs.ts";
import { migrate } from "./schema/migrate.ts";
import { tasksOf } from "./tasks/tasks.ts";
import { tokensOf } from "./tokens.ts";
import { watchRun } from "./watch.ts";

export interface RunStoreSeams {
  /** Milliseconds since 1970. For tests. */
  readonly now?: (() => number) | undefined;
  /** For the wait for a database that is away, and for `watch`. */
  readonly clock?: Patience["clock"] | undefined;
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
  { now: given, clock = systemClock }: RunStoreSeams = {},
  closeDatabase: () => Promise<void> = async () => undefined,
): Promise<RunStore> {
  const closing = new AbortController();
  const patience = { clock, signal: closing.signal };
  // it was there a moment ago: who serves it may just be replaced
  await persistent({ patience }, () => migrate(database));
  const bound = boundDatabase(database);
  const sql: BoundDatabase = { transaction: bound.transaction, ...patient(bound, patience) };
  const { now, measure } =
    given === undefined ? await persistent({ patience }, () => databaseClock(bound)) : asGiven(given, sql);
  const parts: Parts = {
    ...{ sql, now, patience, newId: idMaker(now) },
    measure: () => persistent({ patience }, measure),
    until: (signal) => (signal === undefined ? sql : patient(bound, { clock, signal })),
  };
  const close = async (): Promise<void> => {
    closing.abort(
      new EntrepotError("unreachable", `the store of runs at ${database.address} was closed`, {
        hint: "open it again",
      }),
    );
    await closeDatabase();
  };
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
function patient(sql: Bound, patience: Patience): Bound {
  return {
    query: (text, values) =>
      /^\s*SELECT\b/.test(text) ? persistent({ patience }, () => sql.query(text, values)) : sql.query(text, values),
  };
}

function asGiven(now: () => number, sql: Bound): DatabaseClock {
  return { now, measure: async () => void (await sql.query("SELECT 1")) };
}
