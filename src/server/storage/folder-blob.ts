/** The bytes of a blob as one file under a random name: written aside, then renamed; read in pieces. */
import { randomBytes } from "node:crypto";
import type { Disk, PendingFile } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { FolderLayout } from "./folder-layout.ts";
import type { Blob } from "./records.ts";
import type { PendingBlob } from "./storage.ts";

const readBytes = 256 * 1024;

export class FolderBlob implements PendingBlob {
  readonly #disk: Disk;
  readonly #layout: FolderLayout;
  readonly #durable: boolean;
  readonly #id = randomBytes(16).toString("hex");
  #file: PendingFile | undefined;
  #sizeBytes = 0;

  constructor(disk: Disk, layout: FolderLayout, durable: boolean) {
    this.#disk = disk;
    this.#layout = layout;
    this.#durable = durable;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#file ??= await this.#disk.createPending(this.#layout.blobFolder(this.#id), { makeFolders: true });
    await this.#file.write(chunk);
    this.#sizeBytes += chunk.length;
  }

  /** An empty blob needs no file. */
  async finish(): Promise<Blob> {
    await this.#file?.commit(this.#layout.blob(this.#id), { durable: this.#durable });
    return { id: this.#id, sizeBytes: this.#sizeBytes };
  }

  async discard(): Promise<void> {
    await this.#file?.discard();
  }
}

/** Bytes `[start, end)` of the blobs laid end to end. Error: integrity when a file is not as long as its record says. */
export async function* readFolderBlobs(
  disk: Disk,
  layout: FolderLayout,
  blobs: readonly Blob[],
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const blob of blobs) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, blob.sizeBytes)];
    if (from < to) yield* readOne(disk, layout.blob(blob.id), blob, from, to);
    at += blob.sizeBytes;
  }
}

async function* readOne(disk: Disk, path: string, blob: Blob, from: number, to: number): AsyncGenerator<Uint8Array> {
  const file = await disk.openRead(path);
  try {
    if (file.stat.sizeBytes !== blob.sizeBytes) {
      throw new EntrepotError("integrity", `${path} is not ${blob.sizeBytes} bytes long, as its record says`, {
        hint: "the folder of the server has been changed by someone else",
      });
    }
    for (let position = from; position < to; ) {
      const piece = new Uint8Array(Math.min(readBytes, to - position));
      const read = await file.read(piece, position);
      if (read === 0) throw new EntrepotError("integrity", `${path} became shorter while it was read`);
      yield piece.subarray(0, read);
      position += read;
    }
  } finally {
    await file.close();
  }
}
