/**
 * Copy, move and remove: turns addresses, folders, globs and lists into jobs for `transfer/`.
 * A final `/` of a source means its contents, of a target into it. Nothing to copy is an error.
 */
import { compressionsOfName, plainName, suffixOfCompression } from "../codec/index.ts";
import { safeJoin } from "../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { isQueuedEtag } from "../store/index.ts";
import { type CopyItem, carryOut, type ObjectPlace, type RemoveItem, type TransferReport } from "../transfer/index.ts";
import { type Address, formatUri } from "../uri/index.ts";
import { Asked } from "./asked.ts";
import { assertMayWrite, conditionOf, signalOf } from "./calls.ts";
import { containedPlace } from "./containment.ts";
import { contentTypeOf } from "./content-type.ts";
import type { Context, Place } from "./context.ts";
import type { Sources } from "./entries.ts";
import { jobSettings } from "./jobs/job-settings.ts";
import { uriOfKey } from "./listing.ts";
import { objectPlace } from "./object-place.ts";
import type { Compression, TransferOptions, WriteCondition } from "./options.ts";
import { recoding } from "./recoding.ts";
import { isFolderAddress, isSources, type Source, type SourceOptions, sourcesOf } from "./sources.ts";
import { parseByteSize } from "./units.ts";

interface CopyRequest extends TransferOptions {
  readonly move?: boolean | undefined;
  readonly compress?: Compression | false | undefined;
  readonly decompress?: boolean | undefined;
  readonly asked?: Asked | undefined;
}

export async function copyOf(
  context: Context,
  from: Address | Sources,
  to: Address,
  options: CopyRequest & WriteCondition = {},
): Promise<TransferReport> {
  const { move, ...rest } = options;
  const condition = conditionOf(options);
  const named = await context.place(to, "write");
  assertMayWrite(context, named, move !== true);
  const target = contained(context, from, to, named);
  const signal = signalOf(context, options);
  const asked = new Asked();
  const targetIsFolder = isFolderAddress(to, target);
  const { match, compress, decompress } = options;
  const isContained = target !== named;
  const said = { match: match && String(match), compress, decompress, ...condition, targetIsFolder, isContained };
  const job = jobSettings(context, { verb: move === true ? "move" : "copy", from, to: target, options: said });
  return carryOut(copyItems(context, from, target, targetIsFolder, { ...rest, move, signal, asked }), {
    ...transferSettings(context, options, asked),
    job,
    condition,
    signal,
    move,
    recode: (job) => recoding(job, options),
  });
}

async function* copyItems(
  context: Context,
  from: Address | Sources,
  target: Place,
  targetIsFolder: boolean,
  options: CopyRequest,
): AsyncGenerator<CopyItem> {
  const taken = new Map<string, string>();
  let found = 0;
  const targetFolder = uriOfKey(target, folderKey(target.key));
  if (!isSources(from))
    assertApart(formatUri(context.locate(from, options.move === true ? "write" : "read")), targetFolder);
  for await (const source of sourcesOf(context, from, sourceOptions(context, options))) {
    if (isOwnResult(source, targetFolder)) continue;
    found += 1;
    const { to, refused } = targetFor(target, targetIsFolder, source, options);
    // only a list can name two objects alike; the objects of a folder differ, however many they are
    const twin = isSources(from) ? taken.get(to.key) : undefined;
    if (isSources(from)) taken.set(to.key, source.place.uri);
    const job = {
      from: source.place,
      to,
      sizeBytes: source.sizeBytes,
      etag: source.etag,
      contentType: contentTypeOf(to.key),
      problem: source.problem ?? refused ?? clash(source.place, to, twin) ?? unsent(source, options),
    };
    yield { kind: "copy", job };
  }
  if (found === 0) throw nothing(context, from);
}

/** A folder of this disk is written to as if no link led out of it; one file goes where it was sent. */
function contained(context: Context, from: Address | Sources, to: Address, target: Place): Place {
  const many = isSources(from) || /\/$/.test(formatUri(context.locate(from, "read")));
  return many || isFolderAddress(to, target) ? containedPlace(context, target) : target;
}

/** What a move takes away is looked for where writes go. Folder marks move; a copy makes none. */
function sourceOptions(context: Context, { move = false, match, signal, asked }: CopyRequest): SourceOptions {
  if (!move) return { use: "read", markers: false, match, signal, asked };
  return { use: "write", markers: true, match, signal, asked, check: (place) => assertMayWrite(context, place) };
}

/** Where an object goes; refused when its name would leave the target folder of this disk, or no file can bear it. */
function targetFor(
  target: Place,
  targetIsFolder: boolean,
  source: Source,
  options: CopyRequest,
): { readonly to: ObjectPlace; readonly refused: EntrepotError | undefined } {
  const into = source.many || targetIsFolder;
  const path = renamed(source.path, options, true);
  const key = into ? `${folderKey(target.key)}${path}` : renamed(target.key, options, false);
  try {
    if (target.location.scheme === "file" && into) safeJoin(`/${folderKey(target.key)}`, path);
    return { to: objectPlace(target, key), refused: undefined };
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    const { code, message, hint } = error;
    const refused = new EntrepotError(code, message, { uri: source.place.uri, hint, cause: error });
    return { to: { store: target.store, key, uri: target.uri }, refused };
  }
}

/** The suffix follows the compression; a name that was given loses none. */
function renamed(name: string, { compress, decompress }: CopyRequest, inherited: boolean): string {
  const plain = decompress === true && inherited ? plainName(name) : name;
  if (compress === undefined || compress === false || compressionsOfName(plain)[0] === compress) return plain;
  return `${plain}${suffixOfCompression(compress)}`;
}

/** A folder onto itself is a mistake; a folder into one of its own is not, see `isOwnResult`. */
function assertApart(uri: string, targetFolder: string): void {
  if (uri !== targetFolder) return;
  throw new EntrepotError("invalid-address", `${uri} is both source and target`, { uri });
}

/** What lies in the target is left out where the source holds the target: it would be copied for ever, a level deeper each time. */
function isOwnResult({ many, place }: Source, targetFolder: string): boolean {
  return many && place.uri.startsWith(targetFolder);
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

function clash(from: ObjectPlace, to: ObjectPlace, twin: string | undefined): EntrepotError | undefined {
  if (twin !== undefined) {
    return new EntrepotError("already-exists", `${from.uri} and ${twin} would both become ${to.uri}`, {
      uri: from.uri,
      hint: "copy them to different folders",
    });
  }
  if (from.uri !== to.uri) return undefined;
  return new EntrepotError("invalid-address", `${from.uri} is both source and target`, { uri: from.uri });
}

type RemoveRequest = TransferOptions & { readonly recursive?: boolean | undefined; readonly ifMatch?: string };

export async function removeOf(
  context: Context,
  what: Address | Sources,
  options: RemoveRequest = {},
): Promise<TransferReport> {
  const { ifMatch } = conditionOf(options);
  const signal = signalOf(context, options);
  const asked = new Asked();
  const { match, recursive } = options;
  const said = { match: match && String(match), recursive, ifMatch };
  const job = jobSettings(context, { verb: "remove", from: what, options: said });
  const settings = { ...transferSettings(context, options, asked), job, signal, ifMatch };
  return carryOut(removeItems(context, what, { ...options, signal, asked }), settings);
}

async function* removeItems(
  context: Context,
  what: Address | Sources,
  options: RemoveRequest & { readonly asked: Asked },
): AsyncGenerator<RemoveItem> {
  const { match, signal, asked, recursive = false, ifMatch } = options;
  const check = (place: Place, isFolder: boolean) => {
    assertMayWrite(context, place, true);
    if (isFolder && !recursive) throw notMeant(place);
  };
  for await (const source of sourcesOf(context, what, {
    use: "write",
    markers: true,
    match,
    signal,
    asked,
    check,
  })) {
    // Who says "recursive" of a name without its `/` means the folder, and would be told that it is gone.
    const meansFolder = recursive && source.namesFolder === true;
    const missing = source.problem?.code === "not-found" && ifMatch === undefined && !meansFolder;
    const problem = missing ? undefined : source.problem;
    const { place, sizeBytes = 0, etag } = source;
    yield { kind: "remove", job: { what: place, sizeBytes, etag, exists: !missing, problem } };
  }
}

function notMeant({ uri }: Place): TypeError {
  return new TypeError(
    `${uri} is a folder: pass { recursive: true } to remove everything below it, or { bucket, key } to mean the object of this very name`,
  );
}

function transferSettings(context: Context, options: TransferOptions, asked: Asked) {
  const { dryRun, onFile, onProgress, onError, maxRequests } = options;
  const { concurrency } = context.settings;
  const maxBytes = options.maxBytes === undefined ? undefined : parseByteSize(options.maxBytes);
  return {
    dryRun,
    onFile,
    onProgress,
    onError,
    concurrency,
    maxRequests,
    maxBytes,
    asked: () => asked.costs(),
    warn: context.warn,
    now: () => context.now(),
  };
}

function folderKey(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}

function nothing(context: Context, from: Address | Sources): EntrepotError {
  const uri = isSources(from) ? undefined : formatUri(context.locate(from, "read"));
  return new EntrepotError("not-found", `nothing to copy: ${uri ?? "the list"} holds no object`, {
    uri,
    hint: "list it to see what is there; a folder ends in /",
  });
}
