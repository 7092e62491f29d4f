/** A PostgreSQL server by its URL. */
import { EntrepotError } from "../../error/index.ts";
import type { PgClient, PgPool } from "../peers.ts";
import type { Database, DatabaseWay, Sql } from "./database.ts";
import { databaseFailure } from "./failure.ts";
import { inTransaction, openPool, statement, using } from "./pool.ts";

export interface ServerOptions {
  readonly connections: number;
  readonly connectMs: number;
}

/** Connects once before it resolves. Errors: misconfigured (no such URL), unreachable, unauthenticated, missing-peer. */
export async function openServerDatabase(url: string, options: ServerOptions): Promise<Database> {
  const address = addressOf(url);
  const database = new ServerDatabase(await openPool({ url, ...options }), address, () => ({ url }));
  try {
    await database.query("SELECT 1");
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

class ServerDatabase implements Database {
  readonly kind = "server";
  readonly address: string;
  readonly way: () => DatabaseWay;
  readonly #pool: PgPool;
  #end: Promise<void> | undefined;

  constructor(pool: PgPool, address: string, way: () => DatabaseWay) {
    this.way = way;
    this.#pool = pool;
    this.address = address;
  }

  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    return this.#run((client) => statement<Row>(client, text, values));
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#run((client) => inTransaction(client, work));
  }

  close(): Promise<void> {
    this.#end ??= this.#pool.end();
    return this.#end;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run<T>(work: (client: PgClient) => Promise<T>): Promise<T> {
    if (this.#end !== undefined) throw new TypeError("This database is closed");
    try {
      return await using(await this.#pool.connect(), work);
    } catch (error) {
      throw databaseFailure(error, this.address);
    }
  }
}

/** The URL without its password and options. Error: misconfigured. */
function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new EntrepotError("misconfigured", "the URL of the database is none", {
      hint: "write postgresql://user:password@host:5432/name",
    });
  return `${parsed.protocol}//${parsed.username === "" ? "" : `${parsed.username}@`}${parsed.host}${parsed.pathname}`;
}
