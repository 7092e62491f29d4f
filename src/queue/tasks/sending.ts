/** Puts tasks into the database once, however often it is tried: their ids are there before the first try. */
import { EntrepotError } from "../../error/index.ts";
import type { Clock } from "../clock.ts";
import type { Database, Sql } from "../database/database.ts";
import type { PgBoss } from "../peers.ts";
import type { JobOptions } from "./requests.ts";
import { readKnown } from "./status-rows.ts";
import { untilAnswered } from "./until-answered.ts";

export interface SendParts {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly name: string;
  readonly clock: Clock;
}

export interface Job {
  /** Name within the call. */
  readonly ref: string;
  readonly id: string;
  readonly data: object;
  readonly dependsOn: readonly string[];
  readonly options: JobOptions;
}

export interface SendHow {
  /** A transaction of the caller, who then tries again as a whole; otherwise it is tried until the database answers. */
  readonly within: Sql | undefined;
  /** The ids are the caller's, who may have sent them before. */
  readonly isChosen: boolean;
}

/** All or none; what is there already stays. Errors: those of Database; already-exists where some are there and others are not. */
export async function sendJobs(parts: SendParts, jobs: readonly Job[], { within, isChosen }: SendHow): Promise<void> {
  // pg-boss takes as a flow only what has an order.
  const put = jobs.every(({ dependsOn }) => dependsOn.length === 0) ? putAll : putFlow;
  if (within !== undefined) return put(parts, jobs, within, isChosen);
  await untilAnswered(parts.clock, (tries) => put(parts, jobs, undefined, isChosen || tries > 1));
}

/** Without an order: what is there is passed over by the statement itself. */
async function putAll({ boss, name }: SendParts, jobs: readonly Job[], within: Sql | undefined): Promise<void> {
  await boss.insert(
    name,
    jobs.map(({ id, data, options }) => ({ id, data, ...options })),
    dbOf(within),
  );
}

async function putFlow(
  { boss, database, name }: SendParts,
  jobs: readonly Job[],
  within: Sql | undefined,
  mayBeThere: boolean,
): Promise<void> {
  const ids = jobs.map(({ id }) => id);
  const areThere = async (): Promise<boolean> => {
    const known = await readKnown(within ?? database, name, ids);
    if (known.length > 0 && known.length < ids.length)
      throw new EntrepotError("already-exists", `${known.length} of these ${ids.length} tasks are there already`, {
        hint: "send tasks that depend on one another together, and once",
      });
    return known.length > 0;
  };
  if (mayBeThere && (await areThere())) return;
  try {
    await boss.flow(
      jobs.map(({ ref, id, data, dependsOn, options }) => ({
        ...{ ref, name, data, dependsOn: [...dependsOn] },
        options: { id, ...options },
      })),
      dbOf(within),
    );
  } catch (error) {
    // A first try whose connection broke may be committed only while the second one runs.
    if (!mayBeThere || within !== undefined || !(await areThere())) throw error;
  }
}

function dbOf(sql: Sql | undefined): object {
  if (sql === undefined) return {};
  return {
    db: {
      executeSql: async (text: string, values: unknown[] = []) => ({ rows: [...(await sql.query(text, values))] }),
    },
  };
}
