/** Uploads in parts that nobody ended: whose they are, and their end. */
import { EntrepotError } from "../../error/index.ts";
import { largeOf, readHeader } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import { assertMayWrite, signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { uriOfKey } from "../listing.ts";
import { durationMs } from "../units.ts";
import { jobsPlace } from "./job-settings.ts";
import { listOf } from "./jobs.ts";
import { isSameService } from "./same-services.ts";
import type { StaleUpload, UploadsOptions } from "./types.ts";

export async function uploadsOf(
  context: Context,
  folder: Address,
  options: UploadsOptions = {},
): Promise<readonly StaleUpload[]> {
  return (await found(context, await context.place(folder, "write"), options)).map(({ upload }) => upload);
}

export async function abortUploadsOf(
  context: Context,
  folder: Address,
  options: UploadsOptions & { readonly dryRun?: boolean | undefined } = {},
): Promise<readonly StaleUpload[]> {
  const place = await context.place(folder, "write");
  assertMayWrite(context, place);
  const stale = (await found(context, place, options)).filter(({ upload }) => !upload.isRunning);
  if (options.dryRun !== true) {
    for (const { upload, key } of stale) {
      signalOf(context, options);
      await place.bucket?.abandonWrite?.(key, upload.uploadId);
    }
  }
  return stale.map(({ upload }) => upload);
}

interface Found {
  readonly upload: StaleUpload;
  readonly key: string;
}

/** Error: unsupported where there are no uploads in parts. */
async function found(context: Context, place: Place, options: UploadsOptions): Promise<readonly Found[]> {
  const { all = false, olderThan = 0 } = options;
  const list = place.bucket?.unfinishedUploads?.bind(place.bucket);
  if (list === undefined) {
    throw new EntrepotError("unsupported", `${place.uri} has no uploads in parts`, {
      uri: place.uri,
      hint: "name a bucket or a folder in one: s3://bucket/folder/",
    });
  }
  const beforeMs = context.now() - durationMs(olderThan);
  const known = await knownUploads(context);
  const uploads: Found[] = [];
  for await (const { key, uploadId, startedMs } of list({ prefix: place.key, signal: signalOf(context, options) })) {
    const job = known.get(uploadId);
    // One whose age nobody tells is as old as can be.
    if ((job === undefined && !all) || startedMs > beforeMs) continue;
    const uri = uriOfKey(place, key);
    uploads.push({ key, upload: { uri, uploadId, startedMs, jobId: job?.id, isRunning: job?.isRunning === true } });
  }
  return uploads;
}

/** By their ids, those that the journals here know. */
async function knownUploads(
  context: Context,
): Promise<ReadonlyMap<string, { readonly id: string; readonly isRunning: boolean }>> {
  const place = jobsPlace(context, undefined);
  const known = new Map<string, { readonly id: string; readonly isRunning: boolean }>();
  for (const { id, state } of await listOf(context)) {
    const header = (await readHeader(place.disk, `${place.folder}/${id}`)) ?? {};
    for (const { upload, target } of await largeOf(place, id)) {
      const uploadId = upload === undefined ? undefined : idIn(upload);
      // Of a bucket of the same name elsewhere they are another's.
      if (uploadId !== undefined && (await isSameService(context, header, target)))
        known.set(uploadId, { id, isRunning: state === "running" });
    }
  }
  return known;
}

function idIn(begun: string): string | undefined {
  try {
    const { id } = JSON.parse(begun) as { readonly id?: unknown };
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
