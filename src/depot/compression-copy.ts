/**
 * A copy that changes the compression of one object on its way, and its suffix with it: `a.csv` to `a.csv.gz` and back.
 */
import { compressionsOfName, plainName } from "../codec/index.ts";
import { EntrepotError } from "../error/index.ts";
import type { TransferReport } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { conditionOf } from "./calls.ts";
import type { Context } from "./context.ts";
import type { Sources } from "./depot.ts";
import type { Compression, TransferOptions, WriteCondition } from "./options.ts";
import { readStreamOf, writeStreamOf } from "./raw.ts";

type Options = TransferOptions &
  WriteCondition & { readonly compress?: Compression | false | undefined; readonly decompress?: boolean | undefined };

/** Errors: unsupported for folders and lists, which are copied one by one. */
export async function compressionCopy(
  context: Context,
  from: Address | Sources,
  to: Address,
  options: Options,
): Promise<TransferReport> {
  const startMs = context.now();
  if (Array.isArray(from) || (typeof from === "object" && Symbol.asyncIterator in from)) throw oneObject();
  const source = await context.place(from as Address, "read");
  const target = await context.place(to, "write");
  if (source.key === "" || source.key.endsWith("/")) throw oneObject();
  const stored = options.decompress === true ? plainName(source.key) : source.key;
  const into = target.key === "" || target.key.endsWith("/");
  const name = into ? target.key + stored.slice(stored.lastIndexOf("/") + 1) : target.key;
  const { location } = target;
  const place =
    location.scheme === "file"
      ? await context.placeOf({ ...location, path: `/${name}` })
      : "key" in location
        ? await context.placeOf({ ...location, key: name })
        : target;
  const encodings = compressionsOfName(source.key).length;
  if (options.decompress === true && encodings === 0)
    throw new EntrepotError("unsupported", `${source.uri} has no suffix of a compression`, {
      uri: source.uri,
      hint: "leave out decompress",
    });
  const chunks = readStreamOf(context, from as Address, {
    signal: options.signal,
    decompress: options.decompress === true ? "by-suffix" : false,
    cache: "bypass",
  });
  const { signal, onProgress } = options;
  const target2 =
    options.dryRun === true
      ? undefined
      : await writeStreamOf(context, place.uri, chunks, {
          signal,
          onProgress,
          compress: options.compress ?? false,
          ...conditionOf(options),
        } as never);
  const sizeBytes = target2?.sizeBytes ?? 0;
  options.onFile?.({
    uri: source.uri,
    target: target2?.uri ?? place.uri,
    action: "copy",
    status: options.dryRun === true ? "planned" : "done",
    sizeBytes,
    error: undefined,
  });
  const none = { objects: 0, sizeBytes: 0 };
  return {
    dryRun: options.dryRun ?? false,
    written: target2,
    copied: { objects: 1, sizeBytes },
    skipped: none,
    removed: none,
    failed: [],
    elapsedMs: context.now() - startMs,
  };
}

function oneObject(): EntrepotError {
  return new EntrepotError("unsupported", "compress and decompress are for a copy of one object", {
    hint: "list the folder and copy each",
  });
}
