/** Every copy held against its checksum; what is damaged goes, and is fetched again where somebody counts on it. */
import type { Cache, DamagedEntry } from "../../cache/index.ts";
import { formatUri } from "../../uri/index.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import { copyAt } from "../files.ts";
import type { CacheVerifyOptions, CacheVerifyReport, DamagedCopy } from "./types.ts";

const nothing = { objects: 0, sizeBytes: 0 };

export async function verifyOf(
  context: Context,
  cache: Cache | undefined,
  options: CacheVerifyOptions,
): Promise<CacheVerifyReport> {
  if (cache === undefined) return { checked: nothing, damaged: [] };
  const { repair = false, onProgress, folder } = options;
  if (options.refetch === true && !repair)
    throw new TypeError("refetch is part of repair: pass { repair: true, refetch: true }");
  const signal = signalOf(context, options);
  const address = folder === undefined ? undefined : formatUri(context.locate(folder, "read"));
  const done = { objects: 0, sizeBytes: 0 };
  const total = onProgress === undefined || address !== undefined ? undefined : await cache.stats();
  const onChecked = (uri: string | undefined, sizeBytes: number) => {
    done.objects += 1;
    done.sizeBytes += sizeBytes;
    onProgress?.({
      uri: uri ?? cache.dir,
      doneObjects: done.objects,
      totalObjects: total === undefined ? undefined : Math.max(total.objects, done.objects),
      doneBytes: done.sizeBytes,
      totalBytes: total === undefined ? undefined : Math.max(total.sizeBytes, done.sizeBytes),
    });
  };
  const { checked, damaged } = await cache.verify({ repair, address, signal, onChecked });
  const told: DamagedCopy[] = [];
  for (const each of damaged) told.push(await healed(context, each, options, signal));
  return { checked, damaged: told };
}

async function healed(
  context: Context,
  found: DamagedEntry,
  { refetch }: CacheVerifyOptions,
  signal: AbortSignal | undefined,
): Promise<DamagedCopy> {
  const { entry, removed, ...told } = found;
  const offline = context.settings.network === "offline";
  const wanted = removed && found.uri !== undefined && (refetch ?? (found.pinned && !offline));
  if (!wanted) return { ...told, outcome: removed ? "removed" : "kept", error: undefined };
  try {
    const place = await context.place(found.uri ?? "", "read");
    // of another endpoint or identity: this depot would fetch another object of the same name
    const isOurs = place.cached?.entryOf(place.key, place.versionId) === entry;
    if (!isOurs) return { ...told, outcome: "removed", error: new TypeError(otherSettings) };
    await (await copyAt(context, place, { signal })).close();
    return { ...told, outcome: "fetched", error: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...told, outcome: "removed", error: error instanceof Error ? error : new TypeError(String(error)) };
  }
}

const otherSettings = "it was read with other settings (endpoint, or as somebody else): read it again with those";
