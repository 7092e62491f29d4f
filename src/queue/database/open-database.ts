/** The one way to a database: a server by its URL, or a folder of this machine. */
import { isAbsolute, resolve } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { openNodeDisk } from "../../disk/index.ts";
import { type Clock, systemClock } from "../clock.ts";
import { openEmbeddedDatabase } from "../embedded/embedded-database.ts";
import type { Database } from "./database.ts";
import type { DatabasePlace } from "./database-place.ts";
import { openServerDatabase } from "./server-database.ts";

export type OpenDatabaseOptions = DatabasePlace & {
  /** Most connections of this process. Default 8. */
  readonly connections?: number | undefined;
  /** How long a connection is waited for; with a folder, until whoever holds it answers or it was taken over. Default 30,000. */
  readonly connectMs?: number | undefined;
  /** For tests. */
  readonly disk?: Disk | undefined;
  readonly clock?: Clock | undefined;
};

/**
 * Opens `{ url }`, a PostgreSQL server, or `{ dir }`, a database embedded in the processes that use the folder: the first serves it to all
 * others, and when it ends, however it ends, another goes on. Errors: those of Database, and missing-peer.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { url, dir, connections = 8, connectMs = 30_000, disk = openNodeDisk(), clock = systemClock } = options;
  if (!Number.isSafeInteger(connections) || connections < 1) throw new RangeError("connections must be 1 or more");
  if (url !== undefined && dir !== undefined) throw new TypeError("A database has a url or a dir, not both");
  if (url !== undefined) return openServerDatabase(url, { connections, connectMs });
  if (typeof dir !== "string" || dir === "") throw new TypeError("A database needs a url or a dir");
  const folder = isAbsolute(dir) ? dir : resolve(dir);
  return openEmbeddedDatabase(folder, { connections, connectMs, disk, clock });
}
