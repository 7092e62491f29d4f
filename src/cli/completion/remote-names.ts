/**
 * Names on a server, one level of them and at most one page, within a time that people wait at a prompt; where it does not answer,
 * or may not be asked, those that are known here. Never an error: who presses TAB has asked for none.
 */
import type { Depot, EntrepotOptions } from "../../depot/index.ts";
import type { Transport } from "../../net/index.ts";

/** How long the server has, and then what is kept here, milliseconds. */
const patienceMs = 900;
const lookMs = 300;

/** A page of S3. */
const mostNames = 1_000;

export interface RemoteWorld {
  /** Options of a depot as the line has them; `undefined` where they contradict each other. */
  readonly options: EntrepotOptions;
  readonly open: (options: EntrepotOptions, watch?: (transport: Transport) => Transport) => Depot;
}

/** Full addresses that begin with `start`, which begins with `s3://`; those that end in `/` go on. */
export async function remoteNames({ options, open }: RemoteWorld, start: string): Promise<readonly string[]> {
  const asking = open({ ...options, cache: false, retries: { attempts: 1 } }, onePage);
  const asked = await oneLevel(asking, start, patienceMs);
  end(asking);
  if (asked.complete || asked.names.length > 0 || options.cache === false) return asked.names;
  const knowing = open({ ...options, network: "offline" });
  const { names } = await oneLevel(knowing, start, lookMs);
  const known = names.length > 0 ? names : await keptNames(knowing, start, lookMs);
  end(knowing);
  return known;
}

/** Without waiting for it: the process ends in a moment. */
export function end(depot: Depot): void {
  depot.close().catch(() => {});
}

interface Level {
  readonly names: readonly string[];
  /** Whether nothing went wrong. */
  readonly complete: boolean;
}

async function oneLevel(depot: Depot, start: string, ms: number): Promise<Level> {
  const names: string[] = [];
  try {
    const signal = AbortSignal.timeout(ms);
    const [, bucket = "", key] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(start) ?? [];
    const listing =
      key === undefined
        ? depot.list("s3://", { kind: "folder", signal })
        : depot.list<"any">({ bucket, key }, { kind: "any", depth: 1, prefix: true, signal });
    for await (const { uri } of listing) {
      if (uri.startsWith(start)) names.push(uri);
      if (names.length === mostNames) break;
    }
    return { names, complete: true };
  } catch {
    return { names, complete: false };
  }
}

/** What lies in the cache, one level of it. */
async function keptNames(depot: Depot, start: string, ms: number): Promise<readonly string[]> {
  const names = new Set<string>();
  try {
    for await (const { uri } of depot.cache.list(undefined, { signal: AbortSignal.timeout(ms) })) {
      if (!uri.startsWith(start)) continue;
      const slash = uri.indexOf("/", start.length);
      names.add(slash < 0 ? uri : uri.slice(0, slash + 1));
      if (names.size === mostNames) break;
    }
  } catch {
    // Some of them are better than none.
  }
  return [...names].sort();
}

/** Lets one page of a listing come, wherever its bucket is found. */
function onePage(transport: Transport): Transport {
  let pages = 0;
  return {
    send(request, sink) {
      if (!/[?&]list-type=2(?:&|$)/.test(request.path)) return transport.send(request, sink);
      if (pages > 0) return Promise.reject(new Error("one page is enough"));
      return transport.send(request, {
        head(status, headers) {
          if (status === 200) pages += 1;
          sink.head(status, headers);
        },
        data: (chunk) => sink.data(chunk),
      });
    },
    close: () => transport.close(),
  };
}
