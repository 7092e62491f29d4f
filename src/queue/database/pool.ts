/** Connections of the driver `pg`: statements and transactions over them. */
import type { EventEmitter } from "node:events";
import { loadPg, type Pg, type PgClient, type PgPool } from "../peers.ts";
import type { Sql } from "./database.ts";
import { isConnectionFailure } from "./failure.ts";

export interface PoolOptions {
  readonly url?: string | undefined;
  /** Folder of a unix socket, in place of a URL. */
  readonly socketFolder?: string | undefined;
  readonly connections: number;
  readonly connectMs: number;
}

/** The name that PostgreSQL gives a socket of this port. */
export const socketName = ".s.PGSQL.5432";

export async function openPool({ url, socketFolder, connections, connectMs }: PoolOptions): Promise<PgPool> {
  const { Pool, Client } = await loadPg();
  const where =
    url === undefined
      ? { host: socketFolder, port: 5432, user: "postgres", database: "postgres" }
      : { connectionString: url };
  const pool = new Pool({
    ...where,
    Client: endingClient(Client),
    max: connections,
    connectionTimeoutMillis: connectMs,
    // who forgets to close it may still end
    allowExitOnIdle: true,
    application_name: "entrepot",
    keepAlive: true,
  });
  // An idle connection that breaks is dropped by the pool; unheard, the event would end the process.
  pool.on("error", () => undefined);
  // The same of one that is lent, from the first moment: the pool has stopped listening before whoever asked for it can begin.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** A client that failed to connect on this side (it has no password) leaves its socket open, which would keep the process alive. */
function endingClient(Client: Pg["Client"]): Pg["Client"] {
  return class extends Client {
    constructor(...options: ConstructorParameters<Pg["Client"]>) {
      super(...options);
      const { connection } = this as unknown as { readonly connection: Connection };
      connection.on("error", () => connection.stream.destroy());
    }
  };
}

/** Of `pg`: what its client speaks through. */
interface Connection extends EventEmitter {
  readonly stream: { destroy(): unknown };
}

/** Runs `work` on a connection and gives it back; what broke is not used again. */
export async function using<T>(client: PgClient, work: (client: PgClient) => Promise<T>): Promise<T> {
  let broken = false;
  // a connection that breaks while it is lent says so by an event, which unheard would end the process
  const onError = (): void => {
    broken = true;
  };
  client.on("error", onError);
  try {
    return await work(client);
  } catch (error) {
    broken ||= isConnectionFailure(error);
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

export function sqlOf(client: PgClient): Sql {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) => {
      const result: unknown = await client.query(text, values.length === 0 ? undefined : [...values]);
      // several statements in one text give several results
      const results = (Array.isArray(result) ? result : [result]) as { readonly rows: Row[] }[];
      return results.length === 1 ? (results[0]?.rows ?? []) : results.flatMap(({ rows }) => rows);
    },
  };
}

/** A statement, or several in one text, of which a failed one may have left a transaction open. */
export async function statement<Row extends object>(
  client: PgClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  try {
    return await sqlOf(client).query<Row>(text, values);
  } catch (error) {
    if (values.length === 0 && !isConnectionFailure(error)) await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

export async function inTransaction<T>(client: PgClient, work: (sql: Sql) => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const value = await work(sqlOf(client));
    await client.query("COMMIT");
    return value;
  } catch (error) {
    // where the connection broke there is nothing left to roll back; the first failure says why
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
