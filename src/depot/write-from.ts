/**
 * Files that become objects: one that is there, or one that a callback makes. Whole or not at all.
 */
import { randomUUID } from "node:crypto";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayWrite, conditionOf, signalOf } from "./calls.ts";
import { encodeStream, namedFor } from "./compression.ts";
import { contentTypeOf } from "./content-type.ts";
import type { Context, Place } from "./context.ts";
import { diskFile, diskPath } from "./disk-file.ts";
import type { Awaitable, EncodeOptions, LocalPath } from "./options.ts";
import { scratchName } from "./scratch-name.ts";
import { spool } from "./spool.ts";

export async function writeFromOf(
  context: Context,
  to: Address,
  source: LocalPath | ((path: string, signal: AbortSignal) => Awaitable<void>),
  options: EncodeOptions<"throw"> = {},
): Promise<Written> {
  conditionOf(options);
  const compress = options.compress ?? false;
  const place = await namedFor(context, await context.place(to, "write"), compress);
  assertMayWrite(context, place);
  if (typeof source !== "function") return publish(context, place, diskPath(context, source), options);
  const folder = `${await context.scratchFolder()}/${randomUUID()}`;
  const path = `${folder}/${scratchName(place.key)}`;
  await context.disk.makeFolder(folder, 0o700);
  try {
    await source(path, signalOf(context, options) ?? new AbortController().signal);
    return await publish(context, place, path, options);
  } finally {
    await context.disk.removeTree(folder);
  }
}

async function publish(
  context: Context,
  place: Place,
  path: string,
  options: EncodeOptions<"throw">,
): Promise<Written> {
  const signal = signalOf(context, options);
  const file = await diskFile(context.disk, path, place.uri);
  const compress = options.compress ?? false;
  if (compress !== false) {
    const spooled = await spool(context, encodeStream(file.open(), place, compress), signal);
    try {
      return await send(place, spooled, options, signal);
    } finally {
      await spooled.close();
    }
  }
  return send(place, file, options, signal);
}

async function send(
  place: Place,
  body: { readonly sizeBytes: number; open(): AsyncIterable<Uint8Array> },
  options: EncodeOptions<"throw">,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const { etag, sizeBytes, versionId } = await (place.cached ?? place.store).write(place.key, body, {
    signal,
    contentType: options.contentType ?? contentTypeOf(place.key),
    metadata: options.metadata,
    ...conditionOf(options),
  });
  options.onProgress?.({
    uri: place.uri,
    doneObjects: 1,
    totalObjects: 1,
    doneBytes: sizeBytes,
    totalBytes: sizeBytes,
  });
  return { uri: place.uri, etag, sizeBytes, versionId };
}
