/** What is queued, read as if it were on the server already: who wrote it sees it. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { EntrepotError } from "../../error/index.ts";
import {
  type BodySink,
  checkRead,
  type ObjectInfo,
  type ReadOptions,
  type ReadResult,
  type RequestOptions,
  resolveRange,
} from "../../store/index.ts";
import type { Desk } from "../desk.ts";
import type { HeldCopy } from "../hold.ts";
import { suffixOf } from "../layout.ts";
import { giveTo } from "../read-whole.ts";
import type { QueuedWrite } from "./entry.ts";
import type { OutboxFolder } from "./outbox-folder.ts";
import { blocksOf, queuedBytes } from "./queued-bytes.ts";

/** What a server would say of it. */
export function queuedInfo({ key, etag, sizeBytes, createdMs, attributes }: QueuedWrite): ObjectInfo {
  const { tags: _, metadata = {}, ...described } = attributes;
  const lowered = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    key,
    sizeBytes,
    modifiedMs: createdMs,
    etag,
    versionId: undefined,
    ...described,
    metadata: Object.fromEntries(lowered),
  };
}

/** Errors as `ObjectStore.read`; integrity when what was queued is damaged. */
export async function readQueued(
  folder: OutboxFolder,
  stem: string,
  write: QueuedWrite,
  sink: BodySink,
  options: ReadOptions,
): Promise<ReadResult | "not-modified"> {
  const info = queuedInfo(write);
  if (checkRead(write.uri, info.etag, options) === "not-modified") return "not-modified";
  const whole = { start: 0, end: info.sizeBytes };
  const range = options.range === undefined ? whole : resolveRange(options.range, info.sizeBytes, write.uri);
  let begun = false;
  // Not before there is a byte: damage at the beginning then costs the sink nothing.
  const begin = () => {
    if (!begun) sink.start(info, range);
    begun = true;
  };
  if (range.end > range.start) {
    for await (const block of blocksOf(folder, stem, write, range.start, range.end)) {
      begin();
      await giveTo(sink, block, options.signal);
    }
  }
  begin();
  return { info, range, verified: "checksum" };
}

/** A file of its own: what a program does to it must not reach what will be sent. */
export async function holdQueued(
  desk: Desk,
  folder: OutboxFolder,
  stem: string,
  write: QueuedWrite,
  { signal }: RequestOptions,
): Promise<HeldCopy> {
  const { disk } = folder;
  const suffix = suffixOf(write.key);
  const target = await desk.tempDir();
  const pending = await disk.createPending(target, { suffix, mode: 0o600, makeFolders: 0o700 });
  try {
    for await (const chunk of queuedBytes(folder, stem, write).open()) {
      signal?.throwIfAborted();
      await pending.write(chunk);
    }
    const path = join(target, `entrepot-${randomBytes(16).toString("hex")}${suffix}`);
    await pending.commit(path);
    const close = async () => void (await disk.removeFile(path).catch((error) => desk.shelf.warn(error)));
    return { path, info: queuedInfo(write), verified: "checksum", close };
  } finally {
    await pending.discard();
  }
}

/** Missing, because of a removal that waits. */
export function removedHere(uri: string, id: string): EntrepotError {
  return new EntrepotError("not-found", `${uri} was removed here; the removal waits to be sent`, {
    uri,
    hint: `entrepot offline push sends it; entrepot offline discard ${id} takes it back`,
  });
}
