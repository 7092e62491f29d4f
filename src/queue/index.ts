/** Tasks that outlive the process that asks for them, over PostgreSQL or a database embedded in the processes that use it. */
export type { Database, Sql } from "./database/database.ts";
export { type DatabasePlace, databasePlace, type OpenDatabaseOptions, openDatabase } from "./database/open-database.ts";
