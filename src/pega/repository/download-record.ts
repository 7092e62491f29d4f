/**
 * What was fetched into a folder so far, and which version of it: one line for each file, the last word on a key counts. It is added to
 * as files come, so that who is killed goes on; a line that was lost means that its file is fetched again, and no more.
 */
import { join } from "node:path";
import { type Disk, type FileStat, openNodeDisk, pegaFolderName } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** One file as it was when it had come. */
export interface Downloaded {
  /** The address of the repository. */
  readonly from: string;
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** Of the file here, nanoseconds as text. */
  readonly modifiedNs: string;
}

interface Waiting {
  readonly key: string;
  readonly file: Omit<Downloaded, "modifiedNs">;
  readonly stat: FileStat | undefined;
}

const fileName = "files.ndjson";
/** Lines that say nothing any more, from which on the list is written anew. */
const mostOutdated = 10_000;

export class DownloadRecord {
  readonly folder: string;
  readonly #disk: Disk;
  readonly #path: string;
  #known: Map<string, Downloaded> = new Map();
  /** Of files that this call has seen here. */
  readonly #fingerprints = new Map<string, string>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** `downloadDir` is absolute. */
  constructor(downloadDir: string, disk: Disk = openNodeDisk()) {
    this.#disk = disk;
    this.folder = downloadDir;
    this.#path = join(downloadDir, pegaFolderName, fileName);
  }

  /** Reads it. What cannot be understood is as if it were not there. Errors: those of the disk. */
  async load(): Promise<void> {
    this.#known = new Map();
    let lines = 0;
    for (const line of (await this.#text()).split("\n")) {
      const entry = parsed(line);
      if (entry === undefined) continue;
      lines += 1;
      this.#known.set(entry[0], entry[1]);
    }
    if (lines - this.#known.size > mostOutdated) await this.#rewrite();
  }

  /** Whether this version of a file lies here, whole and untouched. */
  async has(key: string, { from, etag, sizeBytes }: Pick<Downloaded, "from" | "etag" | "sizeBytes">): Promise<boolean> {
    const known = this.#known.get(key);
    if (known === undefined || known.from !== from || known.etag !== etag || known.sizeBytes !== sizeBytes)
      return false;
    const stat = await this.#disk.stat(join(this.folder, known.path));
    if (stat?.kind !== "file" || stat.sizeBytes !== sizeBytes || String(stat.modifiedNs) !== known.modifiedNs)
      return false;
    this.#fingerprints.set(key, fingerprintOf(stat));
    return true;
  }

  /** Of a file that `has` found here, or that was added; empty for others. */
  fingerprintOf(key: string): string {
    return this.#fingerprints.get(key) ?? "";
  }

  /** All that is known, by key, whether it is still here or not. */
  entries(): Iterable<readonly [string, Downloaded]> {
    return this.#known;
  }

  /** Where a file lies that is known. */
  pathOf(key: string): string | undefined {
    const known = this.#known.get(key);
    return known === undefined ? undefined : join(this.folder, known.path);
  }

  /** Notes a file that has come; written soon after, many at once. `stat` is that of the file here, where it is known. */
  add(key: string, file: Omit<Downloaded, "modifiedNs">, stat?: FileStat): void {
    this.#waiting.push({ key, file, stat });
    this.#writing ??= this.#write().catch((error: unknown) => {
      this.#failure ??= { error };
    });
  }

  /** Resolves when all is written. Errors: those of the disk. */
  async settle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #write(): Promise<void> {
    try {
      // what comes meanwhile goes along
      await Promise.resolve();
      while (this.#waiting.length > 0) {
        let text = "";
        for (const { key, file, stat: known } of this.#waiting.splice(0)) {
          const stat = known ?? (await this.#disk.stat(join(this.folder, file.path)));
          const whole = { ...file, modifiedNs: String(stat?.modifiedNs) };
          this.#known.set(key, whole);
          if (stat !== undefined) this.#fingerprints.set(key, fingerprintOf(stat));
          // another version than the listing said may have come: then it is asked for again
          if (stat?.sizeBytes === file.sizeBytes) text += lineOf(key, whole);
        }
        if (text !== "") await this.#append(text);
      }
    } finally {
      this.#writing = undefined;
    }
  }

  async #append(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    if ((await this.#disk.append(this.#path, bytes)) !== undefined) return;
    try {
      await this.#disk.writeFile(this.#path, bytes, { makeFolders: true, exclusive: true });
    } catch (error) {
      // another fetch began the list meanwhile
      if (!isEntrepotError(error, "already-exists")) throw error;
      await this.#disk.append(this.#path, bytes);
    }
  }

  async #rewrite(): Promise<void> {
    const lines = [...this.#known].map(([key, file]) => lineOf(key, file));
    await this.#disk.writeFile(this.#path, new TextEncoder().encode(lines.join("")));
  }

  async #text(): Promise<string> {
    try {
      return new TextDecoder().decode((await this.#disk.readFile(this.#path)).bytes);
    } catch (error) {
      if (isEntrepotError(error, "not-found")) return "";
      throw error;
    }
  }
}

function lineOf(key: string, { from, path, etag, sizeBytes, modifiedNs }: Downloaded): string {
  return `${JSON.stringify([key, from, path, etag, sizeBytes, modifiedNs])}\n`;
}

function parsed(line: string): [string, Downloaded] | undefined {
  try {
    const fields: unknown = JSON.parse(line);
    if (!Array.isArray(fields)) return undefined;
    const [key, from, path, etag, sizeBytes, modifiedNs] = fields as readonly unknown[];
    const texts = [key, from, path, etag, modifiedNs];
    if (!texts.every((text) => typeof text === "string") || typeof sizeBytes !== "number") return undefined;
    // one text where two are alike: there may be very many
    const file = { from, path: path === key ? key : path, etag, sizeBytes, modifiedNs } as Downloaded;
    return isBelow(file.path) ? [key as string, file] : undefined;
  } catch {
    return undefined;
  }
}

/** A list that somebody wrote does not lead out of the folder. */
function isBelow(path: string): boolean {
  return path !== "" && !path.split("/").some((segment) => segment === "" || segment === "." || segment === "..");
}
