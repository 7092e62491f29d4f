/** A PostgreSQL database, on a server or embedded. What is asked of it is SQL with `$1` placeholders; values never become text of it. */

/** What can be asked of a database and inside a transaction. */
export interface Sql {
  /** The rows of the statement; without values the text may hold several, and the rows of all are given. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
}

/** How another thread of this process reaches a database: by a URL, or by the folder that says where it is served now. */
export type DatabaseWay =
  | { readonly url: string; readonly lock?: undefined }
  | { readonly lock: string; readonly url?: undefined };

/**
 * Errors of every method: unreachable (nobody answers, or the connection broke: whether the statement took effect is then not known),
 * unauthenticated, misconfigured (no such database), busy (the folder is held by a process that does not answer). What the database
 * itself says of a statement is thrown as it is, with its `code` of five characters.
 */
export interface Database extends Sql, AsyncDisposable {
  readonly kind: "server" | "embedded";
  /** Without its password; the folder of an embedded one. */
  readonly address: string;
  /** With its password: a function, so that nothing prints it by accident. Absent: no thread can help a worker that computes. */
  way?(): DatabaseWay;
  /** Committed when `work` resolves, rolled back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Waits for what is under way. A second call does nothing. */
  close(): Promise<void>;
}
