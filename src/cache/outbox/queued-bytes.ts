/** The bytes of a queued write, each block checked before it is given and the whole before its last piece. */
import { createHash } from "node:crypto";
import type { ReadableFile } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { SizedSource } from "../../store/index.ts";
import { blockBytes, isBlock } from "../blocks.ts";
import type { QueuedWrite } from "./entry.ts";
import type { OutboxFolder } from "./outbox-folder.ts";

/** A body that can be sent, any number of times. Error while it is read: integrity. */
export function queuedBytes(folder: OutboxFolder, stem: string, write: QueuedWrite): SizedSource {
  const { sizeBytes } = write;
  const openRange = (start: number, end: number) => blocksOf(folder, stem, write, start, end);
  return { sizeBytes, open: () => openRange(0, sizeBytes), openRange };
}

/** It was sent or discarded before its first byte was read; what waits is to be looked for again. */
export class NoLongerQueued extends EntrepotError {}

/** Bytes `[start, end)`. Errors: integrity, before a wrong byte is given; `NoLongerQueued`, before the first. */
export async function* blocksOf(
  folder: OutboxFolder,
  stem: string,
  write: QueuedWrite,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { sizeBytes, blocks, sha256 } = write;
  const file = await opened(folder, stem, write);
  try {
    if (file.stat.sizeBytes !== sizeBytes) throw damaged(folder, stem, write);
    const whole = start === 0 && end === sizeBytes ? createHash("sha256") : undefined;
    const size = blockBytes(sizeBytes);
    for (let index = Math.floor(start / size); index * size < end; index += 1) {
      const at = index * size;
      const block = await readBlock(file, at, Math.min(size, sizeBytes - at));
      if (block === undefined || !isBlock(blocks, index, block)) throw damaged(folder, stem, write);
      whole?.update(block);
      const isLast = at + size >= end;
      if (isLast && whole !== undefined && whole.digest("hex") !== sha256) throw damaged(folder, stem, write);
      yield block.subarray(Math.max(start - at, 0), end - at);
    }
  } finally {
    await file.close();
  }
}

/** Reads all of it. Error: integrity. */
export async function checkBytes(folder: OutboxFolder, stem: string, write: QueuedWrite): Promise<void> {
  for await (const _ of blocksOf(folder, stem, write, 0, write.sizeBytes));
  if (write.sizeBytes > 0) return;
  const file = await opened(folder, stem, write);
  await file.close();
}

async function opened(folder: OutboxFolder, stem: string, write: QueuedWrite): Promise<ReadableFile> {
  const file = await folder.openData(stem);
  if (typeof file !== "string") return file;
  // Whoever takes a change away takes its record first.
  const isQueued = (await folder.disk.stat(folder.pathOf(stem, "json"))) !== undefined;
  if (file === "damaged" || isQueued) throw damaged(folder, stem, write);
  const { uri, id } = write;
  throw new NoLongerQueued("not-found", `${uri} no longer waits in the outbox as ${id}`, { uri });
}

async function readBlock(file: ReadableFile, at: number, sizeBytes: number): Promise<Uint8Array | undefined> {
  const block = new Uint8Array(sizeBytes);
  return (await file.read(block, at)) === sizeBytes ? block : undefined;
}

/** Kept, never sent. */
export function damaged(folder: OutboxFolder, stem: string, { uri, id }: { uri: string; id: string }): EntrepotError {
  return new EntrepotError("integrity", `${uri}: what was queued as ${id} is damaged, and is not sent`, {
    uri,
    retryable: false,
    hint: `It is kept as ${folder.pathOf(stem, "data")}; take what is right of it, then: entrepot offline discard ${id}`,
  });
}
