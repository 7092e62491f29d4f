/** Work that reads exactly what a lock says, or nothing: for runs that are to be repeated. */
import {
  type ChangedRead,
  type Depot,
  inFrame,
  Recorder,
  type SeenObject,
  type SignalOptions,
  unwatched,
  watchedFrame,
} from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";
import { type Address, parseUri } from "../../../uri/index.ts";
import type { InputsLock } from "./inputs-lock.ts";
import { LockGuard } from "./lock-guard.ts";

type Asker = Pick<Depot, "changedSince" | "stat">;

/**
 * Runs `work` under a lock: all that it reads of any depot is what the lock says. Before it begins every input is asked for, by `data`.
 * What has changed since is read in the version of then where the bucket kept it; else nothing is read, and the error `changed` names
 * every such input. Also `changed`, when it happens: reading what is not in the lock. What the work wrote itself it may read.
 */
export async function withLock<T>(
  data: Asker,
  lock: InputsLock,
  work: () => T,
  options: SignalOptions = {},
): Promise<Awaited<T>> {
  const { inputs } = lock;
  const { etags, lost, versions } = await unwatched(() => askedFor(data, lock, options));
  if (lost.length > 0) throw changedInputs(lost);
  const outer = watchedFrame();
  const recorder = new Recorder(outer?.recorder);
  return inFrame({ recorder, guard: new LockGuard({ inputs, etags, versions, recorder }) }, work);
}

/** What has changed and cannot be had any more; what can, by its version; and the ETags of files that are known by their bytes. */
async function askedFor(data: Asker, { inputs }: InputsLock, options: SignalOptions) {
  // asked before the bytes are looked at, so that what is written meanwhile is seen when it is read
  const files = inputs.filter((read): read is SeenObject => read.kind === "object" && read.etag === undefined);
  const stats = await Promise.all(
    files.map(async ({ uri }) => [uri, (await data.stat(uri, { ...options, onError: "ignore" }))?.etag] as const),
  );
  const etags = new Map(stats.flatMap(([uri, etag]) => (etag === undefined ? [] : [[uri, etag] as const])));
  const lost: ChangedRead[] = [];
  const versions = new Set<string>();
  const changed = await data.changedSince(inputs, options);
  await Promise.all(
    changed.map(async (each) => {
      // who could not be asked is asked again when it is read, for this version only
      if (each.kind === "unknown") return;
      const version = versionOf(each.read);
      if (version !== undefined && (await isThere(data, version, options))) versions.add(each.read.uri);
      else lost.push(each);
    }),
  );
  return { etags, versions, lost: changed.filter((each) => lost.includes(each)) };
}

/** The address of what was read, where the bucket kept it apart. */
function versionOf(read: ChangedRead["read"]): Address | undefined {
  if (read.kind !== "object" || read.versionId === undefined || read.versionId === "null") return undefined;
  const location = parseUri(read.uri);
  if (location.scheme !== "s3") return undefined;
  return { bucket: location.bucket, key: location.key, versionId: read.versionId };
}

async function isThere(data: Asker, address: Address, options: SignalOptions): Promise<boolean> {
  return (await data.stat(address, { ...options, onError: "ignore" })) !== undefined;
}

const mostShown = 50;

/** `changed`, naming every input. */
export function changedInputs(changed: readonly ChangedRead[]): EntrepotError<"changed"> {
  const lines = changed.slice(0, mostShown).map(({ read, why }) => `\n  ${read.uri}: ${why}`);
  const more = changed.length > mostShown ? `\n  and ${changed.length - mostShown} more` : "";
  const what =
    changed.length === 1 ? "an input is not what the lock says" : `${changed.length} inputs are not what the lock says`;
  return new EntrepotError("changed", `${what}; nothing was read:${lines.join("")}${more}`, {
    uri: changed[0]?.read.uri,
    retryable: false,
    hint: "put back what was there, or run without the frozen lock and write it anew to accept what is there now",
  });
}
