/** pg-boss over one of our databases. */
import { EntrepotError } from "../../error/index.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../database/database.ts";
import { loadPgBoss, type PgBoss } from "../peers.ts";
import { schema } from "./status-rows.ts";
import { untilAnswered } from "./until-answered.ts";

/** How often it looks for workers that fell silent, seconds. */
const superviseSeconds = 2;
const startTries = 5;

export interface BossOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** What fails in the background. */
  readonly warn: (error: unknown) => void;
  /** Name of the queue, which is made if it is not there. */
  readonly queue: string;
}

/** Makes its tables, or those of its newer release, where they are not there. Errors: those of the database, missing-peer, misconfigured. */
export async function openBoss({ database, clock, warn, queue }: BossOptions): Promise<PgBoss> {
  const { PgBoss } = await loadPgBoss();
  const boss = new PgBoss({
    db: { executeSql: async (text, values = []) => ({ rows: [...(await database.query(text, values))] }) },
    schema,
    backend: database.kind === "embedded" ? "pglite" : "postgres",
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    flowIntervalSeconds: 1,
  });
  boss.on("error", warn);
  for (let tries = 1; ; tries += 1) {
    try {
      await untilAnswered(clock, () => boss.start());
      await untilAnswered(clock, () => boss.createQueue(queue, {}));
      // It then knows the queue: within a transaction of the caller, on another connection, it could not ask.
      await untilAnswered(clock, () => boss.insert(queue, []));
      return boss;
    } catch (error) {
      // Several processes may make the tables at once: all but one fail, and find them the next time.
      if (tries === startTries || !isRace(error)) throw startFailure(error);
      await clock.sleep(50 * 2 ** tries);
    }
  }
}

function isRace(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // unique_violation, duplicate schema, table, object, function; deadlock; tuple concurrently updated
  return ["23505", "42P06", "42P07", "42710", "42723", "40P01", "XX000"].includes(String(code));
}

function startFailure(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "42501") return error;
  return new EntrepotError("forbidden", "the user of the database may not make the tables of the queue", {
    cause: error,
    hint: `let it create schemas, or make the schema ${schema} for it`,
  });
}
