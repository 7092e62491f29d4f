/** Brings the tables of a database to those of this program, from whichever version; of several that do so at once one does. */
import { createHash } from "node:crypto";
import { EntrepotError } from "../../../error/index.ts";
import type { Database, Sql } from "../../../queue/index.ts";
import { type Migration, migrations } from "./migrations.ts";

/** Which versions were applied. Also made by a transaction under the lock: two that make a schema at once fail. */
const applied = `
CREATE SCHEMA IF NOT EXISTS entrepot_runs;
CREATE TABLE IF NOT EXISTS entrepot_runs.migrations (
  version integer PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/** Of the lock, which ends with the transaction; a number of ours, the same in every release. */
const lockNumber = 4_716_205_381;

/**
 * Gives the versions that it applied, none for a database that is at the newest; all of them or none. Errors: unsupported for a database of a newer
 * program or of another history; misconfigured for one whose tables are there and not the list of what was applied; forbidden where the
 * user may make no schema.
 */
export async function migrate(
  database: Database,
  known: readonly Migration[] = migrations,
): Promise<readonly number[]> {
  try {
    // the usual case asks without a lock
    if ((await missing(database, known)).length === 0) return [];
  } catch (error) {
    if (!isNoTable(error)) throw error;
  }
  try {
    return await database.transaction(async (sql) => {
      await sql.query("SELECT pg_advisory_xact_lock($1)", [lockNumber]);
      await sql.query(applied);
      const open = await missing(sql, known);
      for (const migration of open) {
        await sql.query(migration.text);
        await sql.query("INSERT INTO entrepot_runs.migrations (version, checksum) VALUES ($1, $2)", [
          migration.version,
          checksumOf(migration),
        ]);
      }
      return open.map(({ version }) => version);
    });
  } catch (error) {
    if (codeOf(error) === "42501") throw mayNot(error);
    throw isThere(error) ? ofNoVersion(database.address, error) : error;
  }
}

export function checksumOf({ text }: Migration): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What is not applied yet. */
async function missing(sql: Sql, known: readonly Migration[]): Promise<readonly Migration[]> {
  const rows = await sql.query<{ readonly version: number; readonly checksum: string }>(
    "SELECT version, checksum FROM entrepot_runs.migrations ORDER BY version",
  );
  for (const { version, checksum } of rows) {
    const migration = known.find((each) => each.version === version);
    if (migration === undefined)
      throw new EntrepotError(
        "unsupported",
        `the database of runs is of version ${rows.at(-1)?.version}, and this program knows up to ${known.at(-1)?.version ?? 0}`,
        { hint: "a newer entrepot has changed it: update this one" },
      );
    if (checksumOf(migration) !== checksum)
      throw new EntrepotError(
        "unsupported",
        `version ${version} of the database of runs is not the one that was released`,
        {
          hint: "it was made by a build that was never released: make a new database, or bring back the one of before",
        },
      );
  }
  return known.slice(rows.length);
}

function isNoTable(error: unknown): boolean {
  // no such table; no such schema
  return ["42P01", "3F000"].includes(codeOf(error) ?? "");
}

/** Duplicate table, column, object, schema or function. */
function isThere(error: unknown): boolean {
  return ["42P07", "42701", "42710", "42P06", "42723"].includes(codeOf(error) ?? "");
}

function ofNoVersion(address: string, cause: unknown): EntrepotError {
  return new EntrepotError("misconfigured", `${address} holds tables of runs, but does not say of which version`, {
    cause,
    hint: "the rows of entrepot_runs.migrations are lost: restore them from a backup, name another database, or drop the schema entrepot_runs if nothing in it is needed",
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function mayNot(cause: unknown): EntrepotError {
  return new EntrepotError("forbidden", "the user of the database may not make the tables of runs", {
    cause,
    hint: "let it create schemas, or let another user open the runs once, and grant it the schema entrepot_runs",
  });
}
