/**
 * Files that become objects: one that is there, or one that a callback makes. Whole or not at all.
 */
import { randomUUID } from "node:crypto";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayReplace, conditionOf, signalOf } from "./calls.ts";
import { encodeStream, namedFor } from "./compression.ts";
import type { Context, Place } from "./context.ts";
import { diskFile, diskPath } from "./disk-file.ts";
import type { Awaitable, EncodeOptions, LocalPath } from "./options.ts";
import { publish } from "./publish.ts";
import { scratchName } from "./scratch-name.ts";

export async function writeFromOf(
  context: Context,
  to: Address,
  source: LocalPath | ((path: string, signal: AbortSignal) => Awaitable<void>),
  options: EncodeOptions<"throw"> = {},
): Promise<Written> {
  conditionOf(options);
  const compress = options.compress ?? false;
  const place = await namedFor(context, await context.place(to, "write"), compress);
  assertMayReplace(context, place);
  if (typeof source !== "function") return send(context, place, diskPath(context, source), options, givenHint);
  const folder = `${await context.scratchFolder()}/${randomUUID()}`;
  const path = `${folder}/${scratchName(place.key)}`;
  await context.disk.makeFolder(folder, 0o700);
  try {
    await source(path, signalOf(context, options) ?? new AbortController().signal);
    return await send(context, place, path, options, callbackHint);
  } finally {
    await context.disk.removeTree(folder);
  }
}

const givenHint = "a bare name is a file below the working folder";
const callbackHint = "the callback must have written to the path that it was given";

async function send(
  context: Context,
  place: Place,
  path: string,
  options: EncodeOptions<"throw">,
  missingHint: string,
): Promise<Written> {
  const file = await diskFile(context.disk, path, missingHint);
  const { compress = false } = options;
  if (compress === false) return publish(context, place, file, options);
  const open = () => encodeStream(file.open(), place, compress);
  return publish(context, place, { sizeBytes: undefined, open }, options);
}
