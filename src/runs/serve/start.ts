/** Starts the server of runs: what it works with put together, then the port. Loaded when first asked for. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { submitRun } from "../execute/index.ts";
import { newSecret, type RunStore } from "../store/index.ts";
import type { World } from "./api/route.ts";
import { openApp } from "./app.ts";
import { openSessions } from "./guard/sessions.ts";
import { openStreams } from "./guard/streams.ts";
import { listen } from "./listen.ts";
import { pageFile } from "./page-files.ts";
import type { ServedRuns, ServeRunsOptions } from "./serve-options.ts";
import { checkPlace, isLoopback, namesOf } from "./serve-settings.ts";

/** Of the API, not of the package. */
const version = "1";

export async function start(
  data: Depot,
  store: RunStore,
  options: Omit<ServeRunsOptions, "store">,
  /** For tests. */
  {
    every = everyWhile,
    mostConnections,
  }: { readonly every?: World["every"]; readonly mostConnections?: number | undefined } = {},
): Promise<ServedRuns> {
  const { host = "127.0.0.1", port = 0, readOnly = false, now = Date.now } = options;
  checkPlace(options);
  if (!isLoopback(host)) await needToken(store, now);
  const closing = new AbortController();
  const sessions = openSessions({ store, now, newSecret });
  const streams = openStreams();
  let url = "";
  const open: Parameters<typeof listen>[2] = (bound) => {
    const names = namesOf({ ...options, host }, bound);
    url = names.url;
    const cookieName = `entrepot_runs_${bound}`;
    const attributes = `Path=/; HttpOnly; SameSite=Strict${names.isSecure ? "; Secure" : ""}`;
    const world: World = {
      data,
      store,
      sessions,
      streams,
      isReadOnly: readOnly,
      closing: closing.signal,
      onStart: options.onStart ?? ((runId) => submitRun(store, runId)),
      now,
      every,
      cookie: (session) =>
        session === undefined ? `${cookieName}=; ${attributes}; Max-Age=0` : `${cookieName}=${session}; ${attributes}`,
    };
    const { log, onInternalError } = options;
    return openApp(world, { ...names, cookieName, version, pageFile, now, log, onInternalError });
  };
  const listening = await listen(host, port, open, { most: mostConnections });
  const close = async (): Promise<void> => {
    closing.abort(new DOMException("The server of runs was closed", "AbortError"));
    await listening.close();
  };
  return {
    url,
    port: listening.port,
    // behind the #, which browsers send to nobody
    newSignInUrl: () => {
      const person = {
        name: "sign-in link",
        role: readOnly ? ("read" as const) : ("admin" as const),
        models: undefined,
      };
      return `${url}/#code=${sessions.newCode(person)}`;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function needToken(store: RunStore, now: () => number): Promise<void> {
  const tokens = await store.tokens.list();
  if (tokens.some(({ expiresMs }) => expiresMs === undefined || expiresMs > now())) return;
  throw new EntrepotError("misconfigured", "other machines would reach this server, and there is no token", {
    hint: "entrepot runs token create makes one",
  });
}

function everyWhile(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  timer.unref();
  return () => clearInterval(timer);
}
