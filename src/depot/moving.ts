/**
 * Copy, move and remove: turns addresses, folders, globs and lists into jobs for `transfer/`.
 * A final `/` of a source means its contents, of a target into it. Nothing to copy is an error.
 */
import { safeJoin } from "../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import {
  type CopyJob,
  type ObjectPlace,
  type RemoveJob,
  removeObjects,
  type TransferReport,
  transferObjects,
} from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayWrite, conditionOf, signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { Sources } from "./depot.ts";
import { objectPlace } from "./object-place.ts";
import type { TransferOptions, WriteCondition } from "./options.ts";
import { isLiteral, isSources, type Source, sourcesOf } from "./sources.ts";

export async function copyOf(
  context: Context,
  from: Address | Sources,
  to: Address,
  options: TransferOptions & WriteCondition & { readonly move?: boolean | undefined } = {},
): Promise<TransferReport> {
  const target = await context.place(to, "write");
  assertMayWrite(context, target);
  const signal = signalOf(context, options);
  const settings = { ...transferSettings(context, options), ...conditionOf(options), signal, move: options.move };
  return transferObjects(copyJobs(context, from, target, isLiteral(to), { ...options, signal }), settings);
}

async function* copyJobs(
  context: Context,
  from: Address | Sources,
  target: Place,
  literalTarget: boolean,
  options: TransferOptions & { readonly move?: boolean | undefined },
): AsyncGenerator<CopyJob> {
  const taken = new Map<string, string>();
  let found = 0;
  for await (const source of sourcesOf(context, from, options)) {
    found += 1;
    const into = source.many || (!literalTarget && (target.key === "" || target.key.endsWith("/")));
    const key = into ? `${folderKey(target.key)}${source.path}` : target.key;
    const { to, refused } = targetFor(target, key, into ? source : undefined);
    // only a list can name two objects alike; the objects of a folder differ, however many they are
    const twin = isSources(from) ? taken.get(key) : undefined;
    if (isSources(from)) taken.set(key, source.place.uri);
    if (options.move === true) assertMayWrite(context, source.origin);
    yield {
      from: source.place,
      to,
      sizeBytes: source.sizeBytes,
      etag: source.etag,
      problem: source.problem ?? refused ?? clash(source.place, to, twin),
    };
  }
  if (found === 0) throw nothing(context, from);
}

/** Where an object goes; refused when its name would leave the target folder of this disk, or no file can bear it. */
function targetFor(
  target: Place,
  key: string,
  below: Source | undefined,
): { readonly to: ObjectPlace; readonly refused: EntrepotError | undefined } {
  try {
    if (target.location.scheme === "file" && below !== undefined) safeJoin(`/${folderKey(target.key)}`, below.path);
    return { to: objectPlace(target, key), refused: undefined };
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    const { code, message, hint } = error;
    const refused = new EntrepotError(code, message, { uri: below?.place.uri ?? target.uri, hint, cause: error });
    return { to: { store: target.store, key, uri: target.uri }, refused };
  }
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

export async function removeOf(
  context: Context,
  what: Address | Sources,
  options: TransferOptions & { readonly recursive?: boolean | undefined; readonly ifMatch?: string } = {},
): Promise<TransferReport> {
  const { ifMatch } = conditionOf(options);
  const signal = signalOf(context, options);
  return removeObjects(removeJobs(context, what, { ...options, signal }), {
    ...transferSettings(context, options),
    signal,
    ifMatch,
  });
}

async function* removeJobs(
  context: Context,
  what: Address | Sources,
  options: TransferOptions & { readonly recursive?: boolean | undefined; readonly ifMatch?: string },
): AsyncGenerator<RemoveJob> {
  if (!isSources(what)) await assertRecursive(context, what, options.recursive);
  for await (const source of sourcesOf(context, what, options)) {
    assertMayWrite(context, source.origin);
    const missing = source.problem?.code === "not-found" && options.ifMatch === undefined;
    yield {
      what: source.place,
      sizeBytes: source.sizeBytes ?? 0,
      exists: !missing,
      problem: missing ? undefined : source.problem,
    };
  }
}

async function assertRecursive(context: Context, what: Address, recursive: boolean | undefined): Promise<void> {
  if (isLiteral(what) || recursive === true) return;
  const place = await context.place(what, "write");
  if (place.key !== "" && !place.key.endsWith("/")) return;
  throw new TypeError(
    `${place.uri} is a folder: pass { recursive: true } to remove everything below it, or { bucket, key } to mean the object of this very name`,
  );
}

function transferSettings(context: Context, options: TransferOptions) {
  const { dryRun, onFile, onProgress, onError } = options;
  return {
    dryRun,
    onFile,
    onProgress,
    onError,
    concurrency: context.settings.concurrency,
    warn: context.warn,
    now: () => context.now(),
  };
}

function folderKey(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}

function nothing(context: Context, from: Address | Sources): EntrepotError {
  const uri = isSources(from) ? undefined : context.locate(from, "read");
  const text =
    uri === undefined ? "none of the sources" : uri.scheme === "s3" ? `s3://${uri.bucket}/${uri.key}` : "the source";
  return new EntrepotError("not-found", `nothing to copy: ${text} holds no object`, {
    hint: "list it to see what is there; a folder ends in /",
  });
}
