/** The database of runs that is meant: by options, else by the environment, else a folder of this user. */
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Depot, LocalPath } from "../depot/index.ts";
import { mistakeIn } from "../error/index.ts";
import { type DatabasePlace, databasePlace } from "../queue/index.ts";
import { checkDepot } from "./given-depot.ts";
import { openRunStoreAt, type RunStore } from "./store/index.ts";

export interface OpenRunStoreOptions {
  /** A PostgreSQL server: `postgresql://user:password@host/name`. */
  readonly url?: string | undefined;
  /** A folder of this machine, in which a database is kept. */
  readonly dir?: LocalPath | undefined;
  /** Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds since 1970. For tests. */
  readonly now?: (() => number) | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof OpenRunStoreOptions>(["url", "dir", "env", "now"]);

/**
 * Opens the database of runs, made if need be: `url` or `dir`, else `ENTREPOT_RUNS` (either of them), else a folder below
 * `$XDG_DATA_HOME` (`~/.local/share/entrepot/runs`). Errors: unreachable, unauthenticated, misconfigured, busy, missing-peer; unsupported
 * for a database of a newer entrepot.
 */
export async function openRunStore(data: Depot, options: OpenRunStoreOptions = {}): Promise<RunStore> {
  checkDepot("openRunStore()", data);
  const mistake = mistakeIn("openRunStore()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  return openRunStoreAt(runDatabase(options), { now: options.now });
}

/** Where the database of runs is. TypeError for both a URL and a folder, and for an option that there is none of. */
export function runDatabase(options: Pick<OpenRunStoreOptions, "url" | "dir" | "env">): DatabasePlace {
  const mistake = mistakeIn("runDatabase()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  const { url, dir, env = process.env } = options;
  if (url !== undefined && dir !== undefined) throw new TypeError("The database of runs has a url or a dir, not both");
  if (url !== undefined) return { url };
  if (dir !== undefined) return { dir: typeof dir === "string" ? dir : fileURLToPath(dir) };
  const named = env["ENTREPOT_RUNS"];
  if (named !== undefined && named !== "") return databasePlace(named);
  const base = env["XDG_DATA_HOME"] || join(env["HOME"] || homedir(), ".local", "share");
  return { dir: join(base, "entrepot", "runs") };
}
