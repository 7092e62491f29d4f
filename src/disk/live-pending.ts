/**
 * The pending files that this process is filling. They are never collected: not here, because they are known, and
 * not by other processes, because they are kept young while a slow writer thinks.
 */
import type { FsOperations } from "./fs-operations.ts";

/** A tenth of the shortest sensible age for collection (one hour), with room for a busy machine. */
const refreshMs = 5 * 60_000;

export class LivePending {
  readonly #fs: FsOperations;
  readonly #now: () => number;
  readonly #descriptors = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /** `now` gives milliseconds since 1970. */
  constructor(fs: FsOperations, now: () => number) {
    this.#fs = fs;
    this.#now = now;
  }

  has(path: string): boolean {
    return this.#descriptors.has(path);
  }

  add(path: string, fd: number): void {
    this.#descriptors.set(path, fd);
    this.#timer ??= setInterval(() => this.#refresh(), refreshMs).unref();
  }

  /** To be called before the descriptor closes. */
  delete(path: string): void {
    this.#descriptors.delete(path);
    if (this.#descriptors.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #refresh(): void {
    const seconds = this.#now() / 1000;
    for (const fd of this.#descriptors.values()) {
      try {
        this.#fs.futimes(fd, seconds, seconds);
      } catch {
        // Only its age is at stake; a disk in trouble shows when the file is written.
      }
    }
  }
}
