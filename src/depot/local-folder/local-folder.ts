/**
 * Several objects as files side by side: an index beside its data, the parts of one dataset. All or nothing; each is validated
 * and held as one local copy is.
 */
import { hash, randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import { runJobs } from "../../transfer/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { isSources } from "../address-kind.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import type { Sources } from "../entries.ts";
import { copyAt } from "../files.ts";
import { joinSignals } from "../join-signals.ts";
import type { Awaitable } from "../options.ts";
import { scratchName } from "../scratch-name.ts";
import { explainMissing } from "../sources.ts";
import type { LocalCopy, LocalFolder, LocalFolderFile, LocalFolderOptions } from "../verb-types.ts";
import { type Member, membersOf } from "./members.ts";
import { pathsOf } from "./names.ts";
import { sharedProgress } from "./progress.ts";

export async function localFolderOf(
  context: Context,
  from: Address | Sources,
  options: LocalFolderOptions = {},
): Promise<LocalFolder> {
  const signal = signalOf(context, options);
  const members = await membersOf(context, from, { ...options, signal });
  const outside = `${await context.scratchFolder()}/${randomUUID()}`;
  const path = `${outside}/${folderName(context, from)}`;
  const folder = new Folder(context, outside);
  try {
    await context.disk.makeFolder(path, 0o700);
    const paths = await pathsOf(path, members, () => isCaseBlind(context, path));
    const files = await folder.fill(members, paths, options, signal);
    const close = () => folder.close();
    return { path, etag: etagOf(files), files, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** The form that closes by itself. */
export async function withLocalFolder<T>(
  context: Context,
  from: Address | Sources,
  use: (path: string, signal: AbortSignal) => Awaitable<T>,
  options: LocalFolderOptions = {},
): Promise<T> {
  const folder = await localFolderOf(context, from, options);
  try {
    return await use(folder.path, signalOf(context, options) ?? new AbortController().signal);
  } finally {
    await folder.close();
  }
}

class Folder {
  readonly #context: Context;
  readonly #path: string;
  readonly #copies: LocalCopy[] = [];
  #closed: Promise<void> | undefined;

  constructor(context: Context, path: string) {
    this.#context = context;
    this.#path = path;
  }

  /** The first failure ends what is under way, and is thrown when all of that has ended. */
  async fill(
    members: readonly Member[],
    paths: readonly string[],
    options: LocalFolderOptions,
    signal: AbortSignal | undefined,
  ): Promise<readonly LocalFolderFile[]> {
    const failed = new AbortController();
    const progressOf = sharedProgress(members, options.onProgress);
    const request = { cache: options.cache, signal: joinSignals(failed.signal, signal) };
    const made = new Map<string, Promise<void>>();
    const files: LocalFolderFile[] = [];
    const { concurrency } = this.#context.settings;
    const fetchOne = async ([index, member]: readonly [number, Member]): Promise<void> => {
      try {
        const copy = await copyAt(this.#context, member.place, { ...request, onProgress: progressOf(member) });
        this.#copies.push(copy);
        const path = paths[index] ?? "";
        await onceFor(made, dirname(path), (folder) => this.#context.disk.makeFolder(folder, 0o700));
        await this.#put(copy, path, options);
        files[index] = { uri: member.place.uri, name: member.name, path, etag: copy.etag };
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    };
    try {
      await runJobs(each(members), Math.min(concurrency, members.length), fetchOne, request.signal);
      signal?.throwIfAborted();
    } catch (error) {
      signal?.throwIfAborted();
      const [only, ...others] = members;
      const isOne = only !== undefined && others.length === 0 && isEntrepotError(error);
      throw isOne ? await explainMissing(this.#context, only.place, error as EntrepotError, { signal }) : error;
    }
    return files;
  }

  async #put(copy: LocalCopy, path: string, { files = "link" }: LocalFolderOptions): Promise<void> {
    const { disk } = this.#context;
    if (files === "link") return disk.makeLink(path, copy.path);
    await disk.copyFile(copy.path, path);
    await copy.close();
  }

  /** The folder goes first: while a link is there, what it leads to is. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      await this.#context.disk.removeTree(this.#path);
    } finally {
      await Promise.all(this.#copies.map((copy) => copy.close()));
    }
  }
}

async function* each(members: readonly Member[]): AsyncGenerator<readonly [number, Member]> {
  yield* members.entries();
}

function onceFor(done: Map<string, Promise<void>>, key: string, work: (key: string) => Promise<void>): Promise<void> {
  const running = done.get(key) ?? work(key);
  done.set(key, running);
  return running;
}

/** Some tools go by the folder's suffix, e.g. `.zarr`. */
function folderName(context: Context, from: Address | Sources): string {
  if (isSources(from)) return "files";
  const uri = formatUri(context.locate(from, "read"));
  return uri.endsWith("/") ? scratchName(uri.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, "")) : "files";
}

async function isCaseBlind({ disk }: Context, folder: string): Promise<boolean> {
  await disk.makeFolder(`${folder}/case`, 0o700);
  try {
    return (await disk.stat(`${folder}/CASE`)) !== undefined;
  } finally {
    await disk.removeFolder(`${folder}/case`);
  }
}

function etagOf(files: readonly LocalFolderFile[]): string {
  const versions = files.map(({ name, etag }) => [name, etag]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return `"${hash("sha256", JSON.stringify(versions))}"`;
}
