/** A folder of this disk becomes an archive anywhere, as a stream: nothing is visible until all of it is there. */
import { join, resolve } from "node:path";
import { type ArchiveFormat, earliestMs, folderEntries, formatOf, packed } from "../../archive/index.ts";
import { wrongValue } from "../../error/index.ts";
import type { TransferReport } from "../../transfer/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { assertMayReplace, conditionOf, signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { diskPath } from "../disk-file.ts";
import { linearMatcher } from "../linear-matcher.ts";
import type { LocalPath } from "../options.ts";
import { publish } from "../publish.ts";
import { ArchiveReport } from "./archive-report.ts";
import type { PackOptions } from "./types.ts";

export async function packOf(
  context: Context,
  fromDir: LocalPath,
  to: Address,
  options: PackOptions = {},
): Promise<TransferReport> {
  if (fromDir === undefined) throw wrongValue("the first argument", "pack()", "a folder of this disk", fromDir);
  conditionOf(options);
  const place = await context.place(to, "write");
  const format = formatOf(place.key, place.uri, options.format);
  assertMayReplace(context, place);
  return packInto(context, resolve(diskPath(context, fromDir)), place, format, options);
}

/** `folder` is an absolute path. */
export async function packInto(
  context: Context,
  folder: string,
  place: Place,
  format: ArchiveFormat,
  options: PackOptions,
): Promise<TransferReport> {
  const { dryRun = false, onProgress, match, modified } = options;
  const signal = signalOf(context, options);
  const report = new ArchiveReport(context, place.uri, options);
  const chosen = match && (await linearMatcher(match));
  // an archive that is made in its own folder is none of its files
  const except = place.location.scheme === "file" ? `/${place.key}` : undefined;
  const settings = { modified: modifiedMsOf(modified), chosen, except };
  const onSkipped = (path: string, reason: string) =>
    report.skipped(() => ({ uri: fileUri(folder, path), target: place.uri }), reason);
  const files = (told: boolean) =>
    folderEntries(context.disk, folder, { ...settings, onSkipped: told ? onSkipped : undefined });
  const planned = { objects: 0, sizeBytes: 0 };
  // whoever wants to see how far it is wants to know how much it will be
  if (dryRun || onProgress !== undefined) {
    for await (const { kind, path, sizeBytes } of files(dryRun)) {
      signal?.throwIfAborted();
      if (kind === "folder") continue;
      planned.objects += 1;
      planned.sizeBytes += sizeBytes;
      if (dryRun) report.file(() => ({ uri: fileUri(folder, path), target: place.uri }), sizeBytes);
    }
    report.expect(planned.objects, planned.sizeBytes);
  }
  if (dryRun) return report.done();
  async function* entries() {
    report.reset();
    for await (const entry of files(true)) {
      signal?.throwIfAborted();
      if (entry.kind === "folder") {
        yield entry;
        continue;
      }
      const open = () => counted(entry.open());
      yield { ...entry, open };
      report.file(() => ({ uri: fileUri(folder, entry.path), target: place.uri }), entry.sizeBytes);
    }
  }
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      report.bytes(chunk.length);
      yield chunk;
    }
  }
  const body = { sizeBytes: undefined, open: () => packed(entries(), format) };
  const written = await publish(context, place, body, { ...options, onProgress: undefined });
  return report.done(written);
}

function modifiedMsOf(modified: PackOptions["modified"]): number | "keep" {
  if (modified === undefined) return earliestMs;
  return modified === "keep" ? "keep" : modified.getTime();
}

function fileUri(folder: string, path: string): string {
  return formatUri({ scheme: "file", path: join(folder, path) });
}
