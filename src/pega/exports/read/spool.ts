/** JSON lines of several exports on this disk, one behind the other, and how many rows each has: so that they are read in one go. */
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Disk, HeldFolders, openNodeDisk, type PendingFile } from "../../../disk/index.ts";

const feed = 0x0a;
const gatheredBytes = 256 * 1024;

/** A folder for one call, below the system's own. */
export class Scratch {
  readonly disk: Disk = openNodeDisk();
  readonly #folders = new HeldFolders({ above: tmpdir(), prefix: "entrepot-pega-", disk: this.disk });
  #made: Promise<string> | undefined;

  /** A path in it that nothing bears. */
  async path(): Promise<string> {
    this.#made ??= this.#folders.sweepAndMake();
    return join(await this.#made, randomUUID());
  }

  async openSpool(): Promise<Spool> {
    const path = await this.path();
    return new Spool(this.disk, path, await this.disk.createPending(dirname(path), { mode: 0o600 }));
  }

  /** Writes a stream to a file of its own; gives its path. */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<string> {
    const path = await this.path();
    const pending = await this.disk.createPending(dirname(path), { mode: 0o600 });
    try {
      for await (const chunk of chunks) await pending.write(chunk);
      await pending.commit(path);
    } finally {
      await pending.discard();
    }
    return path;
  }

  async close(): Promise<void> {
    const folder = await this.#made?.catch(() => undefined);
    if (folder !== undefined) await this.disk.removeTree(folder);
  }
}

export class Spool {
  readonly path: string;
  readonly #disk: Disk;
  readonly #pending: PendingFile;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  sizeBytes = 0;

  constructor(disk: Disk, path: string, pending: PendingFile) {
    this.#disk = disk;
    this.path = path;
    this.#pending = pending;
  }

  /** Adds lines; gives their number, blank ones not counted. */
  async add(lines: AsyncIterable<Uint8Array>): Promise<number> {
    let rows = 0;
    let isBlank = true;
    let last = feed;
    for await (const chunk of lines) {
      for (let from = 0; from < chunk.length; ) {
        const end = chunk.indexOf(feed, from);
        const to = end === -1 ? chunk.length : end;
        if (isBlank && hasText(chunk, from, to)) isBlank = false;
        if (end !== -1) {
          if (!isBlank) rows += 1;
          isBlank = true;
        }
        from = to + 1;
      }
      last = chunk.at(-1) ?? last;
      await this.#write(chunk);
    }
    if (last !== feed) await this.#write(Uint8Array.of(feed));
    return isBlank ? rows : rows + 1;
  }

  /** No more comes: it is a file then. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#pending.commit(this.path);
  }

  async remove(): Promise<void> {
    await this.#pending.discard();
    await this.#disk.removeFile(this.path);
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.sizeBytes += chunk.length;
    if (this.#waitingBytes >= gatheredBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    const all = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (all.length > 0) await this.#pending.write(all.length === 1 ? (all[0] as Uint8Array) : Buffer.concat(all));
  }
}

function hasText(chunk: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = chunk[at];
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return true;
  }
  return false;
}
