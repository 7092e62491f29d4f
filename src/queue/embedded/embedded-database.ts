/**
 * A database in a folder of this machine. The process that holds the folder serves it on a socket; every process, that one included,
 * is a client. When the holder is gone, the next statement of anybody makes somebody hold it.
 */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Clock } from "../clock.ts";
import type { Database, Sql } from "../database/database.ts";
import { databaseFailure, isConnectionFailure, isWait } from "../database/failure.ts";
import { inTransaction, openPool, statement, using } from "../database/pool.ts";
import type { PgClient, PgPool } from "../peers.ts";
import { untilAnswered } from "../tasks/until-answered.ts";
import { FolderLock, type Held, isTaken } from "./folder-lock.ts";
import { type Holding, hold } from "./holding.ts";
import { newSocketFolder } from "./socket-folder.ts";

export interface EmbeddedOptions {
  readonly connections: number;
  readonly connectMs: number;
  readonly disk: Disk;
  readonly clock: Clock;
}

/** How long to wait before asking again for a database that is being opened or taken over, milliseconds. */
const retryMs = 50;

/** Errors: those of Database, missing-peer, malformed, and those of the disk. */
export async function openEmbeddedDatabase(folder: string, options: EmbeddedOptions): Promise<Database> {
  const database = new EmbeddedDatabase(folder, options);
  try {
    // whoever holds it may end just then
    await untilAnswered(options.clock, () => database.query("SELECT 1"));
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

interface Joined {
  readonly pool: PgPool;
}

class EmbeddedDatabase implements Database {
  readonly kind = "embedded";
  readonly address: string;
  readonly #options: EmbeddedOptions;
  readonly #lock: FolderLock;
  #joined: Joined | undefined;
  #joining: Promise<void> | undefined;
  #holding: Holding | undefined;
  #end: Promise<void> | undefined;

  constructor(folder: string, options: EmbeddedOptions) {
    this.address = folder;
    this.#options = options;
    this.#lock = new FolderLock(options.disk, this.way().lock);
  }

  way(): { readonly lock: string } {
    return { lock: join(this.address, "lock") };
  }

  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    return this.#run((client) => statement<Row>(client, text, values));
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#run((client) => inTransaction(client, work));
  }

  close(): Promise<void> {
    this.#end ??= this.#close();
    return this.#end;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run<T>(work: (client: PgClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      return await using(client, work);
    } catch (error) {
      throw databaseFailure(error, this.address);
    }
  }

  /** Before a statement was sent, trying again is always right. */
  async #connect(): Promise<PgClient> {
    const { clock, connectMs } = this.#options;
    const untilMs = clock.now() + connectMs;
    for (;;) {
      // A connection that died while this process was busy is heard of before it is used.
      await turn();
      if (this.#end !== undefined) throw new TypeError("This database is closed");
      const joined = this.#joined;
      try {
        if (joined !== undefined) return await joined.pool.connect();
        this.#joining ??= this.#join().finally(() => {
          this.#joining = undefined;
        });
        await this.#joining;
        continue;
      } catch (error) {
        if (!isConnectionFailure(error)) throw databaseFailure(error, this.address);
        // Gone, going, or not there yet; where all connections are merely in use, the pool stays.
        if (!isWait(error)) this.#leave(joined);
        if (clock.now() > untilMs) throw await this.#silent(error);
      }
      await clock.sleep(retryMs);
    }
  }

  /** Holds the folder if nobody does, and makes a pool to whoever does. */
  async #join(): Promise<void> {
    const { connections } = this.#options;
    if (this.#holding?.isServing === false) this.#holding = undefined;
    let found: Held | { readonly socketFolder: string } | undefined;
    if (this.#holding === undefined) {
      const socketFolder = newSocketFolder();
      const taken = await this.#lock.take(socketFolder);
      if (taken === undefined) throw new EntrepotError("unreachable", `${this.address} changes hands`);
      if (isTaken(taken)) this.#holding = await hold({ folder: this.address, socketFolder, taken, ...this.#options });
      else found = taken;
    }
    found ??= this.#holding;
    if (found === undefined) return;
    const { socketFolder } = found;
    this.#joined = { pool: await openPool({ socketFolder, connections, connectMs: 5000 }) };
  }

  #leave(joined: Joined | undefined): void {
    if (joined === undefined || this.#joined !== joined) return;
    this.#joined = undefined;
    joined.pool.end().catch(() => undefined);
  }

  async #silent(cause: unknown): Promise<EntrepotError> {
    const holder = await this.#lock.holder();
    const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
    return new EntrepotError("busy", `${this.address} is held by ${who}, which does not answer`, {
      cause,
      hint: "end that process, and another takes over; several machines want a PostgreSQL server: { url }",
    });
  }

  async #close(): Promise<void> {
    await this.#joining?.catch(() => undefined);
    await this.#joined?.pool.end();
    this.#joined = undefined;
    await this.#holding?.release();
    this.#holding = undefined;
  }
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
