/**
 * What every verb does with its options: cancel, report progress, and turn failures into values where asked.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { type BodySink, passingSink } from "../store/index.ts";
import type { Context } from "./context.ts";
import { joinSignals } from "./join-signals.ts";
import type { CallOptions, OnError } from "./options.ts";

/** The caller's signal joined with that of `with({ signal })`. */
export function signalOf(
  context: Context,
  options: { readonly signal?: AbortSignal | undefined } | undefined,
): AbortSignal | undefined {
  const signal = joinSignals(context.settings.signal, options?.signal);
  signal?.throwIfAborted();
  return signal;
}

const modes: ReadonlySet<string> = new Set(["throw", "allow-missing", "warn", "ignore"]);

/**
 * Runs a verb under its `onError`. A caller's mistake (`TypeError`, `RangeError`, invalid-address, misconfigured) and an abort
 * are thrown whatever it says.
 */
export function lenient<T>(
  context: Context,
  onError: OnError | undefined,
  run: () => Promise<T>,
): Promise<T | undefined> {
  // the usual way has no layer of its own: small reads are counted in microseconds
  return onError === undefined || onError === "throw" ? run() : leniently(context, onError, run);
}

async function leniently<T>(context: Context, onError: OnError, run: () => Promise<T>): Promise<T | undefined> {
  if (!modes.has(onError)) {
    throw new TypeError(`onError is one of throw, allow-missing, warn, ignore; not ${JSON.stringify(onError)}`);
  }
  try {
    return await run();
  } catch (error) {
    if (!isEntrepotError(error) || isEntrepotError(error, "invalid-address", "misconfigured")) throw error;
    if (onError === "allow-missing" && error.code !== "not-found") throw error;
    if (onError === "warn") context.warn(error);
    return undefined;
  }
}

/** `ifMatch: undefined` would overwrite without a condition, so it must not look like one. */
export function checkCondition(
  options: { readonly ifMatch?: string; readonly ifNoneMatch?: string | undefined } | undefined,
): void {
  if (options === undefined) return;
  if ("ifMatch" in options && typeof options.ifMatch !== "string") {
    throw new TypeError("ifMatch is not a string: leaving it out overwrites, so say which you mean");
  }
  if (options.ifMatch !== undefined && options.ifNoneMatch !== undefined)
    throw new TypeError("ifMatch and ifNoneMatch exclude each other");
  if (options.ifNoneMatch !== undefined && options.ifNoneMatch !== "*")
    throw new TypeError('ifNoneMatch is "*": create only');
}

/** The conditions of a write, as the store takes them. */
export function conditionOf(
  options: { readonly ifMatch?: string; readonly ifNoneMatch?: "*" | undefined } | undefined,
): { readonly ifMatch?: string | undefined; readonly ifNoneMatch?: "*" | undefined } {
  checkCondition(options);
  if (options?.ifMatch !== undefined) return { ifMatch: options.ifMatch };
  return options?.ifNoneMatch === undefined ? {} : { ifNoneMatch: options.ifNoneMatch };
}

/** A sink that also tells how far the read is. */
export function withProgress(sink: BodySink, uri: string, onProgress: CallOptions["onProgress"]): BodySink {
  if (onProgress === undefined) return sink;
  let totalBytes = 0;
  let doneBytes = 0;
  const tell = (doneObjects: number) => onProgress({ uri, doneObjects, totalObjects: 1, doneBytes, totalBytes });
  return passingSink(sink, {
    onStarted(range) {
      totalBytes = range.end - range.start;
      doneBytes = 0;
      if (totalBytes === 0) tell(1);
    },
    onBytes(sizeBytes) {
      doneBytes += sizeBytes;
      tell(doneBytes === totalBytes ? 1 : 0);
    },
  });
}

/** Fails before anything is done when a change of a remote is asked for offline, and cannot wait (`mayWait`) in an outbox. */
export function assertMayWrite(
  context: Context,
  place: { readonly uri: string; readonly location: { readonly scheme: string } },
  mayWait = false,
): void {
  const { scheme } = place.location;
  if (scheme === "http" || scheme === "https") {
    throw new EntrepotError("unsupported", `${place.uri} can only be read`, {
      uri: place.uri,
      hint: "write to an s3:// address or a local path",
    });
  }
  const { network, outbox, cache } = context.settings;
  if (scheme !== "s3" || network !== "offline" || (mayWait && outbox && cache !== false)) return;
  throw new EntrepotError("unreachable", `${place.uri} cannot be changed offline`, {
    uri: place.uri,
    retryable: false,
    hint: `the network is switched off by the setting network: "offline"; nothing was changed${mayWait ? waitingHint(outbox) : ""}`,
  });
}

/** With the outbox on it is the cache that is missing. */
function waitingHint(outbox: boolean): string {
  if (!outbox) return "; outbox: true (ENTREPOT_OUTBOX=1) lets writes wait";
  return "; the outbox lies in the cache's folder, so leave out cache: false (--no-cache) to let writes wait";
}

/** For writes: also refuses an address that names a version. */
export function assertMayReplace(
  context: Context,
  place: {
    readonly uri: string;
    readonly location: { readonly scheme: string };
    readonly versionId: string | undefined;
  },
  mayWait = true,
): void {
  assertMayWrite(context, place, mayWait);
  if (place.versionId !== undefined) throw versionWritten(place.uri);
}

/** What is written becomes a version of its own. */
export function versionWritten(uri: string): EntrepotError {
  return new EntrepotError("invalid-address", `${uri} is one version, which cannot be written`, {
    uri,
    hint: "leave out ?versionId= to write the newest version",
  });
}
