/** The database of runs that is meant: by options, else by the environment, else a folder of this user. */
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Depot, LocalPath } from "../depot/index.ts";
import { EntrepotError, mistakeIn } from "../error/index.ts";
import { type DatabasePlace, databasePlace, folderHolds } from "../queue/index.ts";
import { checkDepot } from "./given-depot.ts";
import { openRunStoreAt, type RunStore } from "./store/index.ts";

export interface OpenRunStoreOptions {
  /** A PostgreSQL server: `postgresql://user:password@host/name`. */
  readonly url?: string | undefined;
  /** A folder of this machine, in which a database is kept. */
  readonly dir?: LocalPath | undefined;
  /** False: not-found for a folder that holds no database. Default: true. */
  readonly create?: boolean | undefined;
  /** Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds since 1970. For tests. */
  readonly now?: (() => number) | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof OpenRunStoreOptions>(["url", "dir", "create", "env", "now"]);

/**
 * Opens the database of runs, made if need be: `url` or `dir`, else `ENTREPOT_RUNS` (either of them), else a folder below
 * `$XDG_DATA_HOME` (`~/.local/share/entrepot/runs`). Errors: unreachable, unauthenticated, misconfigured, busy, missing-peer; unsupported
 * for a database of a newer entrepot;
 * not-found for a folder without one that is not to be made; misconfigured for a folder with other things in it.
 */
export async function openRunStore(data: Depot, options: OpenRunStoreOptions = {}): Promise<RunStore> {
  checkDepot("openRunStore()", data);
  const mistake = mistakeIn("openRunStore()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  return openPlace(runDatabase(options), options);
}

/** Errors: as `openRunStore`. */
export async function openPlace(
  place: DatabasePlace,
  { create = true, now }: Pick<OpenRunStoreOptions, "create" | "now"> = {},
): Promise<RunStore> {
  const { dir } = place;
  const found = dir === undefined || dir === "" ? "database" : await folderHolds(dir);
  if (found === "other")
    throw new EntrepotError("misconfigured", `${dir} holds other things, and no database of runs`, {
      hint: "name a folder that is new or empty: ENTREPOT_RUNS or --runs",
    });
  if (found === "nothing" && !create)
    throw new EntrepotError("not-found", `there is no database of runs in ${dir}`, {
      hint: "entrepot runs model add makes one; ENTREPOT_RUNS or --runs names another",
    });
  return openRunStoreAt(place, { now });
}

/** Where the database of runs is. TypeError for both a URL and a folder, and for an option that there is none of. */
export function runDatabase(options: Pick<OpenRunStoreOptions, "url" | "dir" | "env">): DatabasePlace {
  const mistake = mistakeIn("runDatabase()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  const { url, dir, env = process.env } = options;
  if (url !== undefined && dir !== undefined) throw new TypeError("The database of runs has a url or a dir, not both");
  if (url !== undefined) return { url };
  if (dir !== undefined) return typeof dir === "string" ? folderPlace(dir) : { dir: fileURLToPath(dir) };
  const named = env["ENTREPOT_RUNS"];
  if (named !== undefined && named !== "") return databasePlace(named);
  const base = env["XDG_DATA_HOME"] || join(env["HOME"] || homedir(), ".local", "share");
  return { dir: join(base, "entrepot", "runs") };
}

/** A URL that was given as a folder would become one of that name, password and all. */
function folderPlace(dir: string): DatabasePlace {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(dir)) return { dir };
  const place = databasePlace(dir);
  if (place.url !== undefined) throw new TypeError("A dir is a folder of this machine; that of a server is its url");
  return place;
}
