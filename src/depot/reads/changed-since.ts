/** What of some reads would be another today: asked by ETag, in few requests, without fetching what may be as it was. */
import { isEntrepotError, wrongValue } from "../../error/index.ts";
import type { ObjectInfo } from "../../store/index.ts";
import { parseUri, resolveGlob } from "../../uri/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { addressContext } from "../locate.ts";
import type { SignalOptions } from "../options.ts";
import type { ChangedRead } from "./changed-read.ts";
import { compareObject, whyUnknown } from "./compare.ts";
import { inBatches } from "./in-batches.ts";
import { type Again, compareListing } from "./list-again.ts";
import { askTogether } from "./list-batch.ts";
import type { SeenFailure, SeenListing, SeenRead } from "./seen-read.ts";

/** In the order of `reads`. Rejects for an abort only. */
export async function changedSinceOf(
  context: Context,
  again: Again,
  reads: readonly SeenRead[],
  options: SignalOptions = {},
): Promise<ChangedRead[]> {
  if (!Array.isArray(reads)) throw wrongValue("the first argument", "changedSince()", "an array of reads", reads);
  const signal = signalOf(context, options);
  const changed = new Map<SeenRead, ChangedRead>();
  const asked: SeenRead[] = [];
  const origins = originsOf(context);
  for (const read of reads) {
    const elsewhere = await unanswerable(origins, read, signal);
    if (elsewhere === undefined) asked.push(read);
    else changed.set(read, elsewhere);
  }
  const work = jobsOf(context, again, asked, signal);
  const next = async () => {
    for (let job = work.pop(); job !== undefined; job = work.pop()) {
      for (const each of await job()) changed.set(each.read, each);
      signal?.throwIfAborted();
    }
  };
  await Promise.all(Array.from({ length: Math.min(context.settings.concurrency, work.length) }, next));
  return reads.flatMap((read) => changed.get(read) ?? []);
}

/** Of addresses by store, each asked for once. */
function originsOf(context: Context): (read: SeenRead) => Promise<string | undefined> {
  const known = new Map<string, Promise<string | undefined>>();
  return (read) => {
    const patterns = read.kind === "listing" ? (read.options.patterns ?? []) : [];
    const globs = patterns.map((pattern) => resolveGlob(pattern, addressContext(context.settings, "read")).folder);
    const locations = globs.length === 0 ? [parseUri(read.uri)] : globs;
    const name = JSON.stringify(locations.map((each) => [each.scheme, "bucket" in each ? each.bucket : ""]));
    const origin = known.get(name) ?? context.originOf(locations);
    known.set(name, origin);
    return origin;
  };
}

/** What was read of another store nobody here can tell of, whatever lies at that address in this one. */
async function unanswerable(
  originOf: (read: SeenRead) => Promise<string | undefined>,
  read: SeenRead,
  signal: AbortSignal | undefined,
): Promise<ChangedRead | undefined> {
  if (read.kind === "failed") return { read, why: `it could not be read (${read.code})`, kind: "unknown" };
  const { origin } = read;
  if (origin === undefined) return undefined;
  const [changed] = await orUnknown(read, signal, async () => {
    const here = await originOf(read);
    if (here === origin) return undefined;
    const why = `it was read at another store (${origin}${here === undefined ? "" : `, not ${here}`}), which nobody here asks`;
    return { read, why, kind: "unknown" };
  });
  return changed;
}

type Job = () => Promise<readonly ChangedRead[]>;
type Single = Exclude<SeenRead, SeenListing | SeenFailure>;

function jobsOf(context: Context, again: Again, reads: readonly SeenRead[], signal: AbortSignal | undefined): Job[] {
  const single = reads.filter((read): read is Single => read.kind !== "listing" && read.kind !== "failed");
  const listings = reads.filter((read) => read.kind === "listing");
  return [
    ...inBatches(single, context.settings.network !== "offline").map(
      (batch): Job =>
        async () =>
          batch.length === 1 ? askEach(context, batch, signal) : askTogether(context, batch, signal, askEach),
    ),
    ...listings.map(
      (read): Job =>
        () =>
          orUnknown(read, signal, () => compareListing(context, again, read, signal)),
    ),
  ].reverse();
}

async function askEach(
  context: Context,
  reads: readonly Single[],
  signal: AbortSignal | undefined,
): Promise<readonly ChangedRead[]> {
  const changed: ChangedRead[] = [];
  const atOnce = context.settings.concurrency;
  for (let from = 0; from < reads.length; from += atOnce) {
    const some = reads.slice(from, from + atOnce);
    const found = await Promise.all(some.map((read) => orUnknown(read, signal, () => askOne(context, read, signal))));
    changed.push(...found.flat());
  }
  return changed;
}

async function askOne(
  context: Context,
  read: Single,
  signal: AbortSignal | undefined,
): Promise<ChangedRead | undefined> {
  const place = await context.placeOf(parseUri(read.uri));
  // one version never becomes another
  if (place.versionId !== undefined && read.kind === "object") return undefined;
  return compareObject(place, read, await lookAt(place, signal), signal);
}

async function lookAt(place: Place, signal: AbortSignal | undefined): Promise<ObjectInfo | undefined> {
  try {
    return await (place.cached ?? place.store).stat(place.key, { signal, versionId: place.versionId });
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}

async function orUnknown<R extends SeenRead>(
  read: R,
  signal: AbortSignal | undefined,
  ask: () => Promise<ChangedRead | undefined>,
): Promise<readonly ChangedRead[]> {
  try {
    const changed = await ask();
    return changed === undefined ? [] : [changed];
  } catch (error) {
    signal?.throwIfAborted();
    if (!isEntrepotError(error)) throw error;
    return [{ read, why: whyUnknown(error), kind: "unknown" }];
  }
}
