/** The optional packages of this room, loaded when a database or a queue is first opened. */
// biome-ignore-all lint/suspicious/noTsIgnore: an expected error would be one where the package is installed
import { createRequire } from "node:module";
import { EntrepotError } from "../error/index.ts";

/** @ts-ignore The package may be missing where only other doors are used. */
export type Pg = typeof import("pg")["default"];
/** @ts-ignore The package may be missing where only other doors are used. */
export type PgPool = import("pg").Pool;
/** @ts-ignore The package may be missing where only other doors are used. */
export type PgClient = import("pg").PoolClient;
/** What we call of pg-boss, by hand: its own declarations are not whole (12.35.0), which every program that imports them would be told. */
export interface PgBoss {
  on(event: "error", listener: (error: unknown) => void): unknown;
  start(): Promise<unknown>;
  stop(options: { readonly graceful: boolean }): Promise<unknown>;
  createQueue(name: string, options: object): Promise<unknown>;
  insert(name: string, jobs: readonly object[], options?: object): Promise<unknown>;
  flow(jobs: readonly object[], options?: object): Promise<unknown>;
  resolveFlow(): Promise<unknown>;
  cancel(name: string, ids: readonly string[]): Promise<unknown>;
  fetch<T>(
    name: string,
    options: { readonly batchSize: number; readonly includeMetadata: true; readonly ignoreGroups: readonly string[] },
  ): Promise<readonly FetchedJob<T>[]>;
  fail(name: string, attempt: JobAttempt, data: object): Promise<unknown>;
  complete(name: string, attempt: JobAttempt, data: object): Promise<unknown>;
  touch(name: string, attempts: readonly JobAttempt[]): Promise<unknown>;
}

/** Which try of which job: what an earlier one says is not listened to. */
export interface JobAttempt {
  readonly id: string;
  readonly retryCount: number;
}

/** One of `fetch`, as far as it is looked at. */
export interface FetchedJob<T> extends JobAttempt {
  readonly data: T;
  readonly expireInSeconds: number;
}

export interface PgBossPackage {
  readonly PgBoss: new (
    options: {
      readonly db: {
        executeSql(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
      };
    } & Readonly<Record<string, unknown>>,
  ) => PgBoss;
}

/** What the hints tell to install; tested with these. pglite and pglite-socket name each other's exact versions. */
const versions = {
  pg: "8.23.1",
  "pg-boss": "12.35.0",
  "@electric-sql/pglite": "0.5.14",
  "@electric-sql/pglite-socket": "0.2.17",
} as const;
type Peer = keyof typeof versions;
/** Whoever misses one is told all that what it is about to do needs, on one line. */
const ofServers = ["pg", "pg-boss"] as const satisfies readonly Peer[];
const ofFolders = [
  ...ofServers,
  "@electric-sql/pglite",
  "@electric-sql/pglite-socket",
] as const satisfies readonly Peer[];

/** Error: missing-peer, saying what to install. */
export async function loadPg(load: () => Promise<unknown> = () => import("pg")): Promise<Pg> {
  return ((await loaded(load, "databases need the package pg", ofServers)) as { readonly default: Pg }).default;
}

/** Error: missing-peer, saying what to install. */
export async function loadPgBoss(load: () => Promise<unknown> = () => import("pg-boss")): Promise<PgBossPackage> {
  return (await loaded(load, "queues need the package pg-boss", ofServers)) as PgBossPackage;
}

/** Where the package lies, for a thread. Error: missing-peer, saying what to install. */
export function findPg(resolve: (name: string) => string = createRequire(import.meta.url).resolve): string {
  try {
    return resolve("pg");
  } catch (error) {
    throw missing(error, "databases need the package pg", ofServers);
  }
}

/** Where the two packages of the embedded database lie. Error: missing-peer, saying what to install. */
export function findPglite(resolve: (name: string) => string = createRequire(import.meta.url).resolve): {
  readonly pglite: string;
  readonly socket: string;
} {
  try {
    return { pglite: resolve("@electric-sql/pglite"), socket: resolve("@electric-sql/pglite-socket") };
  } catch (error) {
    throw missing(
      error,
      "an embedded database needs the packages @electric-sql/pglite and @electric-sql/pglite-socket",
      ofFolders,
    );
  }
}

async function loaded(load: () => Promise<unknown>, need: string, peers: readonly Peer[]): Promise<unknown> {
  try {
    return await load();
  } catch (error) {
    throw missing(error, need, peers);
  }
}

function missing(cause: unknown, need: string, peers: readonly Peer[]): EntrepotError {
  return new EntrepotError("missing-peer", `${need}, which cannot be loaded`, {
    cause,
    hint: `npm install ${peers.map((name) => `${name}@${versions[name]}`).join(" ")}`,
  });
}
