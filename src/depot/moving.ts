/**
 * Copy, move and remove: turns addresses, folders, globs and lists into jobs for `transfer/`.
 * A final `/` of a source means its contents, of a target into it. Nothing to copy is an error.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { isQueuedEtag } from "../store/index.ts";
import type { CarrySettings, CopyItem, Item, RemoveItem, TransferReport } from "../transfer/index.ts";
import { type Address, formatUri } from "../uri/index.ts";
import { isFolderAddress, isSources } from "./address-kind.ts";
import { Asked } from "./asked.ts";
import { assertMayWrite, signalOf } from "./calls.ts";
import { contentTypeOf } from "./content-type.ts";
import type { Context, Place } from "./context.ts";
import { carryOutAndTidy, isWhole } from "./emptied-folders.ts";
import type { Sources } from "./entries.ts";
import { Choice } from "./filters/choice.ts";
import { jobSettings } from "./jobs/job-settings.ts";
import { verbSettings } from "./jobs/verb-settings.ts";
import { LeftOut } from "./left-out.ts";
import type { CopyOptions, RemoveOptions } from "./moving-options.ts";
import { refusedNames } from "./names/refused-names.ts";
import { assertNoManifest } from "./names/unread-manifest.ts";
import type { TransferOptions } from "./options.ts";
import { type Source, type SourceOptions, sourcesOf } from "./sources.ts";
import { type Target, Targets } from "./targets.ts";
import { parseByteSize } from "./units.ts";

type CopyRequest = CopyOptions & {
  readonly move?: boolean | undefined;
  readonly asked?: Asked | undefined;
  readonly leftOut?: LeftOut | undefined;
  readonly choice?: Choice | undefined;
  /** Keep no journal: whoever calls begins in another way when it failed. */
  readonly isBegunAnew?: boolean | undefined;
};

export async function copyOf(
  context: Context,
  from: Address | Sources,
  to: Address,
  options: CopyRequest = {},
): Promise<TransferReport> {
  const { move } = options;
  const verb = move === true ? "move" : "copy";
  const how = verbSettings(verb, options);
  const named = await context.place(to, "write");
  assertMayWrite(context, named, move !== true);
  const signal = signalOf(context, options);
  const { asked = new Asked(), ...said } = options;
  const targets = await Targets.open(context, from, to, named, options);
  try {
    const leftOut = new LeftOut();
    const choice = new Choice();
    const items = leftOut.among(
      copyItems(context, from, targets, { ...options, signal, asked, leftOut, choice }),
      context.warn,
    );
    const call = { verb, from, to: targets.place, isContained: targets.areFiles, options: said } as const;
    const settings: CarrySettings = {
      ...transferSettings(context, options, asked, { from, to: named }),
      ...how,
      job: options.isBegunAnew === true ? undefined : await jobSettings(context, call),
      signal,
    };
    const left = move === true && !isSources(from) ? await folderNamed(context, from) : undefined;
    const report = await carryOutAndTidy(context, items, settings, { ...options, place: left });
    return withChoice(report, choice);
  } finally {
    await targets.close();
  }
}

async function* copyItems(
  context: Context,
  from: Address | Sources,
  targets: Targets,
  options: CopyRequest,
): AsyncGenerator<Item> {
  const { names = "refuse" } = options;
  const refused: EntrepotError[] = [];
  let found = 0;
  if (!isSources(from))
    assertApart(formatUri(context.locate(from, options.move === true ? "write" : "read")), targets.folder);
  for await (const source of sourcesOf(context, from, sourceOptions(context, options))) {
    if (isOwnResult(source, targets.folder)) continue;
    if (targets.areFiles && isMarker(source)) {
      // a disk has folders of its own; what marks one goes when all else has gone
      found += 1;
      if (options.move === true) yield removalOf(source);
      continue;
    }
    const target = await targets.of(source);
    if (target === undefined) {
      // the list of a moved folder's names stands for nothing without them
      if (options.move === true) yield removalOf(source);
      continue;
    }
    if (names === "refuse" && source.many && source.place.uri.startsWith("file:"))
      await assertNoManifest(context.disk, `/${source.key}`, source.place.uri);
    found += 1;
    const { problem } = target;
    if (refusesAll(problem, options)) refused.push(problem);
    else yield copyItem(source, target, options);
  }
  if (refused.length > 0) throw refusedNames(refused);
  if (found === 0 && options.choice?.isOfSomething !== true) throw nothing(context, from);
}

/** Also says what filters left out. */
export function withChoice<R extends TransferReport>(report: R, { leftOut, isThere }: Choice): R {
  return leftOut > 0 || isThere ? { ...report, leftOut } : report;
}

function removalOf({ place, sizeBytes = 0, etag }: Source): RemoveItem {
  return { kind: "remove", job: { what: place, sizeBytes, etag }, side: "source" };
}

function copyItem(source: Source, { to, problem }: Target, options: CopyRequest): CopyItem {
  const { place: from, sizeBytes, etag } = source;
  const why = source.problem ?? problem ?? unsent(source, options);
  return { kind: "copy", job: { from, to, sizeBytes, etag, contentType: contentTypeOf(to.key), problem: why } };
}

/** A name that the target cannot hold is one failure among others only for those who want what can be copied. */
function refusesAll(problem: EntrepotError | undefined, { onError = "throw" }: CopyRequest): problem is EntrepotError {
  return onError === "throw" && isEntrepotError(problem, "unrepresentable-name", "unsafe-key");
}

/** What a move takes away is looked for where writes go. Folder marks move; a copy makes none. */
function sourceOptions(context: Context, { move = false, markers = move, ...rest }: CopyRequest): SourceOptions {
  const chosen = { ...rest, markers };
  if (!move) return { ...chosen, use: "read" };
  return { ...chosen, use: "write", check: (place) => assertMayWrite(context, place) };
}

/** A folder onto itself is a mistake; a folder into one of its own is not, see `isOwnResult`. */
function assertApart(uri: string, targetFolder: string): void {
  if (uri !== targetFolder) return;
  throw new EntrepotError("invalid-address", `${uri} is both source and target`, {
    uri,
    hint: "name another target; nothing was changed",
  });
}

function isMarker({ many, key, sizeBytes }: Source): boolean {
  return many && key.endsWith("/") && sizeBytes === 0;
}

/** What lies in the target is left out where the source's folder holds the target: it would be copied again each time, a level deeper. */
function isOwnResult({ many, place, path }: Source, targetFolder: string): boolean {
  if (!many || !place.uri.startsWith(targetFolder)) return false;
  const sourceFolder = place.uri.split("/").slice(0, -path.split("/").length).join("/");
  return targetFolder.length > sourceFolder.length + 1;
}

/** A move of what waits would be half queued, half done: it is refused before either. */
function unsent({ place: { uri }, etag }: Source, { move }: CopyRequest): EntrepotError | undefined {
  if (move !== true || etag === undefined || !isQueuedEtag(etag)) return undefined;
  return new EntrepotError("busy", `${uri} has a change waiting to be sent, so it cannot be moved`, {
    uri,
    retryable: false,
    hint: "Send it first: entrepot offline push. Or take it back: entrepot offline discard. Nothing was copied or removed.",
  });
}

export async function removeOf(
  context: Context,
  what: Address | Sources,
  options: RemoveOptions = {},
): Promise<TransferReport> {
  const how = verbSettings("remove", options);
  const signal = signalOf(context, options);
  const asked = new Asked();
  const job = await jobSettings(context, { verb: "remove", from: what, options });
  const settings = { ...transferSettings(context, options, asked), ...how, job, signal };
  const place = isSources(what) ? undefined : await folderNamed(context, what);
  const leftOut = new LeftOut();
  const choice = new Choice();
  const found = removeItems(context, what, { ...options, signal, asked, leftOut, choice });
  const items = leftOut.among(found, context.warn);
  const report = await carryOutAndTidy(context, items, settings, { ...options, place, isWhole: isWhole(options) });
  return withChoice(report, choice);
}

/** Whose files go; `undefined` where no folder was named. */
async function folderNamed(context: Context, address: Address): Promise<Place | undefined> {
  const place = await context.place(address, "write");
  return isFolderAddress(address, place) ? place : undefined;
}

async function* removeItems(
  context: Context,
  what: Address | Sources,
  options: RemoveOptions & Required<Pick<SourceOptions, "asked" | "leftOut" | "choice">>,
): AsyncGenerator<RemoveItem> {
  const { recursive = false, ifMatch, markers } = options;
  const check = (place: Place, isFolder: boolean) => {
    assertMayWrite(context, place, true);
    if (isFolder && !recursive) throw notMeant(place);
  };
  for await (const source of sourcesOf(context, what, { ...options, use: "write", markers: true, check })) {
    if (markers === "only" && !isMarker(source)) continue;
    // Who says "recursive" of a name without its `/` means the folder, and would be told that it is gone.
    const meansFolder = recursive && source.namesFolder === true;
    const missing = source.problem?.code === "not-found" && ifMatch === undefined && !meansFolder;
    const problem = missing ? undefined : source.problem;
    const { place, sizeBytes = 0, etag: seenEtag } = source;
    yield { kind: "remove", job: { what: place, sizeBytes, seenEtag, exists: !missing, problem } };
  }
}

function notMeant({ uri }: Place): TypeError {
  return new TypeError(
    `${uri} is a folder: pass { recursive: true } to remove everything below it, or { bucket, key } to mean the object of this very name`,
  );
}

export function transferSettings(
  context: Context,
  options: TransferOptions,
  asked: Pick<Asked, "costs">,
  copies?: Sides,
): CarrySettings {
  const { dryRun, onPlan, onJob, onFile, onProgress, onError, maxRequests } = options;
  const concurrency = copies === undefined ? context.settings.concurrency : atOnce(context, copies);
  const maxBytes = options.maxBytes === undefined ? undefined : parseByteSize(options.maxBytes);
  return {
    dryRun,
    onPlan,
    onJob,
    onFile,
    onProgress,
    onError,
    concurrency,
    maxRequests,
    maxBytes,
    asked: () => asked.costs(),
    warn: context.warn,
    now: () => context.now(),
    answeredMs: () => context.answeredMs(),
  };
}

/** Files of this disk that are open at once, both sides of a copy counted; with those of the journal they are 64 at most. */
const openFiles = 60;

/** Both sides of what is copied; a list has no one address. */
export interface Sides {
  readonly from: Address | Sources | undefined;
  readonly to: Pick<Place, "location">;
}

/** How many objects may be on their way, or looked into. */
export function atOnce({ settings, locate }: Context, { from, to }: Sides): number {
  // a list may name files
  const source = from === undefined || isSources(from) ? "file" : locate(from, "read").scheme;
  const sides = [source, to.location.scheme].filter((scheme) => scheme === "file").length;
  return sides === 0 ? settings.concurrency : Math.min(settings.concurrency, openFiles / sides);
}

function nothing(context: Context, from: Address | Sources): EntrepotError {
  const uri = isSources(from) ? undefined : formatUri(context.locate(from, "read"));
  return new EntrepotError("not-found", `nothing to copy: ${uri ?? "the list"} holds no object`, {
    uri,
    hint: "list it to see what is there; a folder ends in /",
  });
}
