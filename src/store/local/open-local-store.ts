/**
 * A folder of this machine as an object store. Files are ordinary: what other programs put there are objects, and what is
 * written here are plain files, published whole. It keeps no content type and no metadata, because files have none.
 */
import { dirname } from "node:path";
import {
  type Disk,
  type FileStat,
  openNodeDisk,
  type PendingFile,
  type ProcessTable,
  systemProcesses,
} from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { formatUri } from "../../uri/index.ts";
import { bodyChunks } from "../body-chunks.ts";
import { alreadyExists, checkNoVersion, checkRead, checkWrite, notFound } from "../conditions.ts";
import { fileSink } from "../file-sink.ts";
import { keepsParts } from "../keeps-parts.ts";
import { listPages, listSettings } from "../list-pages.ts";
import { metadataPairs } from "../metadata.ts";
import type {
  BodySink,
  CopySource,
  DeleteOptions,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  ReadResult,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";
import type { ResumableWrite, WrittenSoFar } from "../resumable-write.ts";
import { type Containment, containedIn } from "./containment.ts";
import { copySource } from "./copy-source.ts";
import { removeEmptyFolders } from "./empty-folders.ts";
import { FileLocks } from "./file-locks.ts";
import { fileEtag, fileInfo } from "./file-version.ts";
import { listFiles } from "./list-files.ts";
import { atUri, type FilePlace, fileInTheWay, folderInTheWay, noFile, placeOf } from "./object-path.ts";
import { absent, readFileInto } from "./read-file.ts";
import { bytesOf, discardKept } from "./reopen.ts";
import { TargetFolders } from "./target-folders.ts";

export interface LocalStoreOptions {
  /** Default: the machine's own. */
  readonly disk?: Disk | undefined;
  /** The folder, absolute; it need not exist. */
  readonly root: string;
  /** The root's address, ending in `/`. Default: the `file:` URL of `root`. */
  readonly uri?: string | undefined;
  /** Whether writes are on the disk, not only in its cache, when they resolve. Default true; about 1 ms each. */
  readonly durable?: boolean | undefined;
  /** Permission bits of new files. Default: those of the file that is replaced, else `0o666` less the umask. */
  readonly mode?: number | undefined;
  /** Permission bits of new folders. Default `0o777` less the umask. */
  readonly folderMode?: number | undefined;
  /** Refuse to write and to delete through links that lead out of this folder: unsafe-key. Default: links are followed, as by every program. */
  readonly containedIn?: string | undefined;
  /** Milliseconds since 1970, for how long locks are waited for. */
  readonly now?: (() => number) | undefined;
  /** Who may hold a lock. Default: the processes of this machine. */
  readonly processes?: ProcessTable | undefined;
}

/**
 * Opens the folder; nothing is touched until a method is called. Deleting leaves folders, which are not listed while empty
 * and give way to a file of their name. A symbolic link is read as what it points to; writing replaces the link.
 */
export function openLocalStore(options: LocalStoreOptions): ObjectStore {
  return new LocalStore(options);
}

class LocalStore implements ObjectStore {
  readonly uri: string;
  readonly #options: LocalStoreOptions;
  readonly #disk: Disk;
  readonly #locks: FileLocks;
  readonly #contained: Containment | undefined;
  readonly #folders: TargetFolders;

  constructor(options: LocalStoreOptions) {
    const {
      disk = openNodeDisk(),
      root,
      uri = formatUri({ scheme: "file", path: root }),
      now = Date.now,
      processes = systemProcesses(disk),
    } = options;
    this.uri = uri.endsWith("/") ? uri : `${uri}/`;
    this.#options = options;
    this.#disk = disk;
    this.#folders = new TargetFolders(disk);
    this.#locks = new FileLocks({ disk, processes, now });
    this.#contained = options.containedIn === undefined ? undefined : containedIn(disk, options.containedIn);
  }

  async read(key: string, sink: BodySink, options: ReadOptions = {}): Promise<ReadResult | "not-modified"> {
    const place = this.#place(key, options);
    return this.#at(place, () => readFileInto(this.#disk, place, sink, options));
  }

  async stat(key: string, options: Omit<ReadOptions, "range" | "ifNoneMatch"> = {}): Promise<ObjectInfo> {
    const place = this.#place(key, options);
    return this.#at(place, async () => {
      const stat = await this.#file(place);
      if (stat === undefined) throw await absent(this.#disk, place);
      checkRead(place.uri, fileEtag(stat), { ifMatch: options.ifMatch });
      return fileInfo(key, stat);
    });
  }

  async write(key: string, body: WriteBody, options: WriteOptions = {}): Promise<WriteResult> {
    const place = this.#place(key, options);
    // Not kept, but a mistake in it shows before the program meets another store.
    metadataPairs(options.metadata);
    return this.#publish(place, options, async (pending) => {
      for await (const chunk of bodyChunks(body, { uri: place.uri, signal: options.signal }))
        await pending.write(chunk);
    });
  }

  async receive(
    key: string,
    read: (sink: BodySink, written: WrittenSoFar) => Promise<ReadResult>,
    options: WriteOptions = {},
  ): Promise<{ readonly written: WriteResult; readonly result: ReadResult }> {
    let result: ReadResult | undefined;
    const written = await this.#publish(this.#place(key, options), options, async (pending) => {
      const sink = fileSink(pending);
      result = await read(sink, (start, end) => bytesOf(this.#disk, pending.path, start, end));
      await sink.finish();
    });
    return { written, result: result as ReadResult };
  }

  /** All that `fill` puts into the file, or nothing. */
  async #publish(
    place: FilePlace,
    options: WriteOptions,
    fill: (pending: PendingFile) => Promise<void>,
  ): Promise<WriteResult> {
    return this.#at(place, async () => {
      const before = await this.#writable(place);
      checkWrite(place.uri, before && fileEtag(before), options);
      const pending = await this.#pendingFor(place, before, options.resume);
      let isLeft = false;
      try {
        await fill(pending).catch((error: unknown) => {
          isLeft = options.resume !== undefined && keepsParts(error, options.signal);
          throw error;
        });
        options.signal?.throwIfAborted();
        const stat =
          before === undefined
            ? await this.#create(place, pending, options)
            : await this.#replace(place, pending, options);
        return { etag: fileEtag(stat), sizeBytes: stat.sizeBytes, versionId: undefined };
      } finally {
        await (isLeft ? pending.leave() : pending.discard());
      }
    });
  }

  async delete(key: string, options: DeleteOptions = {}): Promise<void> {
    const place = this.#place(key, options);
    await this.#at(place, async () => {
      await this.#contained?.(place.path);
      if ((await this.#file(place)) === undefined) {
        if (options.ifMatch !== undefined) throw notFound(place.uri);
        return;
      }
      await this.#locks.holding(place.path, options.signal, async () => {
        const stat = await this.#file(place);
        checkWrite(place.uri, stat && fileEtag(stat), { ifMatch: options.ifMatch });
        if (stat !== undefined) await this.#disk.removeFile(place.path);
      });
    });
  }

  async abandonWrite(key: string, begun: string): Promise<void> {
    const { path } = this.#place(key, {});
    await discardKept(this.#disk, dirname(path), begun);
  }

  list(options: ListOptions = {}): AsyncIterable<ListPage> {
    const settings = listSettings(options);
    return listPages(
      listFiles(this.#disk, this.#options.root, this.uri, { ...settings, onLeftOut: options.onLeftOut }),
      settings.pageSize,
      options.signal,
    );
  }

  async copyFrom(source: CopySource, key: string, options: WriteOptions = {}): Promise<WriteResult | undefined> {
    if (!(source.store instanceof LocalStore)) return undefined;
    const from = source.store.#place(source.key, { versionId: source.versionId, signal: options.signal });
    const opened = await this.#at(from, () => copySource(this.#disk, from, source.ifMatch));
    try {
      return await this.write(key, opened.body, options);
    } finally {
      await opened.close();
    }
  }

  async close(): Promise<void> {
    // Nothing is held between calls.
  }

  #place(
    key: string,
    options: { readonly signal?: AbortSignal | undefined; readonly versionId?: string | undefined },
  ): FilePlace {
    options.signal?.throwIfAborted();
    const place = placeOf(this.#options.root, this.uri, key);
    checkNoVersion(place.uri, options.versionId);
    return place;
  }

  async #at<T>(place: FilePlace, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw atUri(error, place.uri);
    }
  }

  async #file(place: FilePlace): Promise<FileStat | undefined> {
    const stat = await this.#disk.stat(place.path, { followLinks: true });
    return stat?.kind === "file" ? stat : undefined;
  }

  /** What a write would replace. Errors: unsupported for what is no file, unsafe-key. */
  async #writable(place: FilePlace): Promise<FileStat | undefined> {
    await this.#contained?.(place.path);
    const stat = await this.#disk.stat(place.path, { followLinks: true });
    if (stat?.kind !== "other") return stat?.kind === "file" ? stat : undefined;
    throw noFile(place);
  }

  async #pendingFor(
    place: FilePlace,
    before: FileStat | undefined,
    resume: ResumableWrite | undefined,
  ): Promise<PendingFile> {
    const { mode = before && before.mode & 0o777, folderMode: makeFolders = true } = this.#options;
    try {
      return await this.#folders.pendingIn(dirname(place.path), { mode, makeFolders }, resume);
    } catch (error) {
      throw fileInTheWay(place, error);
    }
  }

  /** Needs no lock: of several that make the same name, the system lets one win. */
  async #create(place: FilePlace, pending: PendingFile, options: WriteOptions): Promise<FileStat> {
    try {
      return await this.#commit(place, pending, options, true);
    } catch (error) {
      if (options.ifNoneMatch !== undefined || !isEntrepotError(error, "already-exists")) throw error;
      return this.#replace(place, pending, options);
    }
  }

  async #replace(place: FilePlace, pending: PendingFile, options: WriteOptions): Promise<FileStat> {
    return this.#locks.holding(place.path, options.signal, async () => {
      if (options.ifMatch !== undefined) {
        const stat = await this.#file(place);
        checkWrite(place.uri, stat && fileEtag(stat), options);
      }
      return this.#commit(place, pending, options, false);
    });
  }

  async #commit(
    place: FilePlace,
    pending: PendingFile,
    { modifiedMs }: WriteOptions,
    exclusive: boolean,
  ): Promise<FileStat> {
    const { durable = true } = this.#options;
    const commit = (): Promise<FileStat> => pending.commit(place.path, { durable, exclusive, modifiedMs });
    try {
      return await commit();
    } catch (error) {
      if (!isEntrepotError(error, "already-exists", "not-empty")) throw error;
      const there = await this.#disk.stat(place.path);
      if (there?.kind !== "folder") throw exclusive ? alreadyExists(place.uri) : error;
      if (await removeEmptyFolders(this.#disk, place.path)) return commit();
      throw folderInTheWay(place, error);
    }
  }
}
