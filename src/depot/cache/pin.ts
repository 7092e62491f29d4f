/** Pinning: which objects an address or a list stands for, and bringing them close by. */
import type { CachedStore } from "../../cache/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { type KeepJob, keepObjects, type TransferReport } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import { isFolderAddress, isSources } from "../address-kind.ts";
import type { PinOptions } from "../cache-types.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import type { Sources } from "../entries.ts";
import { linearMatcher } from "../linear-matcher.ts";
import { listPins } from "./pin-lists.ts";
import { folderOrder, type Matches, memberOf, type Planned } from "./pin-order.ts";
import { pinPlace } from "./pin-place.ts";

export async function pinObjects(
  context: Context,
  what: Address | Sources,
  options: PinOptions = {},
): Promise<TransferReport> {
  const signal = signalOf(context, options);
  const { dryRun, onFile, onProgress, onError, match } = options;
  refuseOffline(context);
  const matches = match === undefined ? undefined : await linearMatcher(match);
  const orders = isSources(what)
    ? listPins(context, what, { match, matches, signal })
    : oneOrder(context, what, { ...options, signal }, matches);
  const { concurrency } = context.settings;
  const settings = {
    dryRun,
    onFile,
    onProgress,
    onError,
    signal,
    concurrency,
    warn: context.warn,
    now: () => context.now(),
    answeredMs: () => context.answeredMs(),
  };
  return keepObjects(jobs(orders, dryRun ?? false, signal), settings);
}

async function* oneOrder(
  context: Context,
  address: Address,
  { prefix = false, match, signal }: PinOptions,
  matches: Matches,
): AsyncGenerator<Planned> {
  const place = await pinPlace(context, address);
  if (prefix || isFolderAddress(address, place)) yield folderOrder(place, prefix ? "prefix" : "folder", match, matches);
  else yield await objectOrder(context, place, signal);
}

async function objectOrder(
  context: Context,
  place: Place & { readonly cached: CachedStore },
  signal: AbortSignal | undefined,
): Promise<Planned> {
  const { cached, uri, key, versionId } = place;
  const member = await memberOf(context, place, signal);
  if (isEntrepotError(member)) return { uri, problem: member };
  return { cached, request: { asked: { kind: "object", key, versionId }, uri, members: [member] } };
}

async function* jobs(
  orders: AsyncIterable<Planned>,
  dryRun: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<KeepJob> {
  for await (const order of orders) {
    if ("problem" in order) {
      yield failing(order.uri, order.problem);
      continue;
    }
    const pinning = await order.cached.pin({ ...order.request, signal });
    try {
      const { uri, asked } = order.request;
      // An empty bucket is one, and may be pinned for what comes; a folder is only what is in it.
      if (asked.key !== "" && asked.kind !== "list" && (await pinning.isOfNothing())) {
        yield failing(uri, nothingAt(uri, asked.match));
        continue;
      }
      if (!dryRun) await pinning.publish();
      for await (const { member, uri } of pinning.tasks()) {
        const isHere = () => pinning.isHere(member);
        yield { uri, sizeBytes: member.sizeBytes, isHere, keep: (here) => pinning.keep(member, here, signal) };
      }
    } finally {
      await pinning.close();
    }
  }
}

function failing(uri: string, problem: EntrepotError): KeepJob {
  const never = () => Promise.reject(problem);
  return { uri, problem, sizeBytes: 0, isHere: never, keep: never };
}

function nothingAt(uri: string, match: string | undefined): EntrepotError {
  const [what, hint] =
    match === undefined
      ? [`there is nothing at ${uri}`, "entrepot ls shows what there is"]
      : [`nothing at ${uri} matches ${match}`, "the pattern is matched with the path below the folder"];
  return new EntrepotError("not-found", `nothing to pin: ${what}`, { uri, hint });
}

function refuseOffline({ settings }: Context): void {
  if (settings.network !== "offline") return;
  throw new EntrepotError("unreachable", "Offline, nothing can be pinned: what is there cannot be asked", {
    retryable: false,
    hint: 'The network is switched off (ENTREPOT_NETWORK=offline, or network: "offline"); go online to pin. What is pinned: entrepot offline status',
  });
}
